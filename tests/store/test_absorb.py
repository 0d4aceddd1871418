from datetime import timedelta

import pytest

from scan.model import Event, FieldChange, StoredItem
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, LeftItem
from tests.store.samples import (
    LATER,
    NOW,
    TWICE,
    a_match,
    an_item,
    begun,
    delivery,
    digest,
    new,
    result,
    source_run,
    state,
)


def only(store: Store) -> StoredItem:
    (item,) = store.items(limit=10)
    return item


def absorb_one(store: Store) -> StoredItem:
    store.absorb(begun(store), NOW, result(new=(new(an_item()),)))
    return only(store)


def test_a_new_item_comes_back_whole(store: Store) -> None:
    stored = absorb_one(store)
    assert stored.item == an_item()
    assert (stored.first_seen_at, stored.last_seen_at, stored.changed_at, stored.gone_at) == (NOW, NOW, None, None)
    assert (stored.revision, stored.episode) == (0, 0)
    assert store.source_states(["acme"]) == {"acme": state()}


def test_a_listed_item_was_last_seen_when_its_source_last_succeeded_though_its_row_is_untouched(store: Store) -> None:
    absorb_one(store)
    store.absorb(begun(store, 2), NOW, Absorbed(state=state(at=LATER), run=source_run()))
    assert only(store).last_seen_at == LATER


def test_an_item_that_leaves_keeps_the_time_it_was_last_seen_not_the_time_it_was_missed(store: Store) -> None:
    stored = absorb_one(store)
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=(LeftItem(id=stored.id, gone=True),)))
    gone = only(store)
    assert (gone.last_seen_at, gone.gone_at) == (NOW, LATER)


def test_an_item_out_of_a_feed_s_window_is_not_gone(store: Store) -> None:
    stored = absorb_one(store)
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=(LeftItem(id=stored.id, gone=False),)))
    left = only(store)
    assert (left.last_seen_at, left.gone_at) == (NOW, None)
    assert not store.known("acme", ["job-1"])["job-1"].listed


def test_a_change_is_written_with_its_history(store: Store) -> None:
    stored = absorb_one(store)
    item = an_item(title="Other", text="Longer", content_hash=digest("other"), attributes={})
    changes = (FieldChange("text", "Text of job-1", "Longer"), FieldChange("title", "Title of job-1", "Other"))
    changed = ChangedItem(id=stored.id, item=item, raw_hash=digest("raw 2"), changes=changes)
    store.absorb(begun(store, 2), LATER, result(at=LATER, changed=(changed,)))
    after = only(store)
    assert after.item == item
    assert (after.first_seen_at, after.changed_at, after.revision, after.episode) == (NOW, LATER, 1, 0)
    assert store.changes_of(stored.id) == [(LATER, change) for change in changes]
    assert store.known("acme", [])["job-1"].raw_hash == digest("raw 2")


def test_an_item_that_is_back_as_it_was_is_listed_again_and_has_not_changed(store: Store) -> None:
    stored = absorb_one(store)
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=(LeftItem(id=stored.id, gone=True),)))
    much_later = LATER + timedelta(days=100)
    back = ChangedItem(id=stored.id, item=an_item(), raw_hash=digest("x"), returned=True, new_episode=True)
    store.absorb(begun(store, 3), much_later, result(at=much_later, changed=(back,)))
    again = only(store)
    assert (again.last_seen_at, again.gone_at, again.changed_at) == (much_later, None, None)
    assert (again.revision, again.episode) == (0, 1)


def test_an_item_written_differently_only_gets_its_raw_hash(store: Store) -> None:
    stored = absorb_one(store)
    store.absorb(begun(store, 2), LATER, result(at=LATER, recoded=((stored.id, digest("recoded")),)))
    assert store.known("acme", [])["job-1"].raw_hash == digest("recoded")
    assert only(store).changed_at is None


def test_what_an_item_was_matched_for_as_it_left_is_recorded(store: Store) -> None:
    stored = absorb_one(store)
    left = LeftItem(id=stored.id, gone=True, matches=(a_match(delivery("d"), event=Event.GONE),))
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=(left,)))
    (match,) = store.matches(limit=9)
    assert (match.event, match.at, match.told) == (Event.GONE, LATER, {"pending": 1})


def test_a_key_is_known_once_in_a_source_and_again_in_another(store: Store) -> None:
    absorb_one(store)
    with pytest.raises(TWICE):
        store.absorb(begun(store, 2), LATER, result(at=LATER, new=(new(an_item()),)))
    assert store.source_states(["acme"])["acme"].last_success_at == NOW
    store.absorb(begun(store, 3), LATER, result("other", LATER, new=(new(an_item(source="other")),)))
    assert len(store.items(limit=9)) == 2


def test_any_text_survives(store: Store) -> None:
    odd = "Ünïcode 💼 \u202e ' \" \\ % _ ; -- \ufffd"
    item = an_item(odd, title=odd, text=odd * 10_000, attributes={odd: [odd, None, 1.5, 2**70, {"a": "\n"}]})
    store.absorb(begun(store), NOW, result(new=(new(item),)))
    assert only(store).item == item
    assert store.known("acme", [odd])[odd].listed


def test_thousands_of_items_are_one_transaction(store: Store) -> None:
    news = tuple(new(an_item(f"job-{number}"), a_match(delivery(str(number)))) for number in range(1300))
    store.absorb(begun(store), NOW, result(new=news))
    assert len(store.known("acme", [])) == 1300
    assert store.outbox_counts()["pending"] == 1300
    ids = [item.id for item in store.items(limit=2000)]
    assert ids == sorted(ids, reverse=True)
    assert len(store.stored(ids)) == 1300


def test_a_time_without_a_zone_is_a_bug_that_stores_nothing(store: Store) -> None:
    naive = an_item(published_at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="a time without a zone"):
        store.absorb(begun(store), NOW, result(new=(new(naive),)))
    assert store.items(limit=1) == []
    assert store.source_states(["acme"]) == {}
