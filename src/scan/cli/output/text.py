"""Text that cannot drive a terminal, and how much room it takes there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scan.errors import printable

if TYPE_CHECKING:  # start-up: only asked for its names
    from scan.model import Item

EMOJI = "\ufe0f"
"""Makes an emoji, which is two columns wide, of what it follows. Where a terminal takes one, a line only is shorter."""


def safe(text: object) -> str:
    """Show every character that could drive a terminal, or turn the direction of what follows, as its escape."""
    return printable(str(text)).replace("\n", "\\n")


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(_widths(text))


def cut(text: str, width: int) -> str:
    """Shorten a text to a width in columns."""
    if columns(text) <= width:
        return text
    return f"{text[: _fitting(text, width - 1)].rstrip()}…" if width > 0 else ""


def folded(text: str, width: int) -> Iterator[str]:
    """Break a text at its spaces into lines of a width in columns; a word that is longer is broken too."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if columns(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while (fitting := _fitting(line, width)) < len(line):
            fitting = max(fitting, 1)
            yield line[:fitting]
            line = line[fitting:]
    yield line


def titled(item: "Item") -> str:
    """Name an item: its title, and whose it is."""
    return f"{item.title} at {item.organization}" if item.organization else item.title


def _fitting(text: str, width: int) -> int:
    """Count the characters that fit into a width."""
    if text.isascii():
        return max(width, 0)
    for place, taken in enumerate(_widths(text)):
        width -= taken
        if width < 0:
            return place
    return len(text)


def _widths(text: str) -> Iterator[int]:
    from unicodedata import category, east_asian_width

    before = 0
    for char in text:
        if char == EMOJI:
            width = 1 if before == 1 else 0
        elif category(char) in {"Mn", "Me", "Cf"}:
            width = 0
        else:
            width = 2 if east_asian_width(char) in {"W", "F"} else 1
        yield width
        before = width
