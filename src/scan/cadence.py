"""When a source is due, and when a channel is left in peace. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from scan.declare import Hours
from scan.page import Validators

SLACK = timedelta(minutes=2)
"""A timer starts a little early or late: a source that would be due within a tenth of its interval, and within this,
is due now, or else every second start would find nothing to do."""

FAILURES_BORNE = 2
"""A source that failed more often in a row is tried less and less often: each time after twice as long."""

SELDOM = timedelta(hours=6)
"""However often it failed, it is tried again after this, or after its interval if that is longer."""

MOST_CRASHES = 3
"""Runs in a row that die of a source before it is left alone."""

LONGEST_WAIT = timedelta(days=1)
"""However long a server asks us to stay away, and whatever the clock did, a source is looked at again after this."""


class Calendar(msgspec.Struct, frozen=True):
    """Local wall-clock times of a day, `02:00 America/Chicago` in YAML."""

    times: tuple[time, ...]
    zone: ZoneInfo

    def last_slot(self, now: datetime) -> datetime:
        """Find the newest start that has passed, in UTC.

        A time that a spring night leaves out counts at the moment the clock jumps over it; one that an autumn night
        has twice counts once, the first time.
        """
        today = now.astimezone(self.zone).date()
        days = (today - timedelta(days=back) for back in range(3))
        slots = (_utc(datetime.combine(day, slot, self.zone)) for day in days for slot in self.times)
        return max(slot for slot in slots if slot <= now)


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What the store remembers of a configured source. All None or 0 for one never seen.

    Attributes:
        fingerprint: of what the adapter was configured to do; when it differs, validators and hashes say nothing.
        body_hash: of the last complete, unsuspicious answer.
        last_count: items of the last complete, unsuspicious result.
        suspicious_since: when the result turned suspicious; None while it is not.
        failing_since: when it began to fail; None while it does not.
        baselined_at: when the first complete result was taken in.
        not_before: as the server asked (Retry-After), or because of crashes.
        crashes: runs in a row that died while they had the source in hand.
        seconds: it took last, from its first question to its result, or has taken without one.
        missed: runs in a row that ended before it was done; one that had begun to ask it begins the count anew.

    """

    name: str
    fingerprint: str | None = None
    validators: Validators = Validators()
    body_hash: bytes | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_status: str | None = None
    last_error: str | None = None
    consecutive_failures: int = 0
    not_before: datetime | None = None
    last_count: int | None = None
    suspicious_since: datetime | None = None
    failing_since: datetime | None = None
    baselined_at: datetime | None = None
    crashes: int = 0
    seconds: float | None = None
    missed: int = 0

    @property
    def quarantined(self) -> bool:
        """Whether it is looked at only once in a while, because it ends the runs that look at it."""
        return self.crashes >= MOST_CRASHES


def is_due(
    state: SourceState,
    *,
    every: timedelta,
    now: datetime,
    calendar: Calendar | None = None,
    grace: timedelta | None = None,
) -> bool:
    """Tell whether a source is to be looked at now.

    Args:
        state: what is remembered of it.
        every: its interval; on average where there is a calendar.
        now: aware UTC.
        calendar: wall-clock times instead of an interval.
        grace: a start missed by more than this is not made up; None makes up every one, once.

    """
    last = state.last_attempt_at
    if is_left_alone(state, now):
        return False
    if last is None or last > now:  # never seen, or the clock was set back
        return calendar is None or _in_time(calendar.last_slot(now), now, grace)
    wait = patience(state.consecutive_failures, every)
    rested = now >= last + wait - min(wait / 10, SLACK)
    if calendar is not None:
        slot = calendar.last_slot(now)
        return last < slot and _in_time(slot, now, grace) and (rested or wait == every)
    return rested


def patience(failures: int, every: timedelta) -> timedelta:
    """Tell how long after its last look a source is due that has failed so often in a row."""
    doublings = min(max(failures - FAILURES_BORNE, 0), 20)
    return min(every * (1 << doublings), max(every, SELDOM))


def is_left_alone(state: SourceState, now: datetime) -> bool:
    """Tell whether it is too early to look at a source, however due it is."""
    return awaits(state.not_before, now)


def awaits(until: datetime | None, now: datetime) -> bool:
    """Tell whether a moment that was agreed on is still to be waited for.

    One that is further away than any that is agreed on was noted by a clock that was ahead.
    """
    return until is not None and now < until <= now + LONGEST_WAIT


def quiet(hours: Hours, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether it is within a part of the day, local time: whether it began later than it ended.

    In the nights when the clocks change, its ends are what `Calendar.last_slot` makes of them, so that every night is
    quiet once: a time that comes twice counts the first time, one that is left out counts when the clock jumps over it.
    """
    begun, ended = (Calendar((end,), zone).last_slot(now) for end in (hours.start, hours.end))
    return begun > ended


def _in_time(slot: datetime, now: datetime, grace: timedelta | None) -> bool:
    return grace is None or now - slot <= grace


def _utc(local: datetime) -> datetime:
    """Convert a wall-clock time, real or left out by a spring night, to UTC."""
    utc = ZoneInfo("UTC")
    moment = local.astimezone(utc)
    there = moment.astimezone(local.tzinfo)
    if there.replace(tzinfo=None) != local.replace(tzinfo=None):  # left out: the offset before the jump is one too far
        return _jump(local, utc)
    return moment


def _jump(local: datetime, utc: ZoneInfo) -> datetime:
    """Find the moment at which the clock jumps over a wall-clock time that does not exist."""
    before, after = local.replace(fold=1).astimezone(utc), local.astimezone(utc)
    offset = before.astimezone(local.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(local.tzinfo).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
