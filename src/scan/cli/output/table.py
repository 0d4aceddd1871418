"""Tables: rows under their heads."""

from collections.abc import Sequence
from typing import NamedTuple

import click

from scan.cli.output.terminal import linked, room, shows_links
from scan.cli.output.text import columns, cut, safe

COLUMN_GAP = "  "
NARROW = 16
"""Columns up to this wide, such as times, are never cut for the sake of others."""


class Cell(NamedTuple):
    """A cell that is more than its text.

    Attributes:
        colour: of the text, by a name that click knows.
        link: where the text leads to.

    """

    text: object
    colour: str | None = None
    link: str | None = None


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, width: int | None = None) -> str:
    """Lay out rows under their heads, numbers to the right. In a terminal the widest columns give way until all fit.

    Args:
        heads: of the columns.
        rows: of values, or of `Cell`s; None is an empty one.
        width: of a line at most; that of the terminal, if there is one.

    """
    lines = [[_cell(head) for head in heads], *([_cell(value) for value in row] for row in rows)]
    widths = [max(columns(line[number].text) for line in lines) for number in range(len(heads))]
    limit = room() if width is None else width
    if limit is not None:
        widths = _squeezed(widths, limit)
    to_the_right = [_is_of_numbers([line[number].text for line in lines[1:]]) for number in range(len(heads))]
    links = shows_links()
    return "\n".join(_line(line, widths, to_the_right, limit, links=links) for line in lines)


class _Shown(NamedTuple):
    """A cell whose text is safe to show."""

    text: str
    colour: str | None
    link: str | None


def _cell(value: object) -> _Shown:
    cell = value if isinstance(value, Cell) else Cell(value)
    return _Shown(safe("" if cell.text is None else cell.text), cell.colour, cell.link)


def _squeezed(widths: Sequence[int], limit: int) -> list[int]:
    """Bring the widest columns down to one width at which all fit, or nearly."""
    level = min(max(widths), limit)
    gaps = len(COLUMN_GAP) * (len(widths) - 1)
    while level > NARROW and sum(min(width, level) for width in widths) + gaps > limit:
        level -= 1
    return [min(width, level) for width in widths]


def _is_of_numbers(cells: Sequence[str]) -> bool:
    return any(cells) and all(not cell or cell.replace(".", "", 1).isdecimal() for cell in cells)


def _line(
    cells: Sequence[_Shown], widths: Sequence[int], to_the_right: Sequence[bool], limit: int | None, *, links: bool
) -> str:
    """Lay out one line; what goes beyond the limit is cut off."""
    line, taken, pending = "", 0, ""
    for cell, width, right in zip(cells, widths, to_the_right, strict=True):
        left = width if limit is None else min(width, limit - taken - len(pending))
        shown = cut(cell.text, left)
        padding = " " * (left - columns(shown))
        before, after = (padding, "") if right else ("", padding)
        if shown:
            line += pending + before + _painted(shown, cell, links=links)
            taken += len(pending) + len(before) + columns(shown)
            pending = after + COLUMN_GAP
        else:
            pending += before + after + COLUMN_GAP
    return line


def _painted(text: str, cell: _Shown, *, links: bool) -> str:
    coloured = click.style(text, fg=cell.colour) if cell.colour else text
    return linked(coloured, cell.link) if links else coloured
