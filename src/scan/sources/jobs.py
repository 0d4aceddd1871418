"""The words that job boards share, so that one condition fits them all."""

_WORKPLACES = {"remote": "remote", "hybrid": "hybrid", "on-site": "onsite", "onsite": "onsite", "on_site": "onsite"}

_PERIODS = ("year", "month", "week", "day", "hour")


def workplace(word: str | None) -> str | None:
    """Say `remote`, `hybrid` or `onsite` for a service's word for it; None for any other."""
    return _WORKPLACES.get(word.strip().lower()) if word else None


def interval(words: str | None) -> str | None:
    """Say `year`, `month`, `week`, `day` or `hour` for `per-year-salary`, `1 HOUR` and the like.

    Any other interval (`bi-week-salary`, `6 MONTH`) is given as it was written.
    """
    if not words or words == "NONE":
        return None
    plain = words.lower().removeprefix("per-").removeprefix("1 ").removesuffix("-salary").removesuffix("-wage")
    return plain if plain in _PERIODS else words


def units(cents: float | None) -> int | float | None:
    """Turn hundredths into whole units of money."""
    return None if cents is None else whole(cents / 100)


def whole(number: float) -> int | float:
    """Write 90000.0 as 90000."""
    return int(number) if number == int(number) else number
