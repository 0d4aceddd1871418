"""How times, sizes and numbers are said to people. Pure, and light."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
KILO = 1000

SHORT_ID = 13
"""Characters of a run's id that are the time in it: no two runs of a profile have them in common."""


def ago(moment: datetime | None, now: datetime) -> str:
    """Say how long ago something was, or how far ahead it lies."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    return f"{span(seconds)} ago" if seconds >= 0 else f"in {span(-seconds)}"


def span(seconds: float) -> str:
    """Say a duration with its largest unit."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}"
    return f"{int(seconds)} s"


def took(seconds: float) -> str:
    """Say how long something took: exactly while it is short."""
    return f"{seconds:.2f} s" if seconds < 10 else span(seconds)


def size(count: float) -> str:
    """Say how many bytes there are, in powers of a thousand."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < KILO:
            return f"{count:.3g} {unit}"
        count /= KILO
    return f"{count:.3g} TB"


def counted(count: int, one: str, many: str) -> str:
    """Say a number with its noun."""
    return f"{count} {one if count == 1 else many}"


def short(run_id: str) -> str:
    """Name a run by as much of its id as is needed."""
    return run_id[:SHORT_ID]


def words(name: str) -> str:
    """Say a name of a program's, such as `partial_failure`."""
    return name.replace("_", " ")
