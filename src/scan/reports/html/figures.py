"""The page's charts, each with its labels, its legend and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from scan.phrases import took
from scan.reports.html.activity import Day, busiest
from scan.reports.html.charts import Bar, Part, bars, ceiling
from scan.reports.html.words import NONE, Moment, counted, moment, number, short, weekday
from scan.reports.past import PastRun

_MOST_SERIES = 5
_FEWEST_RUNS = 14
"""The chart has room for so many: one alone would be a wall."""

_OUTCOMES = {
    "success": ("ok", "success"),
    "partial_failure": ("warn", "partial failure"),
    "failure": ("bad", "failure"),
    "interrupted": ("other", "interrupted"),
    "running": ("other", "running"),
}
"""Of a run's status: its style, and its name."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with what stands around it.

    Attributes:
        name: unique in the page.
        summary: what it comes to, in a few words.
        bars: from left to right.
        unit: of the scale.
        axis: labels from left to right.
        legend: style and name of what is drawn.
        head, rows: the same as a table; a row's first cell is its head.

    """

    name: str
    title: str
    summary: str
    bars: tuple[Bar, ...]
    unit: str = ""
    axis: tuple[str, ...]
    legend: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...]
    rows: tuple[tuple[str | Moment, ...], ...]

    @property
    def top(self) -> float:
        """Where the scale ends; 0 if there is nothing to draw."""
        most = max((sum(part.value for part in bar.parts) for bar in self.bars), default=0)
        return ceiling(most) if most else 0

    @property
    def scale(self) -> tuple[str, str, str]:
        """The labels of the upper edge, the middle and the ground."""
        return f"{number(self.top)}{self.unit}", f"{number(self.top / 2)}{self.unit}", f"0{self.unit}"

    @property
    def drawing(self) -> Markup:
        """The chart; empty if there is nothing to draw."""
        if not self.top:
            return Markup("")
        return bars(self.bars, name=self.name, title=self.title, about=f"{self.summary}.", top=self.top)


def new_items(days: Sequence[Day]) -> Figure:
    """Show new items a day, by source: the busiest apart, the others together."""
    named = busiest(days, "new", _MOST_SERIES)
    series = [(f"series-{place}", name) for place, name in enumerate(named)] + [("other", "others")]
    drawn, rows = [], []
    for day in days:
        counts = [day.count("new", name) for name in named]
        counts.append(day.total("new") - sum(counts))
        said = [f"{name} {number(count)}" for (_, name), count in zip(series, counts, strict=True) if count]
        label = f"{weekday(day.date)}: {number(sum(counts))} new" + (f" ({', '.join(said)})" if said else "")
        parts = tuple(Part(style, count) for (style, _), count in zip(series, counts, strict=True))
        drawn.append(Bar(label, parts))
        rows.append((weekday(day.date), number(sum(counts)), *map(number, counts)))
    others = any(bar.parts[-1].value for bar in drawn)
    return Figure(
        name="new-items",
        title="New items a day, by source",
        summary=_summary(days),
        bars=tuple(drawn),
        axis=_axis(days),
        legend=tuple(series if others else series[:-1]),
        head=("Day", "All", *(name for _, name in series)),
        rows=tuple(reversed(rows)),
    )


def _summary(days: Sequence[Day]) -> str:
    total, best = sum(day.total("new") for day in days), max(days, key=lambda day: day.total("new"))
    if not total:
        return f"Nothing new in {counted(len(days), 'day')}"
    return f"{counted(total, 'new item')} in {counted(len(days), 'day')}, the most on {short(best.date)}"


def match_rate(days: Sequence[Day]) -> Figure:
    """Show how many of the new and changed items matched a search, in percent."""
    fresh = sum(day.total("new") + day.total("changed") for day in days)
    matched = counted(sum(day.total("matched") for day in days), "match", "matches")
    drawn, rows = [], []
    for day in days:
        rate = NONE if day.rate is None else f"{day.rate:.3g} %"
        counts = [number(day.total(what)) for what in ("new", "changed", "matched")]
        drawn.append(Bar(f"{weekday(day.date)}: {rate}", (Part("accent", day.rate or 0),)))
        rows.append((weekday(day.date), *counts, rate))
    return Figure(
        name="match-rate",
        title="Match rate a day",
        summary=f"{matched} among {counted(fresh, 'new or changed item')}" if fresh else "Nothing new or changed",
        bars=tuple(drawn),
        unit=" %",
        axis=_axis(days),
        head=("Day", "New", "Changed", "Matches", "Rate"),
        rows=tuple(reversed(rows)),
    )


def runs(past: Sequence[PastRun], zone: ZoneInfo) -> Figure:
    """Show how long runs took and how they ended.

    Args:
        past: the newest first.
        zone: of the times.

    """
    bad = sum(run.status != "success" for run in past)
    summary = f"{counted(len(past), 'run')}, {f'{number(bad)} not a success' if bad else 'all a success'}"
    return Figure(
        name="runs",
        title="Runs: how long, and how they ended",
        summary=summary if past else "No run in this time",
        bars=(*[Bar("")] * (_FEWEST_RUNS - len(past)), *(_run(run, zone) for run in reversed(past))),
        unit=" s",
        axis=(_when(past[-1], zone) if len(past) >= _FEWEST_RUNS else "", _when(past[0], zone)) if past else (),
        legend=tuple(outcome for status, outcome in _OUTCOMES.items() if any(run.status == status for run in past)),
        head=("Started", "Status", "Took", "OK", "Failed", "Suspicious", "Items", "New", "Changed", "Gone", "Matches"),
        rows=tuple(_row(run, zone) for run in past),
    )


def _run(run: PastRun, zone: ZoneInfo) -> Bar:
    style, name = _outcome(run)
    label = f"{moment(run.started_at, zone).people}: {name}, {_took(run)}"
    return Bar(label, (Part(style, run.duration_seconds or 0),), f"ground-{style}" if style in {"warn", "bad"} else "")


def _row(run: PastRun, zone: ZoneInfo) -> tuple[str | Moment, ...]:
    counts = (run.ok, run.failed, run.suspicious, run.seen, run.new, run.changed, run.gone, run.matched)
    return (moment(run.started_at, zone), _outcome(run)[1], _took(run), *map(number, counts))


def _outcome(run: PastRun) -> tuple[str, str]:
    return _OUTCOMES.get(run.status, ("other", run.status))


def _took(run: PastRun) -> str:
    return NONE if run.duration_seconds is None else took(run.duration_seconds)


def _when(run: PastRun, zone: ZoneInfo) -> str:
    local = run.started_at.astimezone(zone)
    return f"{short(local)}, {local:%H:%M}"


def _axis(days: Sequence[Day]) -> tuple[str, ...]:
    """Name the first, the middle and the last day."""
    if len(days) < 3:
        return tuple(short(day.date) for day in days)
    return tuple(short(days[place].date) for place in (0, len(days) // 2, len(days) - 1))
