"""How often a timer starts a profile, and that it is often enough for each source of it."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.cadence import Calendar, SourceState, is_due
from scan.config.model import Config, SourceEntry
from scan.declare import Address
from scan.sources.feed import Feed
from scan.sources.remotive import Remotive
from scan.units import Schedule, fits, from_plain, schedule
from scan.units.texts import _jitter

START = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NIGHTLY = Calendar((time(2, 0),), ZoneInfo("America/Chicago"))
CHICAGO = ("*-*-* 02:00:00 America/Chicago", "Sun *-03-* 03:00:00 America/Chicago")


def entry(number: int, every: timedelta | None, *, enabled: bool = True) -> SourceEntry:
    source = Feed(url=Address("https://example.org/feed"))
    return SourceEntry(name=f"s{number}", source=source, every=every, enabled=enabled)


def config(
    *own: float | None, every: float = 15, calendar: Calendar | None = None, disabled: Sequence[float] = ()
) -> Config:
    """Make a config whose sources have these intervals in minutes, or none of their own."""
    spans = [None if minutes is None else minutes * MINUTE for minutes in own]
    entries = [entry(number, span) for number, span in enumerate(spans)]
    off = [entry(number, minutes * MINUTE, enabled=False) for number, minutes in enumerate(disabled, len(entries))]
    return Config(path=Path("jobs.yaml"), every=every * MINUTE, calendar=calendar, sources=(*entries, *off))


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (1, "*-*-* *:*:00 UTC"),
        (5, "*-*-* *:00/5:00 UTC"),
        (15, "*-*-* *:00/15:00 UTC"),
        (60, "*-*-* *:00:00 UTC"),
        (120, "*-*-* 00/2:00:00 UTC"),
        (720, "*-*-* 00/12:00:00 UTC"),
        (1440, "*-*-* 00:00:00 UTC"),
        (7 * 1440, "*-*-* 00:00:00 UTC"),
        (36 * 60, "*-*-* 00/12:00:00 UTC"),
    ],
)
def test_what_divides_the_hour_or_the_day_is_a_slot_of_the_clock(minutes: float, line: str) -> None:
    found = schedule(config(None, every=minutes))
    assert (found.lines, found.after_start) == ((line,), None)


@pytest.mark.parametrize("minutes", [1.5, 7, 40, 45, 90, 7 * 60])
def test_what_does_not_is_counted_from_the_last_start(minutes: float) -> None:
    found = schedule(config(None, every=minutes))
    assert (found.lines, found.after_start) == ((), minutes * MINUTE)


@pytest.mark.parametrize(
    ("own", "tick"),
    [
        ((15, 60), 15),
        ((15, 20), 5),
        ((30, 45), 15),
        ((7, 15), 7),  # a tick a minute would be for 7 and 15 alone
        ((1, 15), 1),
        ((1440, 2880), 1440),
        ((2880, 4320), 1440),
        ((25 * 60 + 1,), 60),
        ((15, None), 15),
    ],
)
def test_several_intervals_have_the_tick_that_serves_all(own: tuple[float | None, ...], tick: float) -> None:
    assert schedule(config(*own, every=60)).every == tick * MINUTE


def test_what_is_switched_off_does_not_count() -> None:
    assert schedule(config(60, disabled=[5])).every == 60 * MINUTE


def test_without_any_source_the_configs_interval_counts() -> None:
    assert schedule(config(every=30)).every == 30 * MINUTE
    assert schedule(config(calendar=NIGHTLY)) == Schedule(times=CHICAGO)


def test_a_calendar_counts_for_the_sources_without_an_interval_of_their_own() -> None:
    assert schedule(config(None, calendar=NIGHTLY)) == Schedule(times=CHICAGO)
    assert schedule(config(None, 60, calendar=NIGHTLY)) == Schedule(times=CHICAGO, every=60 * MINUTE)
    assert schedule(config(60, calendar=NIGHTLY)) == Schedule(every=60 * MINUTE)


def test_a_source_that_its_service_makes_due_less_often_needs_no_more_starts() -> None:
    seldom = SourceEntry(name="remotive", source=Remotive())
    alone = Config(path=Path("jobs.yaml"), every=15 * MINUTE, sources=(seldom,))
    assert schedule(alone) == Schedule(every=360 * MINUTE)
    assert schedule(replace(alone, sources=(seldom, entry(1, None)))) == Schedule(every=15 * MINUTE)


@pytest.mark.parametrize(
    "wanted", [Schedule(every=1.5 * MINUTE), Schedule(times=CHICAGO), Schedule(times=CHICAGO, every=DAY)]
)
def test_a_schedule_is_read_as_it_was_noted(wanted: Schedule) -> None:
    assert from_plain(wanted.plain()) == wanted


# --- whether a timer fits


@pytest.mark.parametrize(
    ("wanted", "lines", "after_start", "fitting"),
    [
        (Schedule(every=15 * MINUTE), ["*-*-* *:00/15:00 UTC"], None, True),
        (Schedule(every=15 * MINUTE), ["*-*-* *:07/15:00"], None, True),
        (Schedule(every=15 * MINUTE), [], 15 * MINUTE, True),
        (Schedule(every=15 * MINUTE), ["*-*-* *:00/5:00 UTC"], None, False),
        (Schedule(every=15 * MINUTE), ["*-*-* *:00/15:00 UTC"], 40 * MINUTE, False),
        (Schedule(every=15 * MINUTE), ["Mon *-*-* *:00/15:00 UTC"], None, False),
        (Schedule(every=15 * MINUTE), [], None, False),
        (Schedule(every=MINUTE), ["*-*-* *:*:30"], None, True),
        (Schedule(every=60 * MINUTE), ["*-*-* *:17:00 UTC"], None, True),
        (Schedule(every=120 * MINUTE), ["*-*-* 01/2:17:00 UTC"], None, True),
        (Schedule(every=DAY), ["*-*-* 04:17:00 Europe/Berlin"], None, False),
        (Schedule(every=DAY), ["*-*-* 04:17:00 UTC"], None, True),
        (Schedule(times=CHICAGO), CHICAGO, None, True),
        (Schedule(times=CHICAGO), CHICAGO[:1], None, False),
        (Schedule(times=CHICAGO), ["*-*-* *:00/15:00 UTC"], None, False),
        (Schedule(times=CHICAGO), [*CHICAGO, "*-*-* *:00:00 UTC"], None, False),
        (Schedule(times=CHICAGO, every=60 * MINUTE), [*CHICAGO, "*-*-* *:00:00 UTC"], None, True),
        (Schedule(times=("*-*-* 02:00:00 UTC",)), ["*-*-* 03:00:00 UTC"], None, False),
    ],
)
def test_a_timer_fits_if_it_starts_as_often(
    wanted: Schedule, lines: Sequence[str], after_start: timedelta | None, fitting: bool
) -> None:
    assert fits(wanted, lines, after_start) is fitting


# --- that nobody starves: the timer's ticks against the run's own due check


def starts(
    tick: timedelta, intervals: Sequence[timedelta], *, until: timedelta, jitter: timedelta, seed: int = 0
) -> list[list[datetime]]:
    """Say when each source was looked at, if every start is late by another random delay."""
    chance = random.Random(seed)
    found: list[list[datetime]] = [[] for _ in intervals]
    slot = START
    while slot < START + until:
        now = slot + chance.random() * jitter
        for seen, every in zip(found, intervals, strict=True):
            state = SourceState(name="a", last_attempt_at=seen[-1] if seen else None)
            if is_due(state, every=every, now=now):
                seen.append(now)
        slot += tick
    return found


@pytest.mark.long
def test_in_a_year_of_random_delays_no_source_misses_a_start() -> None:
    wanted = schedule(config(15, 30, 60, 1440))
    assert wanted.every == 15 * MINUTE
    intervals = [minutes * MINUTE for minutes in (15, 30, 60, 1440)]
    found = starts(wanted.every, intervals, until=365 * DAY, jitter=_jitter(wanted))
    assert [len(seen) for seen in found] == [365 * 96, 365 * 48, 365 * 24, 365]


minutes_of_sources = st.lists(st.integers(1, 200), min_size=1, max_size=4)


@given(minutes_of_sources, st.integers(0, 2**32))
def test_whatever_the_intervals_a_source_waits_at_most_one_tick_longer(own: list[int], seed: int) -> None:
    wanted = schedule(config(*own))
    assert wanted.every is not None
    jitter = _jitter(Schedule(every=wanted.every)) if wanted.slot else timedelta(0)
    intervals = [minutes * MINUTE for minutes in own]
    assert wanted.every <= min(intervals)
    for seen, every in zip(
        starts(wanted.every, intervals, until=DAY, jitter=jitter, seed=seed), intervals, strict=True
    ):
        waits = [later - earlier for earlier, later in pairwise(seen)]
        exact = every % wanted.every == timedelta(0)
        assert max(waits, default=every) <= every + jitter + (timedelta(0) if exact else wanted.every)
        assert min(waits, default=every) >= every - min(every / 10, 2 * MINUTE)


def test_a_delay_as_long_as_the_interval_would_starve() -> None:
    (seen,) = starts(15 * MINUTE, [15 * MINUTE], until=30 * DAY, jitter=15 * MINUTE)
    assert len(seen) < 0.9 * 30 * 96
