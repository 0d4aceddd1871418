"""Results of several sources are written together; none of them may notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scan.model import Event
from scan.run.pending import RESULTS_AT_ONCE, ROWS_AT_ONCE, Pending
from scan.store.database import Store
from scan.store.records import LeftItem
from tests.store.samples import LATER, NOW, a_match, an_item, begun, digest, new, result

ASKED = ({"backend"}, {digest("posting")})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'scan.db'}", create=True)
    yield opened
    opened.close()


def test_nothing_is_written_before_it_is_enough_or_the_run_is_over(store: Store) -> None:
    pending = Pending(store, run_id=begun(store), now=NOW)
    pending.add(result(new=(new(an_item()),)))
    assert store.known("acme", []) == {}
    pending.flush()
    assert list(store.known("acme", [])) == [an_item().key]
    pending.flush()
    assert len(store.source_runs(begun(store, 2))) == 0


def test_so_many_items_are_written_at_once_and_so_many_results(store: Store) -> None:
    pending = Pending(store, run_id=begun(store), now=NOW)
    for source, count in (("beta", ROWS_AT_ONCE - 1), ("gamma", 1)):
        assert store.known("beta", []) == {}
        pending.add(result(source, new=tuple(new(an_item(f"{n}", source)) for n in range(count))))
    assert len(store.known("beta", [])) == ROWS_AT_ONCE - 1
    assert len(store.known("gamma", [])) == 1
    for number in range(RESULTS_AT_ONCE):
        assert store.source_states(["quiet-0"]) == {}
        pending.add(result(f"quiet-{number}"))
    assert len(store.source_states([f"quiet-{number}" for number in range(RESULTS_AT_ONCE)])) == RESULTS_AT_ONCE


def test_what_another_source_told_counts_before_and_after_it_is_written(store: Store) -> None:
    pending = Pending(store, run_id=begun(store), now=NOW)
    assert pending.postings_told(*ASKED, not_source="beta") == set()
    pending.add(result(new=(new(an_item(fingerprint=digest("posting")), a_match()),)))
    told = {("backend", digest("posting"))}
    assert pending.postings_told(*ASKED, not_source="beta") == told
    assert pending.postings_told({"other"}, {digest("posting")}, not_source="beta") == set()
    pending.flush()
    assert pending.postings_told(*ASKED, not_source="beta") == told


def test_what_left_and_was_matched_is_written_at_once(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item(fingerprint=digest("posting"))),)))
    (known,) = store.known("acme", []).values()
    pending = Pending(store, run_id=begun(store, 2, LATER), now=LATER)
    pending.add(result(at=LATER, left=(LeftItem(id=known.id, gone=True, matches=(a_match(event=Event.GONE),)),)))
    assert pending.postings_told(*ASKED, not_source="beta") == {("backend", digest("posting"))}
