"""What people read: tables, times, and text that cannot drive a terminal."""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up: only asked for its times
    from zoneinfo import ZoneInfo

COLUMN_GAP = "  "
MINUTE, HOUR, DAY = 60, 3600, 86400


def safe(text: object) -> str:
    """Show every character that could drive a terminal as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text))


def cut(text: str, width: int) -> str:
    """Shorten a text to a width in characters."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, width: int | None = None) -> str:
    """Lay out rows under their heads; the last column is cut at the terminal's edge."""
    cells = [[safe("" if cell is None else cell) for cell in row] for row in rows]
    widths = [max(len(row[number]) for row in [list(heads), *cells]) for number in range(len(heads))]
    room = width if width is not None else shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = []
    for row in [list(heads), *cells]:
        line = COLUMN_GAP.join(cell.ljust(widths[number]) for number, cell in enumerate(row)).rstrip()
        lines.append(line if room is None else cut(line, room))
    return "\n".join(lines)


def when(moment: datetime | None, zone: "ZoneInfo | None" = None) -> str:
    """Write a time for people, in their zone."""
    return "never" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def ago(moment: datetime | None, now: datetime) -> str:
    """Write how long ago something was, or how far ahead it lies."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    return f"{span(seconds)} ago" if seconds >= 0 else f"in {span(-seconds)}"


def span(seconds: float) -> str:
    """Write a duration with its largest unit."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}"
    return f"{int(seconds)} s"


def now_utc() -> datetime:
    """Take the time once, for a whole command: aware UTC, whole milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
