from datetime import timedelta

import pytest

from scan.store.database import Store
from scan.store.records import Absorbed
from tests.store.samples import (
    LATER,
    NOW,
    RUN,
    TWICE,
    a_match,
    an_item,
    begun,
    delivery,
    new,
    result,
    source_run,
    start,
    state,
)


def finish(store: Store, run: str, *, at: timedelta = timedelta(seconds=3)) -> None:
    store.end_run(
        run, status="success", finished_at=NOW + at, duration_seconds=3.5, error=None, result={"items": {"new": 1}}
    )


def test_a_run_is_logged_from_start_to_end(store: Store) -> None:
    assert store.begin_run(start()) == 0
    (running,) = store.runs_named(RUN)
    assert (running.start, running.status, running.finished_at, running.result) == (start(), "running", None, None)
    finish(store, RUN)
    (ended,) = store.runs_named(RUN)
    assert (ended.status, ended.duration_seconds, ended.result) == ("success", 3.5, {"items": {"new": 1}})
    assert ended.finished_at == NOW + timedelta(seconds=3)


def test_what_a_dead_process_left_running_is_interrupted_by_the_next_run(store: Store) -> None:
    first = begun(store, 1)
    assert store.begin_run(start(RUN[:-2] + "02", LATER)) == 1
    (dead,) = store.runs_named(first)
    assert (dead.status, dead.finished_at) == ("interrupted", LATER)


def test_a_finished_run_is_never_called_interrupted(store: Store) -> None:
    finish(store, begun(store, 1))
    assert store.begin_run(start(RUN[:-2] + "02", LATER)) == 0


def test_runs_are_listed_newest_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in range(1, 6):
        begun(store, number)
    assert [row.start.id[-2:] for row in store.runs(3)] == ["05", "04", "03"]


def test_runs_are_found_by_the_beginning_of_their_ids(store: Store) -> None:
    first = begun(store, 1)
    assert [row.start.id for row in store.runs_named(RUN[:8])] == [first]
    others = [begun(store, number) for number in range(2, 7)]
    assert [row.start.id for row in store.runs_named(RUN[:8])] == others[:0:-1]
    assert [row.start.id for row in store.runs_named(first)] == [first]
    assert store.runs_named("%") == store.runs_named("nothing") == []


def test_a_source_s_row_says_how_much_of_it_was_told_and_refused(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item("a"), a_match(delivery("a1"), delivery("a2"))),)))
    other = new(an_item("b", "beta"), a_match(delivery("b")))
    run = begun(store, 2)
    store.absorb(run, LATER, result("beta", LATER, new=(other,)))
    store.absorb(run, NOW, Absorbed(state=state("gamma"), run=source_run("gamma")))
    whom = ("me", "me@example.org")
    first = store.freeze(*whom, message_id="<1@scan>", payload=b"", delivery_ids=["a1", "b"], now=LATER)
    second = store.freeze(*whom, message_id="<2@scan>", payload=b"", delivery_ids=["a2"], now=LATER)
    assert first is not None
    assert second is not None

    assert store.log_told(run, [first], [second]) == {"acme": (1, 1), "beta": (1, 0)}

    assert [(row.source, row.sent, row.failed) for row in store.source_runs(run)] == [("beta", 1, 0), ("gamma", 0, 0)]


def test_many_quiet_sources_are_remembered_and_logged_at_once(store: Store) -> None:
    run = begun(store)
    names = [f"source-{number:04}" for number in range(1200)]
    failed = {"status": "failed", "error": "no answer", "http_status": None}
    store.absorb(run, NOW, *(Absorbed(state=state(name), run=source_run(name, **failed)) for name in names))
    assert [row.source for row in store.source_runs(run)] == names
    assert store.source_runs(run)[0] == source_run(names[0], **failed)
    assert store.source_states(names)["source-1199"] == state("source-1199")


def test_a_source_is_logged_once_in_a_run(store: Store) -> None:
    run = begun(store)
    store.absorb(run, NOW, Absorbed(state=state(), run=source_run()))
    with pytest.raises(TWICE):
        store.absorb(run, NOW, Absorbed(state=state(at=LATER), run=source_run()))
    assert store.source_states(["acme"]) == {"acme": state()}


def test_a_run_that_was_never_begun_takes_no_sources(store: Store) -> None:
    with pytest.raises(ValueError, match="expected 1, got 0"):
        store.absorb("unknown", NOW, Absorbed(state=state(), run=source_run()))
    assert store.source_states(["acme"]) == {}


def test_no_sources_are_no_trouble(store: Store) -> None:
    run = begun(store)
    store.absorb(run, NOW)
    assert store.source_runs(run) == []
    assert store.source_states([]) == {}
