from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scan.match.matcher import Matcher
from scan.match.problems import problems
from scan.match.search import Search
from scan.match.where import Verdicts, Where
from tests.match.items import NOW, an_item, holds

ITEM = an_item(
    "Senior Engineer",
    organization="Acme",
    published_at=NOW - timedelta(days=1),
    attributes={
        "n": 5,
        "f": 2.5,
        "text": "x",
        "none": None,
        "big": 10**30,
        "list": [1, "a"],
        "map": {"a": 1},
        "b": True,
    },
)


def where(condition: str) -> bool:
    return holds(Search(name="one", where=condition), ITEM)


def complaint(condition: str) -> str:
    (problem,) = problems(Search(name="one", where=condition))
    assert problem.path == ("where",)
    return problem.message


def note(condition: str) -> str | None:
    ((explanation),) = Matcher([Search(name="one", where=condition)], now=NOW).explain(ITEM)
    assert not explanation.held
    return explanation.conditions[0].note


@pytest.mark.parametrize(
    "condition",
    [
        "attributes.n == 5.0",
        "attributes.n < 5.5",
        "attributes.f > 2",
        "attributes.f < attributes.n",
        "attributes.big > 1000000",
        "attributes.map.a == 1",
        "'a' in attributes.list",
        "attributes.list.all(x, x != 'b')",
        "attributes['text'] == 'x'",
        "attributes.b",
        "source == 'acme' && key == '1' && kind == 'job' && url == '' && text == ''",
        "organization == 'Acme' && location == ''",
        "now == timestamp('2026-11-23T08:00:00Z')",
        "published_at.getFullYear() == 2026",
        "published_at < now && updated_at == null",
        "(attributes.missing > 1) || attributes.n > 1",
        "1 + 1 == 2",
        "now + duration('1h') > now",
        "title.size() > 3 ? true : false",
    ],
)
def test_a_condition_that_holds(condition: str) -> None:
    assert where(condition)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("attributes.missing > 1", 'Key not found in map : "missing"'),
        ("!(attributes.missing > 1)", 'Key not found in map : "missing"'),
        ("attributes.text > 1", "No matching overloads found : >(string, int64)"),
        ("attributes.none > 1", "No matching overloads found : >(null_type, int64)"),
        ("updated_at > now", "No matching overloads found : >(null_type, timestamp)"),
        ("!(updated_at > now)", "No matching overloads found : >(null_type, timestamp)"),
        ("attributes.n / 0 == 1", "divide by zero"),
        ("attributes.text.matches(attributes.text + '(')", "invalid regular expression: missing ): x("),
        ("timestamp(attributes.text) > now", "String to Timestamp conversion failed"),
        ("attributes.n", "gave int, neither true nor false"),
        ("attributes.n > 5", None),
    ],
)
def test_a_condition_that_cannot_be_evaluated_does_not_hold(condition: str, reason: str | None) -> None:
    assert not where(condition)
    assert note(condition) == reason


def test_a_time_before_all_times_does_not_hold() -> None:
    item = an_item(published_at=datetime.min.replace(tzinfo=UTC))
    assert not holds(Search(name="one", where="published_at > now"), item)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("salary > 1", "column 1: undeclared reference to 'salary'; there are source, key, kind, title, text, "),
        ("title == 'a' && salary > 1", "column 17: undeclared reference to 'salary'; there are source, "),
        ("title > 1", "column 7: found no matching overload for '>' applied to '(string, int)'"),
        ("title ==\n 1", "column 7: found no matching overload for '==' applied to '(string, int)'"),
        ("title ==\n salary", "line 2, column 2: undeclared reference to 'salary'; there are"),
        ("title == null", "column 7: found no matching overload for '==' applied to '(string, null_type)'"),
        ("published_at > 5", "column 14: found no matching overload for '>' applied to '(timestamp, int)'"),
        (
            "published_at > '2026-01-01'",
            "column 14: found no matching overload for '>' applied to '(timestamp, string)'",
        ),
        ("title", "gives string; a condition must be true or false"),
        ("attributes", "gives map; a condition must be true or false"),
        ("now", "gives timestamp; a condition must be true or false"),
        ("title ==", "column 9: Syntax error: mismatched input '<EOF>'"),
        ("", "column 1: Syntax error: mismatched input '<EOF>'"),
        ("has(title)", "column 5: has() argument must be a field selection"),
        (
            "now - duration('14d') < published_at",
            "column 7: duration('14d'): String to Duration conversion failed; durations",
        ),
        ("now >\n  timestamp('2026')", "line 2, column 3: timestamp('2026'): String to Timestamp conversion failed"),
        ("title.matches('(')", "column 6: matches('('): invalid regular expression: missing ): ("),
        ("true" + " && true" * 500, "the condition has 4004 characters; at most 2000 are allowed"),
        ("(" * 200 + "true" + ")" * 200, "Expression recursion limit exceeded. limit: 32"),
    ],
)
def test_what_does_not_compile_is_told_in_one_line_with_its_place(condition: str, message: str) -> None:
    assert complaint(condition).startswith(message)
    assert "\n" not in complaint(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "env('HOME') == ''",
        "open('/etc/passwd') == ''",
        "file('/etc/passwd') == ''",
        "get('http://127.0.0.1/') == ''",
        "title.__class__ == ''",
        "'a'.repeat(1000000) == ''",
        "'%1000000000s'.format([title]) == ''",
    ],
)
def test_there_is_no_way_out(condition: str) -> None:
    assert complaint(condition).startswith("column ")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            "[text].map(a, a + a).size() == 1",
            "the condition has a loop (all, exists, exists_one, map, filter) and a +; ",
        ),
        ("[text] . exists (a, a+a == '')", "the condition has a loop"),
        ("'''\"''' != '' && [text].map(a, a + a) != ['\"']", "the condition has a loop"),
        ("r'\\' != '' && [text].map(a, a + a) != ['']", "the condition has a loop"),
        ("true // '\n && [text].map(a, a + a) != ['']", "the condition has a loop"),
        ("[1].all(a, [1].all(b, [1].all(c, [1].all(d, a == b))))", "the condition has 4 loops"),
    ],
)
def test_what_could_grow_without_end_is_refused(condition: str, message: str) -> None:
    assert complaint(condition).startswith(message)


@pytest.mark.parametrize(
    "condition",
    [
        "attributes.list.exists(x, x == 'a') && title != 'c++'",
        "attributes.list.exists(x, x == 'a') // a + b",
        "title + organization == 'Senior EngineerAcme'",
        "title != 'x.map(y)' + \".all(\"",
        "attributes.list.exists(x, x == 'a') && title != '''it's + '''",
    ],
)
def test_signs_in_texts_and_comments_are_no_code(condition: str) -> None:
    assert list(problems(Search(name="one", where=condition))) == []
    assert where(condition)


def test_loops_in_loops_are_stopped() -> None:
    many = f"[{','.join('0' * 100)}]"
    condition = f"{many}.all(a, {many}.all(b, {many}.all(c, a == b)))"
    assert list(problems(Search(name="one", where=condition))) == []
    assert note(condition) == "Iteration budget exceeded"


def test_a_condition_is_laid_out_only_when_it_is_asked_for() -> None:
    verdicts = Verdicts({"one": Where("title != ''")}, ITEM, NOW)
    assert verdicts.of("two").held
    assert verdicts._values is None
    assert verdicts.of("one").held
    assert verdicts._values is not None


def test_attributes_nested_without_end_are_cut() -> None:
    nested: object = "end"
    for _ in range(800):
        nested = {"a": [nested]}
    item = an_item(attributes={"a": nested, "b": 1})
    assert holds(Search(name="one", where="attributes.b == 1 && attributes.a.a.size() == 1"), item)


@pytest.mark.parametrize("published", [None, NOW])
@pytest.mark.parametrize("updated", [None, NOW])
def test_any_time_may_be_missing(published: datetime | None, updated: datetime | None) -> None:
    item = msgspec.structs.replace(ITEM, published_at=published, updated_at=updated)
    assert holds(Search(name="one", where="published_at == now"), item) is (published is not None)
    assert holds(Search(name="one", where="updated_at == null"), item) is (updated is None)
    assert holds(Search(name="one", where="published_at <= updated_at"), item) is (None not in {published, updated})
