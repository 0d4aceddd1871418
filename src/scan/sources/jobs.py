"""The words that job boards share, so that one condition fits them all."""

import html
import math
from collections.abc import Iterable

_WORKPLACES = {"remote": "remote", "hybrid": "hybrid", "on-site": "onsite", "onsite": "onsite", "on_site": "onsite"}

_PERIODS = {word: word for word in ("year", "month", "week", "day", "hour")}
_PERIODS |= {"yearly": "year", "annual": "year", "annually": "year", "monthly": "month", "weekly": "week"}
_PERIODS |= {"daily": "day", "hourly": "hour"}


def workplace(word: str | None) -> str | None:
    """Say `remote`, `hybrid` or `onsite` for a service's word for it; None for any other."""
    return _WORKPLACES.get(word.strip().lower()) if word else None


def interval(words: str | None) -> str | None:
    """Say `year`, `month`, `week`, `day` or `hour` for `per-year-salary`, `1 HOUR`, `monthly` and the like.

    Any other interval (`bi-week-salary`, `6 MONTH`) is given as it was written.
    """
    if not words or words == "NONE":
        return None
    plain = words.lower().removeprefix("per").removeprefix("1").lstrip("- ")
    return _PERIODS.get(plain.removesuffix("-salary").removesuffix("-wage"), words)


def units(cents: float | None) -> int | float | None:
    """Turn hundredths into whole units of money."""
    return None if cents is None else whole(cents / 100)


def whole(number: float) -> int | float:
    """Write 90000.0 as 90000."""
    return int(number) if number == int(number) else number


def salary(low: object, high: object, currency: object, period: object = None) -> dict[str, object]:
    """Name what is paid as every kind does; zeros and what is no number are nothing said, and so is a bare currency."""
    least, most = _amount(low), _amount(high)
    if least is None and most is None:
        return {}
    return {"salary_min": least, "salary_max": most, "currency": currency, "salary_interval": period}


def _amount(value: object) -> int | float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return whole(value) if value > 0 else None


def place(*parts: str | None) -> str | None:
    """Write a place of its parts, from the town to the country; those that are blank or repeated are left out."""
    given = (part.strip() for part in parts if part)
    return ", ".join(dict.fromkeys(part for part in given if part)) or None


def headed(parts: Iterable[tuple[str | None, str | None]]) -> str | None:
    """Put a description together of its parts: each a heading in plain text, if any, and HTML."""
    written = [
        f"<h3>{html.escape(heading, quote=False)}</h3>\n{text}" if heading else text for heading, text in parts if text
    ]
    return "\n".join(written) or None
