"""What is made of the sources that runs died of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scan.at_work import AtWork
from scan.cadence import LONGEST_WAIT, MOST_CRASHES, SourceState
from scan.config.model import Config, SourceEntry
from scan.fetch.remembered import HostMemory
from scan.run.crashes import count_crash
from scan.run.options import Options
from scan.run.plan import make_plan
from scan.sources.greenhouse import Greenhouse
from scan.store.database import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ACME, BAD = (SourceEntry(name=name, source=Greenhouse(board=name)) for name in ("acme", "bad"))
CONFIG = Config(path=Path("scan.yaml"), every=QUARTER, sources=(BAD, ACME))
ALL = Options(everything=True)
DUE = Options()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/scan.db", create=True)
    yield store
    store.close()


def die(store: Store, tmp_path: Path, config: Config = CONFIG, *, source: str = "bad", times: int = 1) -> SourceState:
    """Let so many runs die of a source, and the last of them be noticed."""
    for _ in range(times):
        with AtWork(tmp_path / "at-work", "dead") as work:
            in_hand = work.on(source)
            in_hand.__enter__()
        with AtWork(tmp_path / "at-work", "next") as work:
            count_crash(config, store, work, NOW, call="scan")
    return store.source_states([source]).get(source, SourceState(name=source))


def planned(store: Store, options: Options, *, config: Config = CONFIG, at: datetime = NOW) -> list[str]:
    states = store.source_states(["acme", "bad"])
    plan = make_plan(config, states, HostMemory(wall=lambda: at), options, at)
    return [task.entry.name for task in plan.tasks]


def test_a_source_is_looked_at_last_after_a_crash_and_stays_due(store: Store, tmp_path: Path) -> None:
    assert planned(store, DUE) == ["bad", "acme"]
    assert die(store, tmp_path).crashes == 1
    assert planned(store, DUE) == ["acme", "bad"]


def test_one_that_is_no_longer_configured_is_forgotten(store: Store, tmp_path: Path) -> None:
    die(store, tmp_path, replace(CONFIG, sources=(ACME,)))
    assert store.source_states(["bad"]) == {}


def test_after_some_in_a_row_it_is_left_alone_for_a_day_except_by_name(store: Store, tmp_path: Path) -> None:
    state = die(store, tmp_path, times=MOST_CRASHES)
    assert state.quarantined
    assert state.last_error is not None
    assert "2026-11-24 08:00 UTC; `scan run bad` tries it now" in state.last_error
    for options in (ALL, DUE):
        assert planned(store, options) == ["acme"]
    assert planned(store, Options(sources=("bad",))) == ["bad"]
    tomorrow = NOW + LONGEST_WAIT
    for options in (ALL, DUE):
        assert planned(store, options, at=tomorrow) == ["acme", "bad"]
    assert planned(store, DUE, at=NOW - timedelta(days=300)) == ["acme", "bad"], "the clock had been ahead"


def test_another_config_of_it_is_another_chance_of_as_many_crashes(store: Store, tmp_path: Path) -> None:
    die(store, tmp_path, times=MOST_CRASHES)
    other = replace(CONFIG, sources=(ACME, replace(BAD, source=Greenhouse(board="better"))))
    assert planned(store, DUE, config=other, at=NOW + 2 * QUARTER) == ["acme", "bad"]
    assert die(store, tmp_path, other).crashes == 1
    assert die(store, tmp_path, other, times=MOST_CRASHES - 1).quarantined
