"""Times of day as systemd's timers have them, also in nights whose clock jumps over one.

systemd leaves a start out whose time does not exist (systemd#5595, seen on 252 and 257). The old schedulers made it up
at the moment of the jump, and so does a second line here.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up: `scan status` compares a timer with what a run noted
    from scan.cadence import Calendar

YEARS = (date(2026, 1, 1), date(2036, 1, 1))
"""Where such nights are looked for. The rules of daylight saving name a weekday and months, and ten years show them."""

DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calendar_lines(calendar: "Calendar") -> Iterator[str]:
    """Write `OnCalendar=` lines for times of day.

    On days when the second line names a time for nothing, nothing is due.
    """
    yield from (f"*-*-* {slot:%H:%M:%S} {calendar.zone.key}" for slot in calendar.times)
    days: dict[time, set[date]] = {}
    for day, landed in _landings(calendar):
        if landed not in calendar.times:
            days.setdefault(landed, set()).add(day)
    for landed, found in sorted(days.items()):
        weekdays = ",".join(WEEKDAYS[number] for number in sorted({day.weekday() for day in found}))
        months = ",".join(f"{month:02}" for month in sorted({day.month for day in found}))
        yield f"{weekdays} *-{months}-* {landed:%H:%M:%S} {calendar.zone.key}"


def _landings(calendar: "Calendar") -> Iterator[tuple[date, time]]:
    """Find the nights in which the clock jumps over one of the times: where it lands."""
    from scan.cadence import Calendar

    for day in _short_days(calendar):
        for slot in calendar.times:
            local = datetime.combine(day, slot, calendar.zone)
            if local.astimezone(UTC).astimezone(calendar.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                jump = Calendar((slot,), calendar.zone).last_slot(local.astimezone(UTC) + timedelta(hours=3))
                landed = jump.astimezone(calendar.zone)
                yield landed.date(), landed.time()


def _short_days(calendar: "Calendar") -> Iterator[date]:
    """Name the days on which the clock is put forward."""
    day, last = YEARS
    before = _offset(day, calendar)
    while day < last:
        after = _offset(day + DAY, calendar)
        if after > before:
            yield day
        day, before = day + DAY, after


def _offset(day: date, calendar: "Calendar") -> timedelta:
    """Give a zone's distance from UTC when a day begins."""
    return datetime.combine(day, time(0), calendar.zone).utcoffset() or timedelta(0)
