"""When a timer has to start a profile, so that every source is on time."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scan.units.nights import calendar_lines

if TYPE_CHECKING:  # start-up: `scan status` compares a timer with what a run noted, and reads no config
    from scan.config.model import Config

FINEST = timedelta(minutes=5)
"""A timer does not tick more often than this only to meet intervals that have no greater common divisor."""

MILLISECOND, MINUTE = timedelta(milliseconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_PERIODS: tuple[tuple[re.Pattern[str], timedelta], ...] = (
    (re.compile(r"\*-\*-\* \*:\*:\d\d"), MINUTE),
    (re.compile(r"\*-\*-\* \*:\d\d/(\d\d?):\d\d"), MINUTE),
    (re.compile(r"\*-\*-\* \*:\d\d:\d\d"), HOUR),
    (re.compile(r"\*-\*-\* \d\d/(\d\d?):\d\d:\d\d"), HOUR),
    (re.compile(r"\*-\*-\* \d\d:\d\d:\d\d"), DAY),
)
"""How often a line comes round; a group counts the units."""


@dataclass(frozen=True, slots=True, kw_only=True)  # start-up: `scan status` does without msgspec
class Schedule:
    """When a timer starts a profile. What is due then is the run's own business.

    Attributes:
        times: `OnCalendar=` lines of local wall-clock times.
        every: how often otherwise; None where only the times count.

    """

    times: tuple[str, ...] = ()
    every: timedelta | None = None

    @property
    def slot(self) -> str | None:
        """Give `every` as one `OnCalendar=` line, if it divides the hour or the day.

        In UTC: a zone with daylight saving has a hole in its autumn night.
        """
        minutes, rest = divmod(self.every or timedelta(0), MINUTE)
        if rest or not minutes or 1440 % minutes:
            return None
        if minutes == 1:
            return "*-*-* *:*:00 UTC"
        if minutes < 60:
            return None if 60 % minutes else f"*-*-* *:00/{minutes}:00 UTC"
        hours, rest_of_hour = divmod(minutes, 60)
        if rest_of_hour:
            return None
        return {1: "*-*-* *:00:00 UTC", 24: "*-*-* 00:00:00 UTC"}.get(hours, f"*-*-* 00/{hours}:00:00 UTC")

    @property
    def lines(self) -> tuple[str, ...]:
        """All `OnCalendar=` lines."""
        return (*self.times, *([self.slot] if self.slot else []))

    @property
    def after_start(self) -> timedelta | None:
        """`OnUnitActiveSec=`, where `every` is no slot of the clock."""
        return None if self.slot else self.every

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"times": list(self.times), "every_seconds": self.every.total_seconds() if self.every else None}


def from_plain(noted: Mapping[str, Any]) -> Schedule:
    """Read what `Schedule.plain` gave."""
    seconds = noted["every_seconds"]
    return Schedule(times=tuple(noted["times"]), every=None if seconds is None else timedelta(seconds=seconds))


def schedule(config: "Config") -> Schedule:
    """Find when a profile's timer must start it, for every enabled source to be on time."""
    own = [entry.every for entry in config.sources if entry.enabled]
    if config.calendar is None:
        return Schedule(every=_tick(config.intervals() or {config.every}))
    intervals = config.intervals()
    times = calendar_lines(config.calendar) if not own or None in own else ()
    return Schedule(times=tuple(times), every=_tick(intervals) if intervals else None)


def fits(wanted: Schedule, lines: Sequence[str], after_start: timedelta | None) -> bool:
    """Tell whether a timer starts a profile as often as it should; at which minute of the hour is its own affair.

    Args:
        wanted: what the config asks for.
        lines: the timer's `OnCalendar=` lines, in normal form.
        after_start: its `OnUnitActiveSec=`.

    """
    if not set(wanted.times) <= set(lines):
        return False
    found: set[timedelta | str] = {_period(line) for line in lines if line not in wanted.times}
    if after_start:
        found.add(after_start)
    return found == ({wanted.every} if wanted.every else set())


def _tick(intervals: Iterable[timedelta]) -> timedelta:
    """Choose a period at which no source waits much longer than its interval.

    That is their greatest common divisor; if it is a very short time, the shortest of them: a source then waits for the
    first tick after its interval. Beyond a day, it is a part of the day, which survives reboots.
    """
    counts = [interval // MILLISECOND for interval in intervals]
    common = math.gcd(*counts) * MILLISECOND
    tick = common if common >= FINEST else min(counts) * MILLISECOND
    return tick if tick <= DAY else max(math.gcd(tick // MILLISECOND, DAY // MILLISECOND) * MILLISECOND, HOUR)


def _period(line: str) -> timedelta | str:
    """Find how often a line comes round; the line itself where that is not plain to see."""
    for pattern, unit in _PERIODS:
        if match := pattern.fullmatch(line.removesuffix(" UTC")):
            return unit * int(match[1]) if pattern.groups else unit
    return line
