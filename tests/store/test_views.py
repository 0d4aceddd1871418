"""What reports read."""

from datetime import timedelta

import pytest

from scan.reports.past import PastRun, SourceSpan
from scan.reports.view import Known
from scan.store import views
from scan.store.database import Store
from scan.store.records import Absorbed, LeftItem
from tests.store.samples import LATER, NOW, an_item, begun, new, result, source_run, state

DAY = timedelta(days=1)


def ended(store: Store, run: str, **counts: int) -> None:
    """Close a run with a result such as real ones have."""
    seen = {"seen": 3, "new": 2, "changed": 1, "gone": 0, **counts}
    sources = {"ok": 1, "failed": 0, "suspicious": 0}
    whole = {"items": seen, "sources": sources, "matches": {"new": 4}}
    store.end_run(run, status="success", finished_at=LATER, duration_seconds=1.5, error=None, result=whole)


def test_the_store_is_what_reports_know(store: Store) -> None:
    known: Known = store
    assert list(known.listed("acme")) == []
    assert known.matches(limit=5) == []
    assert known.source_runs("none") == []


def test_listed_items_come_a_few_at_a_time_and_all_of_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CHUNK", 2)
    store.absorb(begun(store), NOW, result(new=tuple(new(an_item(f"job-{n}")) for n in range(5))))
    store.absorb(begun(store, 2), NOW, result("beta", new=(new(an_item("other", "beta")),)))
    found = list(store.listed("acme"))
    assert [one.item.key for one in found] == [f"job-{n}" for n in range(5)]
    assert found[0].last_seen_at == NOW


def test_the_newest_items_come_first_and_without_their_texts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CHUNK", 2)
    for run in range(3):
        made = tuple(new(an_item(f"job-{run}-{n}", text="long")) for n in range(2))
        store.absorb(begun(store, run + 1), NOW + run * DAY, result(at=NOW + run * DAY, new=made))
    store.absorb(begun(store, 9), NOW, result("beta", new=(new(an_item("other", "beta")),)))
    found = list(store.newest("acme", limit=5))
    assert [one.item.key for one in found] == ["job-2-1", "job-2-0", "job-1-1", "job-1-0", "job-0-1"]
    assert {one.item.text for one in found} == {""}
    assert [one.item.key for one in store.newest("beta", limit=5)] == ["other"]
    assert list(store.newest("acme", limit=0)) == []
    left = tuple(LeftItem(id=one.id, gone=True) for one in found[:2])
    store.absorb(begun(store, 10, LATER), LATER, result(at=LATER, left=left))
    assert next(store.newest("acme", limit=1)).item.key == "job-1-1"
    assert store.listed_counts(["acme", "beta", "none"]) == {"acme": 4, "beta": 1}


def test_items_that_left_are_not_listed_but_known_for_a_while(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=tuple(new(an_item(f"job-{n}")) for n in range(3))))
    ids = {one.item.key: one.id for one in store.listed("acme")}
    left = (LeftItem(id=ids["job-0"], gone=True), LeftItem(id=ids["job-1"], gone=False))
    store.absorb(begun(store, 2, LATER), LATER, result(at=LATER, left=left))
    assert [one.item.key for one in store.listed("acme")] == ["job-2"]
    assert {one.item.key for one in store.left_since(NOW, limit=10)} == {"job-0", "job-1"}
    assert len(store.left_since(NOW, limit=1)) == 1
    assert store.left_since(NOW + DAY, limit=10) == []


def test_past_runs_are_told_in_short(store: Store) -> None:
    ended(store, begun(store))
    running = begun(store, 2, LATER)
    now, before = store.past_runs(NOW, limit=10)
    assert (now.id, now.status, now.new, now.finished_at) == (running, "running", 0, None)
    assert before == PastRun(
        id=before.id,
        status="success",
        trigger="timer",
        started_at=NOW,
        finished_at=LATER,
        duration_seconds=1.5,
        error=None,
        seen=3,
        new=2,
        changed=1,
        matched=4,
        ok=1,
    )
    assert [run.id for run in store.past_runs(LATER, limit=10)] == [running]
    assert [run.id for run in store.past_runs(NOW, limit=1)] == [running]


def test_what_sources_did_in_a_time_is_added_up(store: Store) -> None:
    first = source_run(seen=10, new=2, matched=1, duration_seconds=0.5)
    store.absorb(begun(store), NOW, result(run=first))
    then = begun(store, 2, LATER)
    store.absorb(then, LATER, result(at=LATER, run=source_run(seen=12, new=3, gone=1, duration_seconds=1.0)))
    store.absorb(
        then, NOW, Absorbed(state=state("beta", LATER), run=source_run("beta", status="failed", duration_seconds=2.0))
    )
    store.absorb(begun(store, 3, NOW + DAY), NOW + DAY, result(at=NOW + DAY, run=source_run(new=100)))
    nothing = {"failed": 0, "suspicious": 0, "seen": 0, "new": 0, "changed": 0, "gone": 0, "matched": 0}
    acme = {**nothing, "runs": 2, "seen": 12, "new": 5, "gone": 1, "matched": 1, "duration_seconds": 1.5}
    beta = {**nothing, "runs": 1, "failed": 1, "duration_seconds": 2.0}
    assert store.source_spans(NOW, NOW + DAY) == [
        SourceSpan(source="acme", **acme),  # type: ignore[arg-type]
        SourceSpan(source="beta", **beta),  # type: ignore[arg-type]
    ]
    assert store.source_spans(NOW + 2 * DAY, NOW + 3 * DAY) == []
