import pytest

from scan.match.matcher import Matcher
from scan.match.reading import Reading
from scan.match.search import FIELDS, Search, Words, selects
from scan.model import Reason
from tests.match.items import NOW, an_item, holds, reasons_of

ITEM = an_item("Python Developer", text="We write Go.\nRemote, Berlin.", organization="Acme", location="Köln")


@pytest.mark.parametrize("any_holds", [None, True, False])
@pytest.mark.parametrize("all_hold", [None, True, False])
@pytest.mark.parametrize("none_found", [None, True, False])
@pytest.mark.parametrize("where_holds", [None, True, False])
def test_a_search_holds_if_all_of_its_conditions_do(
    any_holds: bool | None, all_hold: bool | None, none_found: bool | None, where_holds: bool | None
) -> None:
    words = Words(
        any={None: (), True: ("rust", "go"), False: ("rust", "zig")}[any_holds],
        all={None: (), True: ("python", "remote"), False: ("python", "onsite")}[all_hold],
        none={None: (), True: ("senior", "staff"), False: ("senior", "berlin")}[none_found],
    )
    where = {None: None, True: "title != ''", False: "title == ''"}[where_holds]
    expected = False not in {any_holds, all_hold, none_found, where_holds}
    assert holds(Search(name="one", words=words, where=where), ITEM) is expected


def test_a_search_without_conditions_holds_for_everything() -> None:
    assert reasons_of(Search(name="one"), an_item()) == ()


@pytest.mark.parametrize("field", FIELDS)
def test_a_word_under_a_field_is_looked_for_in_that_field_only(field: str) -> None:
    by_field = {
        "title": an_item("x needle y"),
        "text": an_item(text="x needle y"),
        "organization": an_item(organization="x needle y"),
        "location": an_item(location="x needle y"),
        "url": an_item(url="https://example.org/x-needle-y"),
    }
    for other, item in by_field.items():
        search = Search(name="one", fields={field: Words(any=("needle",))})  # type: ignore[dict-item]  # one of FIELDS
        pattern = Search(name="one", fields={field: Words(any=("re:n[e]+dle",))})  # type: ignore[dict-item]  # as above
        unwanted = Search(name="one", fields={field: Words(none=("needle",))})  # type: ignore[dict-item]  # as above
        assert holds(search, item) is (field == other)
        assert holds(pattern, item) is (field == other)
        assert holds(unwanted, item) is (field != other)


def test_a_word_without_a_field_is_not_looked_for_in_the_address() -> None:
    item = an_item(url="https://example.org/needle")
    assert not holds(Search(name="one", words=Words(any=("needle",))), item)
    assert not holds(Search(name="one", words=Words(any=("re:needle",))), item)
    assert holds(Search(name="one", words=Words(none=("needle",))), item)


def test_a_phrase_does_not_cross_fields() -> None:
    search = Search(name="one", words=Words(any=("site reliability",)))
    assert not holds(search, an_item("site", text="reliability"))
    assert not holds(search, an_item("site ", text=" reliability"))
    assert holds(search, an_item(text="Site\n\n\t Reliability"))


def test_the_words_of_all_may_stand_in_different_fields() -> None:
    assert holds(Search(name="one", words=Words(all=("python", "koln", "acme"))), ITEM)


def test_each_reason_shows_where_a_word_is_first_found() -> None:
    search = Search(
        name="one",
        words=Words(any=("rust", "GO", "berlin"), all=("koln",), none=("senior",)),
        fields={"title": Words(any=("python", "re:dev\\w+"))},
        where="kind == 'job'",
    )
    assert reasons_of(search, ITEM) == (
        Reason(rule="any", term="GO", field="text", excerpt="We write Go. Remote, Berlin."),
        Reason(rule="any", term="berlin", field="text", excerpt="We write Go. Remote, Berlin."),
        Reason(rule="all", term="koln", field="location", excerpt="Köln"),
        Reason(rule="title.any", term="python", field="title", excerpt="Python Developer"),
        Reason(rule="title.any", term="re:dev\\w+", field="title", excerpt="Python Developer"),
        Reason(rule="where", term="kind == 'job'"),
    )


def test_a_word_in_two_fields_is_shown_in_the_one_that_the_search_looks_in() -> None:
    item = an_item("needle in the title", text="needle in the text")
    search = Search(name="one", fields={"text": Words(any=("needle",))})
    assert reasons_of(search, item) == (
        Reason(rule="text.any", term="needle", field="text", excerpt="needle in the text"),
    )


def test_matches_come_in_the_order_of_the_searches() -> None:
    searches = [
        Search(name="everything"),
        Search(name="go", words=Words(any=("go",))),
        Search(name="rust", words=Words(any=("rust",))),
        Search(name="python", words=Words(any=("python",))),
        Search(name="not-java", words=Words(none=("java",))),
    ]
    matched = Matcher(searches, now=NOW).match(ITEM)
    assert [search.name for search, _ in matched] == ["everything", "go", "python", "not-java"]


def test_only_candidates_are_tried() -> None:
    matcher = Matcher([Search(name="one"), Search(name="two"), Search(name="three")], now=NOW)
    assert [search.name for search, _ in matcher.match(ITEM, {"three", "one", "unknown"})] == ["one", "three"]
    assert matcher.match(ITEM, ()) == ()


def test_searches_share_words_and_patterns() -> None:
    words, pattern = Words(any=("Go", "gö")), Words(any=("re:g[o]",))
    searches = [Search(name=str(number), words=(words, pattern)[number % 2]) for number in range(20)]
    assert len(Matcher(searches, now=NOW).match(an_item("go"))) == 20


def test_a_matcher_without_searches_matches_nothing() -> None:
    assert Matcher([], now=NOW).match(ITEM) == ()


@pytest.mark.parametrize("title", ["", " ", "\0", "\ud800", "go\0go", "\n" * 100, "İ" * 50, "\ufdfa"])
def test_odd_texts_are_only_texts(title: str) -> None:
    searches = [
        Search(name="word", words=Words(any=("go",))),
        Search(name="pattern", words=Words(any=("re:g[o]", "re:x"))),
        Search(name="where", where="title.contains('go')"),
    ]
    matched = Matcher(searches, now=NOW).match(an_item(title, text=title, attributes={"a": title, title: 1}))
    assert len(matched) == (3 if "go" in title else 0)


def test_a_term_may_look_like_a_pattern_once_folded() -> None:
    searches = [
        Search(name="word", words=Words(any=("RE: go",))),
        Search(name="pattern", words=Words(any=("re: go",))),
    ]
    matcher = Matcher(searches, now=NOW)
    assert [search.name for search, _ in matcher.match(an_item("Re: go"))] == ["word", "pattern"]
    assert [search.name for search, _ in matcher.match(an_item("not: go"))] == ["pattern"]


def test_the_work_follows_the_hits_and_not_the_number_of_searches() -> None:
    def searches(count: int) -> list[Search]:
        return [Search(name=str(n), words=Words(any=(f"word{n}",), all=("common",))) for n in range(count)]

    item = an_item("common word3 word7", text="nothing else in common")
    evaluated = []
    for count in (10, 1_000):
        matcher = Matcher(searches(count), now=NOW)
        found = matcher._finder.find(Reading(item)).found
        evaluated.append(matcher._index.worth_evaluating(found))
        assert [search.name for search, _ in matcher.match(item)] == ["3", "7"]
    assert evaluated == [[3, 7], [3, 7]]


@pytest.mark.parametrize(
    ("sources", "source", "tags", "selected"),
    [
        ((), "acme", (), True),
        (("acme",), "acme", (), True),
        (("acme",), "acme2", (), False),
        (("tag:jobs",), "acme", ("berlin", "jobs"), True),
        (("tag:jobs",), "jobs", (), False),
        (("other", "tag:jobs"), "acme", ("jobs",), True),
        (("jobs",), "acme", ("jobs",), False),
        (("acme",), "tag:acme", (), False),
    ],
)
def test_a_search_looks_at_sources_by_name_and_tag(
    sources: tuple[str, ...], source: str, tags: tuple[str, ...], selected: bool
) -> None:
    assert selects(Search(name="one", sources=sources), (source,), tags) is selected
