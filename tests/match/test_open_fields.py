"""What can be said of an item of which some fields are not known yet."""

import pytest

from scan.match.matcher import Matcher
from scan.match.plan import waits
from scan.match.search import Search, Words
from tests.match.items import NOW, an_item


def search(*, where: str | None = None, **words: Words) -> Search:
    general = words.pop("words", Words())
    return Search(name="one", words=general, fields=words, where=where)  # type: ignore[arg-type] # names of fields


ENGINEER = an_item("Senior Engineer", location="Berlin")


@pytest.mark.parametrize(
    ("looked_for", "possible"),
    [
        (search(), True),
        (search(words=Words(any=("python",))), True),
        (search(words=Words(all=("engineer", "python"))), True),
        (search(title=Words(any=("engineer",))), True),
        (search(title=Words(any=("gardener",))), False),
        (search(title=Words(all=("engineer", "gardener"))), False),
        (search(location=Words(any=("Paris",)), words=Words(any=("python",))), False),
        (search(words=Words(none=("senior",))), False),
        (search(title=Words(none=("senior",))), False),
        (search(text=Words(none=("senior",))), True),
        (search(organization=Words(any=("Acme",))), False),
        (search(where="attributes.salary_max > 5"), True),
    ],
)
def test_whether_a_search_may_still_match_once_the_text_is_known(looked_for: Search, *, possible: bool) -> None:
    assert Matcher([looked_for], now=NOW).may_match(ENGINEER, ["one"], {"text"}) is possible


def test_a_field_that_may_change_decides_nothing() -> None:
    elsewhere = Matcher([search(location=Words(any=("Paris",)))], now=NOW)
    assert not elsewhere.may_match(ENGINEER, ["one"], {"text"})
    assert elsewhere.may_match(ENGINEER, ["one"], {"text", "location"})
    unwanted = Matcher([search(title=Words(none=("senior",)))], now=NOW)
    assert unwanted.may_match(ENGINEER, ["one"], {"title"})


def test_only_the_candidates_are_asked() -> None:
    matcher = Matcher([search(title=Words(any=("engineer",)))], now=NOW)
    assert not matcher.may_match(ENGINEER, [], {"text"})


@pytest.mark.parametrize(
    ("looked_for", "waiting"),
    [
        (search(words=Words(any=("python",))), False),
        (search(title=Words(any=("engineer",), none=("senior",))), False),
        (search(words=Words(none=("unpaid",))), True),
        (search(text=Words(none=("unpaid",))), True),
        (search(where="has(attributes.pay)"), True),
    ],
)
def test_a_search_waits_for_what_may_speak_against_the_item(looked_for: Search, *, waiting: bool) -> None:
    assert waits(looked_for, {"text"}) is waiting
