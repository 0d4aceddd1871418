"""The figures as pictures: SVG that is light or dark as the reader's screen is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from bench.cases import CASES, FIRST
from bench.results import Curve, Part

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .paper { fill: #ffffff }
  .quiet { font-size: 11px; fill: #59636e }
  .head { font-weight: 600 }
  .grid { stroke: #d1d9e0 }
  .mark { fill: #818b98 }
  .scan { fill: #0969da }
  .scan-text { fill: #0969da; font-weight: 600 }
  .line { fill: none; stroke: #0969da; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .paper { fill: #0d1117 }
    .quiet { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .mark { fill: #9198a1 }
    .scan { fill: #4493f8 }
    .scan-text { fill: #4493f8 }
    .line { stroke: #4493f8 }
  }
"""
MARGIN = 16
ROW = 26


@dataclass(frozen=True, slots=True)
class Scale:
    """Puts figures of any size on a line, each ten times the one before at the same distance.

    Attributes:
        low, high: the logarithms at its ends; the lower one is a whole power of ten.
        start, length: where it begins, and how long it is, in pixels; negative, it runs upwards.

    """

    low: int
    high: float
    start: float
    length: float

    @classmethod
    def of(cls, figures: Iterable[float], start: float, length: float) -> "Scale":
        """Make one that holds some figures."""
        known = list(figures)
        low, high = floor(log10(min(known))), log10(max(known))
        return cls(low, max(high, low + 1), start, length)

    def at(self, figure: float) -> float:
        """Give a figure's place."""
        return self.start + self.length * (log10(figure) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """The powers of ten that are on it."""
        return [10.0**power for power in range(self.low, floor(self.high) + 1)]


def charts(parts: Mapping[str, Part]) -> dict[str, str]:
    """Draw what there is to draw, by the end of the file's name."""
    drawn = {}
    if "peers" in parts:
        drawn["peers"] = peers(parts["peers"])
    if "matching" in parts:
        drawn["matching"] = matching(parts["matching"].curves)
    return drawn


def peers(part: Part) -> str:
    """Draw everybody's processor time, a column a case: a dot each, the cheapest at a first scan on top."""
    rows = sorted((who for who in part.contestants if part.has(FIRST, who)), key=lambda who: part.cost(FIRST, who).cpu)
    cases = [case for case in CASES if any(part.has(case, who) for who in rows)]
    names, width, gap, top = 200, 150, 22, 62
    bottom = top + ROW * len(rows)
    figures = [part.cost(case, who).cpu for case in cases for who in rows if part.has(case, who)]
    feeds = part.cell(FIRST, "scan").requests
    title = f"CPU seconds of one scan of {feeds:,} feeds; each step is ten times the one before"
    shapes = [text(MARGIN, 26, title, "head")]
    shapes += [
        text(MARGIN, top + ROW * number + 17, who, "scan-text" if who == "scan" else "")
        for number, who in enumerate(rows)
    ]
    for column, case in enumerate(cases):
        scale = Scale.of(figures, MARGIN + names + column * (width + gap), width)
        shapes.append(text(scale.start, top - 10, case, "head"))
        for tick in scale.ticks:
            shapes.append(line(scale.at(tick), top, scale.at(tick), bottom))
            shapes.append(text(scale.at(tick), bottom + 16, f"{tick:g}", "quiet", "middle"))
        for number, who in enumerate(rows):
            if part.has(case, who):
                seconds = part.cost(case, who).cpu
                shapes += dot(scale, seconds, top + ROW * number + ROW / 2, seconds_text(seconds), ours=who == "scan")
    size = (2 * MARGIN + names + len(cases) * (width + gap), bottom + 30)
    return picture(size, title, shapes)


def matching(curves: Sequence[Curve]) -> str:
    """Draw what matching a text costs, a line a kind of text, by the number of searches."""
    left, top, width, height = 56.0, 44.0, 440.0, 220.0
    across = Scale.of((number for curve in curves for number in curve.seconds), left, width)
    up = Scale.of((one * 1e6 for curve in curves for one in curve.seconds.values()), top + height, -height)
    shapes = [text(MARGIN, 26, "CPU µs of matching a text of 2 KB, by the number of searches", "head")]
    for tick in up.ticks:
        shapes.append(line(left, up.at(tick), left + width, up.at(tick)))
        shapes.append(text(left - 8, up.at(tick) + 4, f"{tick:,.0f}", "quiet", "end"))
    shapes += [text(across.at(tick), top + height + 18, f"{tick:,.0f}", "quiet", "middle") for tick in across.ticks]
    for curve in curves:
        points = [(across.at(number), up.at(seconds * 1e6)) for number, seconds in curve.seconds.items()]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        shapes.append(f'<polyline class="line" points="{path}"/>')
        shapes += [f'<circle class="scan" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
        most = curve.seconds[max(curve.seconds)] * 1e6
        shapes.append(text(points[-1][0] + 12, points[-1][1] + 4, f"{most:.0f}: {curve.texts}"))
    return picture(
        (left + width + 270, top + height + 34), "What matching a text costs, by the number of searches", shapes
    )


def dot(scale: Scale, figure: float, y: float, label: str, *, ours: bool) -> list[str]:
    """Draw a dot and its figure, on the side where there is more room."""
    x = scale.at(figure)
    right = x < scale.start + 0.7 * scale.length
    shape = f'<circle class="{"scan" if ours else "mark"}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    style = "scan-text" if ours else ""
    return [shape, text(x + (9 if right else -9), y + 4, label, style, "start" if right else "end")]


def seconds_text(seconds: float) -> str:
    """Give two digits of a figure."""
    return f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.2g}"


def text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    """Write some words."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    """Draw a line of the grid."""
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def picture(size: tuple[float, float], title: str, shapes: Iterable[str]) -> str:
    """Put a picture together."""
    width, height = size
    inside = "\n".join(("", *shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}">\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="paper" width="100%" height="100%" rx="6"/>{inside}\n</svg>\n'
    )
