import msgspec

from scan.changes import DetailState
from scan.details import Memory, Nothing, Whole
from scan.details.whole import TRIES
from scan.errors import FetchError
from scan.model import Item, RawItem
from scan.sources.detailing import Told, completed
from tests.details.boards import ENTRY, NOW, Stored, cleaned, listed_hash, raw

PAGE = RawItem(text="<p>Python</p>", published_at="2026-11-01", attributes={"pay": 5})
GIVES = frozenset({"text", "published_at"})
READ = Told(key="1", gives=GIVES, item=PAGE)
FAILED = Told(key="1", gives=GIVES, error=FetchError("https://example.org/1", "timed out"))
WAITING = Told(key="1", gives=GIVES)


def whole(item: RawItem, *told: Told, memory: Memory | None = None) -> Whole:
    store = memory or Nothing()
    return Whole(ENTRY, {"1": item}, told, known=store.known("acme", ["1"]), memory=store, now=NOW)


def given(made: Whole) -> Item:
    item = made.item("1", lambda _: None)
    assert isinstance(item, Item)
    return item


def state(item: RawItem, *, read: bool = True, tries: int | None = None) -> DetailState:
    return DetailState(listed=listed_hash(item), read=read, tries=tries)


def stored_with_page(item: RawItem, **more: object) -> Stored:
    return Stored((item, cleaned(completed(item, PAGE)), msgspec.structs.replace(state(item), **more)))


def test_an_item_is_put_together_with_its_page() -> None:
    made = whole(raw(1), READ)
    assert (given(made).text, given(made).attributes) == ("Python", {"pay": 5})
    assert made.states == {"1": state(raw(1))}
    assert not made.outstanding
    assert made.open_fields("1") == frozenset()


def test_a_new_item_whose_page_failed_is_there_without_it_and_open() -> None:
    made = whole(raw(1), FAILED)
    assert given(made) == cleaned(raw(1))
    assert made.states == {"1": state(raw(1), read=False, tries=1)}
    assert made.outstanding
    assert made.open_fields("1") == GIVES
    assert made.completed == frozenset()


def test_an_item_whose_turn_has_not_come_has_no_try_behind_it() -> None:
    assert whole(raw(1), WAITING).states["1"].tries == 0


def test_a_page_that_comes_later_completes_the_item_and_is_no_change() -> None:
    item = raw(1)
    memory = Stored((item, cleaned(item), state(item, read=False, tries=1)))
    made = whole(item, READ, memory=memory)
    assert made.completed == {"1"}
    assert made.has_waited("1")
    assert given(made).text == "Python"


def test_a_page_that_a_new_search_asked_for_completes_the_item_too() -> None:
    item = raw(1)
    made = whole(item, READ, memory=Stored((item, cleaned(item), None)))
    assert made.completed == {"1"}
    assert not made.has_waited("1")


def test_after_some_tries_the_item_is_taken_as_it_is() -> None:
    item = raw(1)
    memory = Stored((item, cleaned(item), state(item, read=False, tries=TRIES - 1)))
    made = whole(item, FAILED, memory=memory)
    assert made.states["1"] == state(item, read=False, tries=None)
    assert made.completed == {"1"}
    assert not made.outstanding
    assert made.open_fields("1") == frozenset()


def test_an_item_that_changed_while_its_page_failed_starts_its_tries_anew() -> None:
    before, after = raw(1), raw(1, location="Berlin")
    memory = Stored((before, cleaned(before), state(before, read=False, tries=TRIES - 1)))
    made = whole(after, FAILED, memory=memory)
    assert made.states["1"] == state(after, read=False, tries=1)
    assert made.completed == frozenset()


def test_an_item_that_is_only_written_otherwise_is_the_same_with_its_page() -> None:
    item = raw(1, published_at="Posted 3 Days Ago")
    memory = stored_with_page(item)
    made = whole(msgspec.structs.replace(item, published_at="Posted 4 Days Ago"), memory=memory)
    assert given(made).content_hash == memory.known("acme", ["1"])["1"].content_hash


def test_an_item_keeps_what_its_page_said_while_its_new_page_is_not_read() -> None:
    item = raw(1, attributes={"team": "A"})
    for told in ((FAILED,), (WAITING,), ()):
        made = whole(raw(1, "Engineer II", attributes={"team": "B"}), *told, memory=stored_with_page(item))
        found = given(made)
        assert (found.title, found.text, found.attributes) == ("Engineer II", "Python", {"pay": 5, "team": "B"})
        assert found.published_at == cleaned(completed(item, PAGE)).published_at


def test_the_new_page_of_a_changed_item_is_read_in_place_of_the_old_one() -> None:
    made = whole(raw(1, "Engineer II"), READ, memory=stored_with_page(raw(1)))
    assert (given(made).title, given(made).text) == ("Engineer II", "Python")
    assert made.completed == frozenset()


def test_an_item_that_comes_back_has_its_page() -> None:
    item = raw(1)
    memory = Stored((item, cleaned(completed(item, PAGE)), state(item)), listed=False)
    assert given(whole(item, memory=memory)) == cleaned(completed(item, PAGE))
