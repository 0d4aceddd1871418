from datetime import timedelta

import pytest

from scan.model import FieldChange
from scan.store.database import Store
from scan.store.history import Absence, Telling
from scan.store.records import ChangedItem, LeftItem
from tests.store.samples import LATER, NOW, a_match, an_item, begun, delivery, new, result, told

DAY = timedelta(days=1)


def titles(store: Store, sought: str) -> list[str]:
    return [stored.item.title for stored in store.find(sought, limit=9)]


@pytest.fixture
def three(store: Store) -> Store:
    run = begun(store)
    named = {"10": "Müller Engineer", "a-2": "Senior Engineer", "1": "Cook_50%"}
    store.absorb(run, NOW, result(new=tuple(new(an_item(key, title=title)) for key, title in named.items())))
    return store


def test_an_id_comes_before_a_key_and_a_key_before_words(three: Store) -> None:
    assert titles(three, "1") == ["Müller Engineer"]
    assert titles(three, "3") == ["Cook_50%"]
    assert titles(three, "10") == ["Müller Engineer"]
    assert titles(three, "a-2") == ["Senior Engineer"]


def test_each_word_has_to_be_in_the_title_in_whatever_case_and_the_newest_comes_first(three: Store) -> None:
    assert titles(three, "engineer") == ["Senior Engineer", "Müller Engineer"]
    assert titles(three, "ENGINEER MÜLLER") == ["Müller Engineer"]
    assert titles(three, "engineer cook") == []


@pytest.mark.parametrize("sought", ["", " ", "nothing", "_e", "٣", "9" * 30])
def test_what_is_nowhere_is_not_found(three: Store, sought: str) -> None:
    assert titles(three, sought) == []


def test_no_more_are_found_than_asked_for(three: Store) -> None:
    assert len(three.find("engineer", limit=1)) == 1


def test_an_absence_lasts_until_the_item_is_back_and_is_then_kept(store: Store) -> None:
    run = begun(store)
    store.absorb(run, NOW, result(new=(new(an_item("a")), new(an_item("b")))))
    gone, left = (store.known("acme", [key])[key].id for key in ("a", "b"))
    run = begun(store, 2, LATER)
    store.absorb(run, LATER, result(left=(LeftItem(id=gone, gone=True), LeftItem(id=left, gone=False))))
    (lasting,) = store.absences_of(gone)
    assert (lasting.gone_at, lasting.returned_at) == (LATER, None)
    assert store.absences_of(left) == [Absence(seen_at=lasting.seen_at, gone_at=None, returned_at=None)]

    run = begun(store, 3, LATER + DAY)
    back = ChangedItem(id=gone, item=an_item("a"), raw_hash=b"x", returned=True)
    store.absorb(run, LATER + DAY, result(changed=(back,)))
    assert store.absences_of(gone) == [Absence(seen_at=lasting.seen_at, gone_at=LATER, returned_at=LATER + DAY)]


def test_an_edit_is_no_absence(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item("a")),)))
    row = store.known("acme", [])["a"].id
    edited = ChangedItem(id=row, item=an_item("a"), raw_hash=b"x", changes=(FieldChange("title", "x", "y"),))
    store.absorb(begun(store, 2, LATER), LATER, result(changed=(edited,)))
    assert store.absences_of(row) == []


def test_absences_that_are_over_are_pruned_as_changes_are(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item("a")),)))
    row = store.known("acme", [])["a"].id
    store.absorb(begun(store, 2, LATER), LATER, result(left=(LeftItem(id=row, gone=True),)))
    back = ChangedItem(id=row, item=an_item("a"), raw_hash=b"x", returned=True)
    store.absorb(begun(store, 3, LATER), LATER, result(changed=(back,)))
    keep = {"runs": 999 * DAY, "gone_items": 365 * DAY, "deliveries": 999 * DAY}
    assert store.prune(LATER + 364 * DAY, **keep)["changes"] == 0
    assert store.prune(LATER + 366 * DAY, **keep)["changes"] == 1
    assert store.absences_of(row) == []


def test_the_matches_of_an_item_come_with_what_became_of_each_delivery(store: Store) -> None:
    told(store, "a", "b")
    batch = store.freeze("me", "me@example.org", message_id="m", payload=b"x", delivery_ids=["a"], now=NOW)
    assert batch is not None
    store.claim(batch, "one", NOW, DAY)
    store.failed(batch, "one", NOW, error="no", next_at=LATER)
    by_delivery = {
        telling.error: (match, telling)
        for match in store.matches(limit=9)
        for telling in store.tellings_of(match.item.id)[match.id]
    }
    match, telling = by_delivery["no"]
    assert telling == Telling(
        channel="me", recipient="me@example.org", state="batched", at=None, attempts=1, next_at=LATER, error="no"
    )
    assert by_delivery[None][1].state == "pending"
    assert [row.id for row in store.matches_of([match.item.id])] == [match.id]
    assert store.matches_of([match.item.id], search="another") == []
    assert store.tellings_of(999_999) == {}


def test_a_match_without_deliveries_has_no_tellings(store: Store) -> None:
    store.absorb(
        begun(store), NOW, result(new=(new(an_item("a"), a_match()), new(an_item("b"), a_match(delivery("d")))))
    )
    without, having = (store.known("acme", [])[key].id for key in ("a", "b"))
    assert store.tellings_of(without) == {}
    assert len(store.tellings_of(having)) == 1
