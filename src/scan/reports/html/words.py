"""Numbers, times and spans as people read them, in English."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

NONE = "\N{EN DASH}"
"""Stands where there is nothing to tell."""


class Moment(NamedTuple):
    """A point in time, for `<time>`.

    Attributes:
        machine: as RFC 3339 has it, in the profile's zone.
        people: `23 Nov 2026, 09:00 CET`.
        clock: `09:00`.

    """

    machine: str
    people: str
    clock: str


def moment(when: datetime, zone: ZoneInfo) -> Moment:
    """Word a point in time in a zone."""
    local = when.astimezone(zone)
    people = f"{local.day} {local:%b} {local.year}, {local:%H:%M} {local:%Z}"
    return Moment(local.isoformat(timespec="seconds"), people, f"{local:%H:%M}")


def weekday(day: date) -> str:
    """Word a day with its weekday: `Monday 23 November 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short(day: date) -> str:
    """Word a day for an axis: `23 Nov`."""
    return f"{day.day} {day:%b}"


def number(count: float) -> str:
    """Group the digits of a number: `10,000`; halves are kept."""
    return f"{count:,.0f}" if count == int(count) else f"{count:,g}"


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something: `1 source`, `2 sources`."""
    return f"{number(count)} {one if count == 1 else many or f'{one}s'}"
