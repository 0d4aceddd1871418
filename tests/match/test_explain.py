from scan.match.explanation import Condition, Explanation
from scan.match.matcher import Matcher
from scan.match.search import Search, Words
from tests.match.items import NOW, an_item

ITEM = an_item("Senior Python Developer", text="We write Go.")


def explain(search: Search) -> Explanation:
    (explanation,) = Matcher([search], now=NOW).explain(ITEM)
    return explanation


def test_every_condition_is_told_with_whether_it_held() -> None:
    search = Search(
        name="one",
        words=Words(any=("rust", "zig"), all=("go", "java"), none=("senior", "staff")),
        fields={"title": Words(any=("rust", "python"))},
        where="attributes.salary > 1",
    )
    title = "Senior Python Developer"
    assert explain(search) == Explanation(
        search="one",
        held=False,
        conditions=(
            Condition(rule="any", term="rust, zig", held=False),
            Condition(rule="all", term="go", held=True, field="text", excerpt="We write Go."),
            Condition(rule="all", term="java", held=False),
            Condition(rule="title.any", term="python", held=True, field="title", excerpt=title),
            Condition(rule="none", term="senior", held=False, field="title", excerpt=title),
            Condition(rule="none", term="staff", held=True),
            Condition(rule="where", term=search.where or "", held=False, note='Key not found in map : "salary"'),
        ),
    )


def test_an_explanation_agrees_with_the_match() -> None:
    searches = [
        Search(name="everything"),
        Search(name="python", words=Words(all=("python",))),
        Search(name="junior", words=Words(none=("senior",))),
        Search(name="where", where="size(text) > 3"),
    ]
    matcher = Matcher(searches, now=NOW)
    matched = {search.name for search, _ in matcher.match(ITEM)}
    assert {one.search: one.held for one in matcher.explain(ITEM)} == {
        search.name: search.name in matched for search in searches
    }
    assert matched == {"everything", "python", "where"}
