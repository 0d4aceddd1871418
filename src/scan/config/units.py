"""Durations and sizes, as people write them. What is written is read back to the same value."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(?=\d)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?", re.ASCII)
_ISO = re.compile(
    r"P(?=.)(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_SIZE = re.compile(r"(\d{1,15})\s*([KMGT]i?)?B", re.ASCII | re.IGNORECASE)
_UNITS = {
    "": 1,
    "k": 1000,
    "m": 1000**2,
    "g": 1000**3,
    "t": 1000**4,
    "ki": 1024,
    "mi": 1024**2,
    "gi": 1024**3,
    "ti": 1024**4,
}
_SIZE_TEXTS = (
    ("TB", 1000**4),
    ("GB", 1000**3),
    ("MB", 1000**2),
    ("TiB", 1024**4),
    ("GiB", 1024**3),
    ("MiB", 1024**2),
    ("KB", 1000),
    ("KiB", 1024),
)


def duration(text: str) -> timedelta:
    """Read `90s`, `15m`, `2h`, `1d`, `1h30m`, `500ms`, or ISO 8601's `PT15M`, `P1D`.

    Raises:
        ValueError: without a message, if it is none of these.

    """
    try:
        if match := _DURATION.fullmatch(text):
            days, hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
            return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=thousandths)
        if match := _ISO.fullmatch(text):
            weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise ValueError from None
    raise ValueError


def duration_text(value: timedelta) -> str:
    """Write a duration, to the millisecond, in its short form: `1h30m`."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((value.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"), (value.microseconds // 1000, "ms"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def size(text: str) -> int:
    """Read `500KB`, `20MB` (powers of 1000) or `64MiB` (powers of 1024) as bytes.

    Raises:
        ValueError: without a message, if it is none of these.

    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError
    return int(match[1]) * _UNITS[(match[2] or "").lower()]


def size_text(value: int) -> str:
    """Write bytes in the largest unit that leaves a whole number."""
    for unit, factor in _SIZE_TEXTS:
        if value and value % factor == 0:
            return f"{value // factor}{unit}"
    return f"{value}B"
