from datetime import timedelta

from scan.changes import Known
from scan.store.database import Store
from scan.store.records import LeftItem
from tests.store.samples import LATER, NOW, an_item, begun, digest, new, result


def two_runs(store: Store) -> dict[str, int]:
    """Three items of acme, of which the second goes, then one of beta; returns their rows by key."""
    first = tuple(new(an_item(key)) for key in ("a", "b", "c"))
    store.absorb(begun(store), NOW, result(new=first))
    ids = {item.item.key: item.id for item in store.items(limit=9)}
    run = begun(store, 2, LATER)
    store.absorb(run, LATER, result(at=LATER, left=(LeftItem(id=ids["b"], gone=True),)))
    store.absorb(run, LATER, result("beta", LATER, new=(new(an_item("d", "beta", title="100% Python")),)))
    return {item.item.key: item.id for item in store.items(limit=9)}


def keys(store: Store, **chosen: object) -> list[str]:
    return [item.item.key for item in store.items(**{"limit": 9, **chosen})]  # type: ignore[arg-type]  # a table's row


def test_known_is_what_is_listed_and_what_is_asked_for(store: Store) -> None:
    ids = two_runs(store)
    known = store.known("acme", ["b", "never", "a"])
    assert known["a"] == Known(
        id=ids["a"], key="a", raw_hash=digest("raw a"), content_hash=digest("a"), listed=True, gone=False
    )
    assert (known["b"].listed, known["b"].gone, known["b"].left_at) == (False, True, NOW)
    assert sorted(known) == ["a", "b", "c"]
    assert sorted(store.known("acme", [])) == ["a", "c"]
    assert store.known("unheard of", ["a"]) == {}


def test_more_keys_than_a_statement_takes_are_looked_up(store: Store) -> None:
    two_runs(store)
    assert sorted(store.known("acme", [*map(str, range(2500)), "b"])) == ["a", "b", "c"]


def test_items_are_listed_newest_first_by_what_is_asked(store: Store) -> None:
    two_runs(store)
    assert keys(store) == ["d", "c", "b", "a"]
    assert keys(store, limit=2, offset=1) == ["c", "b"]
    assert keys(store, source="beta") == ["d"]
    assert keys(store, source="unheard of") == []
    assert keys(store, since=LATER) == ["d"]
    assert keys(store, gone=True) == ["b"]
    assert keys(store, gone=False) == ["d", "c", "a"]


def test_a_word_is_found_in_title_and_text_whatever_its_case_and_taken_literally(store: Store) -> None:
    two_runs(store)
    assert keys(store, text="TEXT OF C") == ["c"]
    assert keys(store, text="0% python") == ["d"]
    assert keys(store, text="1%python") == []
    assert keys(store, text="_") == []


def test_all_items_but_gone_ones_pass_by_in_small_pieces(store: Store) -> None:
    two_runs(store)
    many = tuple(new(an_item(f"many-{number}", "many")) for number in range(1100))
    store.absorb(begun(store, 3), LATER, result("many", LATER, new=many))
    passed = [item.item.key for item in store.each_item()]
    assert passed[:3] == ["a", "c", "d"]
    assert len(passed) == 1103
    assert [item.item.key for item in store.each_item(["beta", "acme"])] == ["a", "c", "d"]
    assert list(store.each_item([])) == []


def test_the_store_can_be_written_while_items_pass_by(store: Store) -> None:
    two_runs(store)
    passing = store.each_item()
    assert next(passing).item.key == "a"
    later = LATER + timedelta(hours=1)
    store.absorb(begun(store, 3), later, result("gamma", later, new=(new(an_item("e", "gamma")),)))
    assert [item.item.key for item in passing][:2] == ["c", "d"]


def test_rows_that_are_not_there_are_left_out(store: Store) -> None:
    ids = two_runs(store)
    assert list(store.stored([ids["a"], 999_999])) == [ids["a"]]
    assert store.changes_of(999_999) == []
