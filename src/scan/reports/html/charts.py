"""Charts as inline SVG: bars that stand side by side, one a day or a run. Pure; texts stand around them, as HTML.

The drawings have no text and are stretched to their place, so that labels are as large on a phone as on a desk. Colours
are classes of the style sheet. Whoever sees no drawing has its description, and a table beside it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

_HEIGHT = 100
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


class Part(NamedTuple):
    """A piece of a bar.

    Attributes:
        style: its class.
        value: its height, in the chart's unit.

    """

    style: str
    value: float


class Bar(NamedTuple):
    """What stands at one place.

    Attributes:
        label: what is shown to who points at it.
        parts: upon each other, the lowest first.
        ground: class of the whole column's background; empty for none.

    """

    label: str
    parts: tuple[Part, ...] = ()
    ground: str = ""


def ceiling(most: float) -> float:
    """Give the round number at which a scale ends: a few of a power of ten, and 1 at least."""
    power = 1.0
    while most > power * _STEPS[-1]:
        power *= 10
    return next(step * power for step in _STEPS if step * power >= most)


def bars(bars: Sequence[Bar], *, name: str, title: str, about: str, top: float, gap: float = 0.24) -> Markup:
    """Draw bars.

    Args:
        bars: from left to right.
        name: unique in the page.
        title: what it shows.
        about: what is to be seen, in a sentence or two.
        top: the value at the upper edge.
        gap: the part of a bar's place that stays empty.

    """
    drawn = Markup("").join(_bar(place, bar, top, gap) for place, bar in enumerate(bars))
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-title {name}-about" viewBox="0 0 {width} {height}" '
        'preserveAspectRatio="none"><title id="{name}-title">{title}</title><desc id="{name}-about">{about}</desc>'
        '<path class="grid" d="M0 .5H{width}M0 50H{width}M0 99.5H{width}"/>{drawn}</svg>'
    ).format(name=name, title=title, about=about, width=10 * max(len(bars), 1), height=_HEIGHT, drawn=drawn)


def _bar(place: int, bar: Bar, top: float, gap: float) -> Markup:
    left, width = 10 * place, 10 * (1 - gap)
    pieces = Markup("")
    height = 0.0
    for part in bar.parts:
        size = _HEIGHT * part.value / top
        if size > 0:
            height += size
            pieces += Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                part.style, _short(left + 5 * gap), _short(_HEIGHT - height), _short(width), _short(size)
            )
    ground = Markup('<rect class="{}" x="{}" y="0" width="10" height="100"/>').format(bar.ground or "ground", left)
    return Markup("<g><title>{}</title>{}{}</g>").format(bar.label, ground, pieces)


class Cell(NamedTuple):
    """One day of a strip.

    Attributes:
        state: `ok`, `warn`, `bad`, or `none` where nothing was done.
        value: what there was.

    """

    state: str
    value: float


_TICKS = {"ok": 3, "warn": 6, "bad": 9}
"""Heights: states differ by more than their colour."""


def strip(cells: Sequence[Cell], *, label: str) -> Markup:
    """Draw a source's days in little: above what was new, beneath how it went.

    A day is 8 wide, and the whole is 32 high.
    """
    top = ceiling(max((cell.value for cell in cells), default=0))
    paths = dict.fromkeys(("new", *_TICKS), "")
    for place, cell in enumerate(cells):
        left = 8 * place + 1
        if cell.value > 0:
            height = max(18 * cell.value / top, 1)
            paths["new"] += f"M{left} 20v-{_short(height)}h6v{_short(height)}z"
        if cell.state in _TICKS:
            paths[cell.state] += f"M{left} 32v-{_TICKS[cell.state]}h6v{_TICKS[cell.state]}z"
    pieces = ((style, path) for style, path in paths.items() if path)
    drawn = Markup("").join(Markup('<path class="{}" d="{}"/>').format(*piece) for piece in pieces)
    return Markup('<svg class="strip" role="img" aria-label="{}" viewBox="0 0 {} 32">{}</svg>').format(
        label, 8 * len(cells), drawn
    )


def spark(values: Sequence[float]) -> Markup:
    """Draw a row of values in little, as a decoration of a number that is written beside it; nothing if all are nil."""
    if not any(values):
        return Markup("")
    top = ceiling(max(values, default=0))
    path = "".join(
        f"M{8 * place + 1} 24v-{_short(max(22 * value / top, 1))}h6V24z" for place, value in enumerate(values)
    )
    return Markup('<svg class="spark" aria-hidden="true" viewBox="0 0 {} 24"><path d="{}"/></svg>').format(
        8 * len(values), path
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
