"""Dates as they are written: ISO 8601 and what nearly is, RFC 822 and 850, English."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: at for at, name in enumerate(_MONTH_NAMES.split(), start=1)}
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3} | {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7
}  # fmt: skip
"""Hours east of Greenwich: RFC 822's names (in America's sense) and those of Europe. Others count as no zone."""

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_MONTH = rf"(?P<month>(?:{_MONTH_NAMES.replace(' ', '|')})[a-z]{{0,6}})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?=:| ?[ap]\.?m)(?::(?P<minute>[0-9]{2}))?"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_ZONE = r"(?: ?\(?(?P<zone>[a-z]{1,5}|(?:gmt|utc)?[+-][0-9]{1,2}(?::?[0-9]{2})?)\)?)?"
_TIME = rf"(?:(?:t|,? at |,? +| ?[-\u2013|] ?){_CLOCK})?{_ZONE}"
_FORMS = (
    rf"(?P<year>[0-9]{{4}})(?:[-/.](?P<month>[0-9]{{1,2}})(?:[-/.](?P<day>[0-9]{{1,2}}){_TIME})?)?",
    rf"{_WEEKDAY}{_DAY}(?: of)?[ -]{_MONTH},?[ -](?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}",
    rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>[0-9]{{4}}){_TIME}",
    rf"{_WEEKDAY}{_MONTH} {_DAY} {_CLOCK}{_ZONE} (?P<year>[0-9]{{4}})",
    rf"{_MONTH},? (?P<year>[0-9]{{4}})",
)

_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([1-9][0-9]{3})"
    r" ([0-9]{2}:[0-9]{2}:[0-9]{2}) (GMT|[+-][0-9]{4})"
)
_MONTH_DIGITS = {name.capitalize(): f"{at:02}" for name, at in _MONTHS.items()}
_ISO_ZONES = {"GMT": "Z"}


class Written(NamedTuple):
    """A time as written: naive where no zone is; approximate where no day is."""

    moment: datetime
    approximate: bool


def rfc_822(text: str) -> datetime | None:
    """Read a time as nearly every feed has it, `Mon, 23 Nov 2026 08:00:00 GMT`, in a fifth of what `written` takes.

    None for any other, and for one that takes thought (the second 60, February 30).
    """
    found = _RFC_822.fullmatch(text)
    if found is None:
        return None
    day, month, year, clock, zone = found.groups()
    try:
        return datetime.fromisoformat(
            f"{year}-{_MONTH_DIGITS[month]}-{day.zfill(2)}T{clock}{_ISO_ZONES.get(zone, zone)}"
        )
    except (KeyError, ValueError):
        return None


def written(text: str) -> Written | None:
    """Read a date with or without a time; a weekday that is wrong, as real feeds have it, doesn't matter.

    Args:
        text: on one line, its white space folded.

    """
    for form in _forms():
        if found := form.fullmatch(text):
            try:
                return _moment(found.groupdict())
            except (ValueError, OverflowError):  # February 30; the end of the last year
                return None
    return None


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """Compile the forms when the first is needed: most runs see nothing but ISO 8601."""
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


def _moment(parts: dict[str, str | None]) -> Written:
    year = int(parts["year"] or 0)
    if year < 100:
        year += 2000 if year < 69 else 1900  # as RFC 5322 and POSIX have it
    month = parts["month"] or "1"
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    day = datetime(year, number, int(parts.get("day") or 1))  # noqa: DTZ001 - naive where no zone is written
    zone = _zone((parts.get("zone") or "").lower())
    return Written(day.replace(tzinfo=zone) + _clock(parts), approximate=not parts.get("day"))


def _clock(parts: dict[str, str | None]) -> timedelta:
    """Give the time since midnight: 24:00 is the next one, second 60 the next minute's first."""
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower()
    if hour > (12 if half else 24) or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no time of a day")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    microseconds = int(f"{parts.get('fraction') or '':0<6.6}")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microseconds)


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])) if _ZONES[name] else UTC
    offset = name.removeprefix("gmt").removeprefix("utc")
    if offset[:1] not in {"+", "-"}:
        return None
    hours, minutes = re.fullmatch(r"([0-9]{1,2}):?([0-9]{2})?", offset[1:]).groups("0")  # type: ignore[union-attr]
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-span if offset[0] == "-" else span)
