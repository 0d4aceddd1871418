"""What people read: tables, times, and text that cannot drive a terminal."""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up: only asked for its times
    from zoneinfo import ZoneInfo

    from scan.model import Item

COLUMN_GAP = "  "
NARROW = 16
"""Columns up to this wide, such as times, are never cut for the sake of others."""

MINUTE, HOUR, DAY = 60, 3600, 86400


def safe(text: object) -> str:
    """Show every character that could drive a terminal as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text))


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    from unicodedata import combining, east_asian_width

    return 0 if combining(char) else 2 if east_asian_width(char) in {"W", "F"} else 1


def cut(text: str, width: int) -> str:
    """Shorten a text to a width in columns."""
    if columns(text) <= width:
        return text
    kept, left = "", width - 1
    for char in text:
        left -= _columns_of(char)
        if left < 0:
            break
        kept += char
    return f"{kept.rstrip()}…" if width > 0 else ""


def room() -> int | None:
    """Tell how wide a line may be: the terminal's width; None where no terminal is."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, width: int | None = None) -> str:
    """Lay out rows under their heads, numbers to the right. In a terminal the widest columns give way until all fit."""
    lines = [list(heads), *([safe("" if cell is None else cell) for cell in row] for row in rows)]
    widths = [max(columns(line[number]) for line in lines) for number in range(len(heads))]
    limit = room() if width is None else width
    if limit is not None:
        widths = _squeezed(widths, limit)
    to_the_right = [_is_of_numbers([line[number] for line in lines[1:]]) for number in range(len(heads))]
    laid_out = (COLUMN_GAP.join(map(_cell, line, widths, to_the_right)).rstrip() for line in lines)
    return "\n".join(line if limit is None else cut(line, limit) for line in laid_out)


def _squeezed(widths: Sequence[int], limit: int) -> list[int]:
    """Bring the widest columns down to one width at which all fit, or nearly."""
    level = min(max(widths), limit)
    gaps = len(COLUMN_GAP) * (len(widths) - 1)
    while level > NARROW and sum(min(width, level) for width in widths) + gaps > limit:
        level -= 1
    return [min(width, level) for width in widths]


def _is_of_numbers(cells: Sequence[str]) -> bool:
    return any(cells) and all(not cell or cell.replace(".", "", 1).isdecimal() for cell in cells)


def _cell(text: str, width: int, to_the_right: bool) -> str:  # noqa: FBT001  # for `map`
    shown = cut(text, width)
    padding = " " * (width - columns(shown))
    return padding + shown if to_the_right else shown + padding


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


def titled(item: "Item") -> str:
    """Name an item: its title, and whose it is."""
    return f"{item.title} at {item.organization}" if item.organization else item.title


def counted(count: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{count} {one if count == 1 else many}"


def now_utc() -> datetime:
    """Take the time once, for a whole command: aware UTC, whole milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
