"""Which sources a run begins with, and how long it may take."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scan.cadence import Calendar, SourceState
from scan.config.model import Config, SourceEntry
from scan.fetch.hosts import Hosts, Weight
from scan.fetch.remembered import HostMemory
from scan.fetch.urls import Place
from scan.run.memory import left
from scan.run.options import Options
from scan.run.plan import deadline, in_order, make_plan
from scan.run.task import Task
from scan.sources.greenhouse import Greenhouse
from scan.sources.remotive import Remotive

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def entry(name: str, every: timedelta | None = None, *, enabled: bool = True) -> SourceEntry:
    return SourceEntry(name=name, source=Greenhouse(board=name), every=every, enabled=enabled)


def config(*entries: SourceEntry, calendar: Calendar | None = None) -> Config:
    return Config(path=Path("scan.yaml"), every=QUARTER, sources=entries, calendar=calendar)


def task(name: str, *, seconds: float = 1, missed: int = 0, crashes: int = 0) -> Task:
    state = SourceState(name=name, missed=missed, crashes=crashes)
    return Task(entry=entry(name), state=state, every=QUARTER, seconds=seconds)


def test_what_was_left_comes_first_then_the_slowest_and_last_what_a_run_died_of() -> None:
    tasks = [
        task("quick", seconds=1),
        task("deadly", seconds=99, missed=9, crashes=1),
        task("slow", seconds=5),
        task("left", missed=1),
        task("left and slow", missed=1, seconds=2),
        task("as quick", seconds=1),
        task("left twice", missed=2),
    ]
    names = [one.entry.name for one in in_order(tasks)]
    assert names == ["left twice", "left and slow", "left", "slow", "quick", "as quick", "deadly"]


def test_a_source_never_asked_may_be_as_slow_as_any_request() -> None:
    states = {
        name: SourceState(name=name, seconds=seconds, last_attempt_at=NOW - timedelta(days=1))
        for name, seconds in {"quick": 0.2, "slow": 29.0, "slower": 31.0}.items()
    }
    entries = [entry(name) for name in ("quick", "new", "slow", "slower")]
    plan = make_plan(config(*entries), states, HostMemory(wall=lambda: NOW), Options(), NOW)
    assert [one.entry.name for one in plan.tasks] == ["slower", "new", "slow", "quick"]
    assert [one.seconds for one in plan.tasks] == [31, 30, 29, 0.2]


def test_who_has_not_had_a_turn_for_longest_has_the_few_that_a_service_allows_however_quick_it_is() -> None:
    entries = [SourceEntry(name=str(number), source=Remotive(search=str(number))) for number in range(9)]
    states = {
        one.name: SourceState(name=one.name, seconds=9.0 - number, last_attempt_at=NOW - timedelta(days=1 + number))
        for number, one in enumerate(entries)
    }
    plan = make_plan(config(*entries), states, HostMemory(wall=lambda: NOW), Options(everything=True), NOW)
    assert [one.entry.name for one in plan.tasks] == ["5", "6", "7", "8"]


def test_the_deadline_is_a_little_under_the_shortest_interval_of_all_that_are_enabled() -> None:
    assert deadline(config()) is None
    assert deadline(config(entry("a"), entry("b", timedelta(hours=1)))) == timedelta(minutes=14)
    assert deadline(config(entry("b", timedelta(hours=1)))) == timedelta(minutes=56)
    never = entry("off", timedelta(minutes=1), enabled=False)
    assert deadline(config(entry("a"), never)) == timedelta(minutes=14)
    assert deadline(replace(config(entry("a")), deadline=timedelta(minutes=3))) == timedelta(minutes=3)


def test_a_calendar_has_no_interval_but_a_source_beside_it_may() -> None:
    nightly = Calendar((time(2),), ZoneInfo("UTC"))
    assert deadline(config(entry("a"), calendar=nightly)) is None
    assert deadline(config(entry("a"), entry("b", QUARTER), calendar=nightly)) == timedelta(minutes=14)


def test_one_that_was_asked_in_vain_lets_those_go_first_that_were_not() -> None:
    before = SourceState(name="a", missed=3, seconds=2.0)
    assert (left(before, None).missed, left(before, None).seconds) == (4, 2.0)
    assert (left(before, 0.5).missed, left(before, 0.5).seconds) == (1, 2.0)
    assert (left(before, 9.87654).missed, left(before, 9.87654).seconds) == (1, 9.877)


@pytest.mark.long
@pytest.mark.parametrize("hanging", [2, 8, 40])
def test_however_much_hangs_each_source_has_its_turn(hanging: int) -> None:
    """Eight questions at once, two to a host; hosts that never answer hold theirs until the deadline."""
    places = {f"{host} {number}": Place("http", host, 80) for host in map(str, range(50)) for number in range(4)}
    states = {name: SourceState(name=name) for name in places}
    answered: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for _ in range(60):
        tasks = in_order(msgspec.structs.replace(task(name), state=state) for name, state in states.items())
        hosts: Hosts[str] = Hosts(per_host=2, min_interval=0)
        for one in tasks:
            hosts.add(places[one.entry.name], one.entry.name, weight=Weight(one.state.missed, one.seconds))
        held: set[str] = set()
        done: set[str] = set()
        while len(held) < 8 and (name := hosts.take(0)) is not None:
            asked[name] += 1
            if int(places[name].host) < hanging:
                held.add(name)
            else:
                hosts.release(places[name])
                done.add(name)
        answered.update(done)
        states = {
            name: SourceState(name=name) if name in done else left(state, 60 if name in held else None)
            for name, state in states.items()
        }
    assert asked.keys() == places.keys()
    assert answered.keys() == {name for name, place in places.items() if int(place.host) >= hanging}
    assert min(answered.values()) >= 2
