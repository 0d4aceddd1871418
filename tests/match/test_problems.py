import pytest

from scan.declare import Problem
from scan.match.problems import problems
from scan.match.search import Search, Words


def found(search: Search) -> list[tuple[tuple[str | int, ...], str]]:
    return [(problem.path, problem.message) for problem in problems(search)]


def test_a_sound_search_has_no_problems() -> None:
    search = Search(
        name="one",
        words=Words(any=("python", "c++", "senior manager"), all=("remote",), none=("senior", "re:\\bunpaid\\b")),
        fields={"title": Words(any=("senior",)), "url": Words(none=("x",))},
        where="attributes.salary_max >= 90000",
    )
    assert found(Search(name="one")) == []
    assert found(search) == [(("title", "any"), "can never hold: 'senior' under none leaves nothing of it")]
    assert found(Search(name="one", words=search.words, where=search.where)) == []


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("", "is empty; give a word, a phrase or re: and a pattern"),
        (" \n", "is empty; give a word, a phrase or re: and a pattern"),
        ("\u200b\u0301", "is empty; give a word, a phrase or re: and a pattern"),
        ("re:", "the pattern is empty; write one after re:"),
        ("re:a(", "is not an RE2 pattern: missing ): a("),
        ("re:(?<=x)y", "is not an RE2 pattern: invalid perl operator: (?<= (RE2 has no look-around)"),
        ("re:x{1001}", "is not an RE2 pattern: invalid repetition size: {1001}"),
        ("re:x*", "the pattern is found in every text; make it need at least one character"),
        ("re:a|", "the pattern is found in every text; make it need at least one character"),
        ("re:" + "x" * 1001, "the pattern has 1001 characters; at most 1000 are allowed"),
    ],
)
def test_a_term_that_finds_nothing_or_everything_is_a_problem(term: str, message: str) -> None:
    assert found(Search(name="one", words=Words(any=("go", term)))) == [(("any", 1), message)]
    assert found(Search(name="one", fields={"title": Words(none=("go", term))})) == [(("title", "none", 1), message)]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (Words(all=("go", "Remote"), none=("remote",)), ("all", 1)),
        (Words(all=("café",), none=("CAFE",)), ("all", 0)),
        (Words(all=("senior engineer",), none=("senior",)), ("all", 0)),
        (Words(any=("senior engineer", "senior"), none=("senior",)), ("any",)),
        (Words(all=("re:x+",), none=("re:x+",)), ("all", 0)),
        (Words(all=("senior",), none=("senior engineer",)), None),
        (Words(any=("senior engineer", "go"), none=("senior",)), None),
        (Words(all=("javascript",), none=("java",)), None),
        (Words(all=("c++",), none=("c",)), None),
        (Words(all=("xx",), none=("re:x+",)), None),
    ],
)
def test_a_search_that_never_holds_is_a_problem(words: Words, path: tuple[str | int, ...] | None) -> None:
    assert [one for one, _ in found(Search(name="one", words=words))] == ([] if path is None else [path])


def test_a_contradiction_needs_none_to_look_wherever_the_word_may_be() -> None:
    wanted, unwanted = Words(all=("go",)), Words(none=("go",))
    assert [path for path, _ in found(Search(name="one", words=unwanted, fields={"title": wanted}))] == [
        ("title", "all", 0)
    ]
    assert found(Search(name="one", words=wanted, fields={"title": unwanted})) == []
    assert found(Search(name="one", words=unwanted, fields={"url": wanted})) == []
    assert found(Search(name="one", fields={"title": wanted, "text": unwanted})) == []


def test_all_problems_come_at_once() -> None:
    search = Search(name="one", words=Words(any=("", "re:(")), fields={"text": Words(all=(" ",))}, where="1")
    assert [path for path, _ in found(search)] == [("any", 0), ("any", 1), ("text", "all", 0), ("where",)]
    assert all(isinstance(problem, Problem) for problem in problems(search))
