"""Times as sources write them -> aware UTC."""

import re
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scan.model import RawTime
from scan.normalize.characters import clean
from scan.normalize.relative import relative
from scan.normalize.written import rfc_822, written


class Reading(NamedTuple):
    """What a written time says.

    Attributes:
        at: aware UTC; None where there is no time, or only a placeholder for one (year 1, 1900, 9999, the epoch).
        approximate: rounded, or counted back from now: `2026-10`, "5 days ago".
        readable: False if something is written that is no time.

    """

    at: datetime | None = None
    approximate: bool = False
    readable: bool = True


NOTHING = Reading()
_UNREADABLE = Reading(readable=False)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACEHOLDER_UNTIL = 1900
_DAY = timedelta(days=1)
_PLACEHOLDERS = (_EPOCH - _DAY, _EPOCH + _DAY)
_FUTURE = timedelta(days=3653)
_MAX_LENGTH = 100
_SECONDS_BELOW = 1e11
"""The year 5138 in seconds, 1973 in milliseconds: larger numbers are milliseconds (or micro-, or nanoseconds)."""
_NANOSECONDS_BELOW = 1e19

_NUMBER = re.compile(r"-?[0-9]{9,19}(?:\.[0-9]+)?")
_COMPACT_FROM, _COMPACT_TO = 19_000_101, 20_991_231
_COMPACT = re.compile(r"((?:19|20)[0-9]{6})([0-9]{6})?")
_JAVA_ZONE = re.compile(r"\[[\w/+-]+\]$")
_COMMENT = re.compile(r"(?<=[+-][0-9]{4}) *\(.*\)$|(?<=[+-][0-9]{2}:[0-9]{2}) *\(.*\)$")


def parse_time(value: str | float | RawTime | None, *, now: datetime) -> Reading:
    """Read a time: epoch seconds or milliseconds, ISO 8601, RFC 822, English dates, "3 hours ago".

    A time without a zone is one of its `RawTime`'s zone, else UTC; a date alone is its midnight. Never raises.
    """
    form: str | None = None
    zone: tzinfo = UTC
    if isinstance(value, RawTime):
        form = value.format
        try:
            zone = ZoneInfo(value.zone) if value.zone else UTC
        except (KeyError, ValueError, OSError):  # OSError: the name of a folder of the zone database
            return _UNREADABLE
        value = value.value
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return _text(value, form, zone, now)
    if isinstance(value, int) and _COMPACT_FROM <= value <= _COMPACT_TO:
        return _text(str(value), None, zone, now)
    return _number(value, now)


def _text(text: str, form: str | None, zone: tzinfo, now: datetime) -> Reading:
    if not form and (moment := rfc_822(text)):
        return _believed(moment, zone=zone, now=now)
    finish = partial(_believed, zone=zone, now=now)
    if not form and "-" in text[:5]:
        try:
            return finish(datetime.fromisoformat(text))
        except ValueError:
            pass  # not quite ISO 8601, or 24:00, which is read below
    text = " ".join(clean(text[: _MAX_LENGTH + 1]).split())
    if not text or text.startswith("0000-"):
        return NOTHING
    if len(text) > _MAX_LENGTH:
        return _UNREADABLE
    return _formatted(text, form, finish) if form else _recognized(text, now.astimezone(zone), finish)


def _recognized(text: str, now: datetime, finish: "partial[Reading]") -> Reading:
    if compact := _COMPACT.fullmatch(text):
        return _formatted(text, "%Y%m%d%H%M%S" if compact[2] else "%Y%m%d", finish)
    if _NUMBER.fullmatch(text):
        return _number(float(text) if "." in text else int(text), now)
    if text[-1] in ")]":
        text = _COMMENT.sub("", _JAVA_ZONE.sub("", text))
    if found := written(text):
        return finish(found.moment, approximate=found.approximate)
    if before := relative(text, now):
        return finish(before, approximate=True)
    return _UNREADABLE


def _formatted(text: str, form: str, finish: "partial[Reading]") -> Reading:
    try:
        return finish(datetime.strptime(text, form))  # noqa: DTZ007 - the zone is added where the text has none
    except (ValueError, OverflowError, re.error):  # re.error: a directive twice
        return _UNREADABLE


def _number(number: float, now: datetime) -> Reading:
    if not abs(number) < _NANOSECONDS_BELOW:  # which is so of NaN, too
        return _UNREADABLE
    while abs(number) >= _SECONDS_BELOW:
        number /= 1000
    try:
        return _believed(_EPOCH + timedelta(seconds=number), zone=UTC, now=now)
    except OverflowError:  # before the year 1, or after 9999
        return NOTHING


def _believed(moment: datetime, *, zone: tzinfo, now: datetime, approximate: bool = False) -> Reading:
    """Give the moment in UTC, unless it is a placeholder or too far in the future to be meant."""
    if not _PLACEHOLDER_UNTIL < moment.year < MAXYEAR:
        return NOTHING
    at = moment
    if moment.tzinfo is not UTC:
        at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if _PLACEHOLDERS[0] < at < _PLACEHOLDERS[1] or at - now > _FUTURE:
        return NOTHING
    return Reading(at, approximate)
