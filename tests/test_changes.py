from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.changes import Changes, Known, compare, confirmed, differences, suspicion
from scan.model import FieldChange, Item, Rejected

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def item(key: str, content: str = "") -> Item:
    return Item(source="s", key=key, kind="job", title=content or key, content_hash=content.encode())


def known(key: str, content: str = "", *, listed: bool = True, gone: bool = False) -> Known:
    return Known(
        id=hash(key), key=key, raw_hash=content.encode(), content_hash=content.encode(), listed=listed, gone=gone
    )


def compared(before: list[Known], now: dict[str, str]) -> Changes:
    seen = [(key, content.encode()) for key, content in now.items()]
    return compare({row.key: row for row in before}, seen, lambda key: item(key, now[key]))


def test_items_are_sorted_by_what_became_of_them() -> None:
    before = [known("same", "1"), known("edited", "1"), known("lost", "1"), known("back", "1", listed=False, gone=True)]
    changes = compared(before, {"same": "1", "edited": "2", "back": "1", "fresh": "1"})
    assert [row.key for row in changes.new] == ["fresh"]
    assert [row.key for row, _ in changes.changed] == ["edited"]
    assert [row.key for row, _ in changes.returned] == ["back"]
    assert [row.key for row in changes.missing] == ["lost"]
    assert changes.unchanged == 1


def test_an_item_written_the_same_is_never_read() -> None:
    def unreadable(key: str) -> Item:
        raise AssertionError(key)

    assert compare({"a": known("a", "1")}, [("a", b"1")], unreadable).unchanged == 1


def test_an_item_that_only_now_has_its_page_is_completed_and_not_changed() -> None:
    row = known("a", "content")
    changes = compare({"a": row}, [("a", b"content")], lambda key: item(key, "content and text"), {"a"})
    assert [(before, after.title) for before, after in changes.completed] == [(row, "content and text")]
    assert (changes.unchanged, changes.changed, changes.recoded) == (1, (), ())


def test_an_item_written_differently_but_the_same_in_content_is_unchanged() -> None:
    row = known("a", "content")
    changes = compare({"a": row}, [("a", b"other bytes")], lambda key: item(key, "content"))
    assert (changes.unchanged, changes.recoded, changes.changed) == (1, (row,), ())


def test_a_rejected_item_costs_no_other_and_is_not_missing() -> None:
    before = {"odd": known("odd", "1")}
    changes = compare(
        before,
        [("odd", b"2"), ("good", b"1")],
        lambda key: Rejected(reason="odd", example=key) if key == "odd" else item(key),
    )
    assert [row.key for row in changes.new] == ["good"]
    assert changes.rejected == (Rejected(reason="odd", example="odd"),)
    assert changes.missing == ()


contents = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"))


@given(before=contents, now=contents)
def test_comparing_what_was_just_taken_in_is_silent(before: dict[str, str], now: dict[str, str]) -> None:
    first = compared([known(key, content) for key, content in before.items()], now)
    listed = {key: known(key, content) for key, content in now.items()}
    again = compared(list(listed.values()), now)
    assert again == Changes(unchanged=len(now))
    assert len(first.new) + len(first.changed) + first.unchanged == len(now)
    assert {row.key for row in first.missing} == before.keys() - now.keys()


@pytest.mark.parametrize(
    ("listed", "seen", "missing", "complete", "min_items", "suspicious"),
    [
        (0, 0, 0, True, 0, False),  # an empty board, ever
        (1, 0, 1, True, 0, True),
        (5, 0, 5, False, 0, True),  # a feed that suddenly is empty
        (10, 4, 6, True, 0, True),
        (10, 5, 5, True, 0, False),  # half is not more than half
        (9, 1, 8, True, 0, False),  # small ones may
        (50, 50, 50, True, 0, True),  # a new id scheme
        (50, 50, 50, False, 0, False),  # a busy feed
        (0, 2, 0, True, 3, True),
    ],
)
def test_a_sudden_loss_is_suspicious(
    listed: int, seen: int, missing: int, complete: bool, min_items: int, suspicious: bool
) -> None:
    reason = suspicion(listed=listed, seen=seen, missing=missing, complete=complete, min_items=min_items)
    assert (reason is not None) is suspicious


def test_suspicion_is_confirmed_two_intervals_later() -> None:
    assert not confirmed(None, now=NOW, every=QUARTER)
    assert not confirmed(NOW - timedelta(minutes=29), now=NOW, every=QUARTER)
    assert confirmed(NOW - timedelta(minutes=30), now=NOW, every=QUARTER)


def test_differences_name_each_field_with_both_values() -> None:
    old = msgspec.structs.replace(item("a"), attributes={"rent": 900, "beds": 1})
    new = msgspec.structs.replace(old, title="b", location="Rome", attributes={"rent": 950, "beds": 1, "pets": True})
    assert differences(old, new) == (
        FieldChange("title", "a", "b"),
        FieldChange("location", None, "Rome"),
        FieldChange("attributes.pets", None, "true"),
        FieldChange("attributes.rent", "900", "950"),
    )
    assert differences(old, old) == ()
