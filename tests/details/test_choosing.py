import msgspec
import pytest

from scan.changes import DetailState
from scan.details import Chooser, Memory, Nothing
from scan.match.matcher import Matcher
from scan.match.search import Search, Words
from scan.model import RawItem
from tests.details.boards import ENTRY, NOW, Stored, cleaned, listed_hash, raw

ENGINEERS = Search(name="engineers", fields={"title": Words(any=("engineer",))})


def chosen(items: list[RawItem], memory: Memory | None = None, *searches: Search) -> list[str]:
    looking = searches or (ENGINEERS,)
    choose = Chooser(
        ENTRY,
        memory=memory or Nothing(),
        matcher=Matcher(looking, now=NOW),
        searches=[search.name for search in looking],
        now=NOW,
    )
    return [wanted.key for wanted in choose(items)]


def state(item: RawItem, *, read: bool = True, tries: int | None = None) -> DetailState:
    return DetailState(listed=listed_hash(item), read=read, tries=tries)


def test_new_items_are_wanted_that_a_search_may_want() -> None:
    items = [raw(1), raw(2, "Gardener"), raw(3, "Sales Engineer")]
    assert chosen(items) == ["1", "3"]
    assert chosen(items, None, Search(name="any", words=Words(any=("python",)))) == ["1", "2", "3"]
    assert chosen(items, None, ENGINEERS, Search(name="all")) == ["1", "2", "3"]


def test_without_a_search_nothing_is_wanted() -> None:
    choose = Chooser(ENTRY, memory=Nothing(), matcher=Matcher([], now=NOW), searches=[], now=NOW)
    assert choose([raw(1)]) == []


def test_what_has_no_page_or_is_none_is_not_wanted() -> None:
    assert chosen([RawItem(title="Engineer"), RawItem(key=1), RawItem()]) == []


def test_a_place_that_its_page_says_better_decides_nothing() -> None:
    berlin = Search(name="berlin", fields={"location": Words(any=("berlin",))})
    items = [raw(1, location="Paris"), raw(2, location="Paris", attributes={"places": 3}), raw(3, location="Berlin")]
    assert chosen(items, None, berlin) == ["2", "3"]


@pytest.mark.parametrize("tries", [None, 0, 2])
def test_an_unchanged_item_is_wanted_only_while_its_page_is_outstanding(tries: int | None) -> None:
    item = raw(1)
    memory = Stored((item, cleaned(item), state(item, read=tries is None, tries=tries)))
    assert chosen([item], memory) == ([] if tries is None else ["1"])


def test_an_unchanged_item_that_no_search_wanted_before_is_wanted_when_one_does() -> None:
    item = raw(1)
    assert chosen([item], Stored((item, cleaned(item), None))) == ["1"]


def test_a_changed_item_is_wanted_again_and_one_that_is_only_written_otherwise_is_not() -> None:
    item = raw(1, published_at="Posted 3 Days Ago")
    memory = Stored((item, cleaned(item), state(item)))
    assert chosen([msgspec.structs.replace(item, published_at="Posted 4 Days Ago")], memory) == []
    assert chosen([msgspec.structs.replace(item, location="Berlin")], memory) == ["1"]
    assert chosen([msgspec.structs.replace(item, title="Gardener")], memory) == []


def test_what_failed_before_comes_last() -> None:
    items = [raw(1), raw(2), raw(3)]
    memory = Stored(
        (items[0], cleaned(items[0]), state(items[0], read=False, tries=2)),
        (items[1], cleaned(items[1]), state(items[1], read=False, tries=0)),
    )
    assert chosen(items, memory) == ["2", "3", "1"]
