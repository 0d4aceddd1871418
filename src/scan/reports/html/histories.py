"""Each source's state and history, day by day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from scan.channels.clean import one_line, web_link
from scan.phrases import span, took
from scan.reports.html.activity import Day
from scan.reports.html.advice import Advised
from scan.reports.html.charts import Cell, strip
from scan.reports.html.words import Moment, counted, moment, number, short
from scan.reports.past import SourceSpan
from scan.reports.view import View
from scan.status import moment as read

MOST = 200
"""Sources that are shown with their history, those in trouble first."""

_NEWEST = 5
_ORDER = ("failing", "suspicious", "stale")
_STATES = {"failing": "bad", "suspicious": "warn", "stale": "warn", "healthy": "ok"}


class Newest(NamedTuple):
    """One of a source's newest items."""

    title: str
    link: str | None
    first_seen: Moment


@dataclass(frozen=True, kw_only=True)
class History:
    """A source as the page shows it.

    Attributes:
        state: in a word.
        level: `ok`, `warn`, `bad` or `none`.
        note: what there is to say of one that is well.
        days: the newest first: (day, runs, failed, suspicious, listed, new, changed, gone, matches, took).

    """

    name: str
    kind: str
    state: str
    level: str
    every: str
    items: int
    matches: int
    last_success: Moment | None
    last_attempt: Moment | None
    note: str
    trouble: Advised | None
    drawing: Markup
    newest: tuple[Newest, ...]
    days: tuple[tuple[str, ...], ...]


def histories(view: View, days: Sequence[Day], wrong: Sequence[Advised]) -> Iterator[History]:
    """Tell of the sources, those in trouble first, and of `MOST` at most.

    Args:
        view: what is known.
        days: today last.
        wrong: what needs somebody.

    """
    troubles = {one.subject: one for one in wrong if one.word in _ORDER}
    for source in ordered(view.sources)[:MOST]:
        yield _history(source, view, days, troubles.get(source["source"]))


def ordered(sources: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Put those in trouble first and those that are off last, and leave the others in the config's order."""
    return sorted(sources, key=_rank)


def _rank(source: Mapping[str, Any]) -> int:
    state = state_of(source)
    return _ORDER.index(state) if state in _ORDER else len(_ORDER) + (state == "disabled")


def state_of(source: Mapping[str, Any]) -> str:
    """Name a source's state."""
    health: str = source["health"]
    return health if source["enabled"] else "disabled"


def _history(source: Mapping[str, Any], view: View, days: Sequence[Day], trouble: Advised | None) -> History:
    name, state = source["source"], state_of(source)
    spans = [day.spans.get(name) for day in days]
    success, attempt = read(source["last_success_at"]), read(source["last_attempt_at"])
    return History(
        name=name,
        kind=source["kind"],
        state=state.replace("_", " "),
        level=_STATES.get(state, "none"),
        every=span(source["every_seconds"]),
        items=source["items"],
        matches=source["matches"],
        last_success=moment(success, view.zone) if success else None,
        last_attempt=moment(attempt, view.zone) if attempt else None,
        note=one_line(source["error"] or "", 500) if trouble is None else "",
        trouble=trouble,
        drawing=strip([_cell(one) for one in spans], label=_said(spans)),
        newest=tuple(_newest(name, view)),
        days=tuple(_row(day, one) for day, one in zip(days, spans, strict=True) if one)[::-1],
    )


def _newest(name: str, view: View) -> Iterator[Newest]:
    for stored in view.known.newest(name, limit=_NEWEST):
        title = one_line(stored.item.title) or "(without a title)"
        yield Newest(title, web_link(stored.item.url), moment(stored.first_seen_at, view.zone))


def _cell(one: SourceSpan | None) -> Cell:
    if one is None or not one.runs:
        return Cell("none", 0)
    if one.failed == one.runs:
        return Cell("bad", one.new)
    return Cell("warn" if one.failed or one.suspicious else "ok", one.new)


def _said(spans: Sequence[SourceSpan | None]) -> str:
    """Say in a sentence what the strip shows."""
    known = [one for one in spans if one]
    runs, failed = sum(one.runs for one in known), sum(one.failed for one in known)
    return (
        f"{counted(len(spans), 'day')}: {counted(runs, 'run')}, {number(failed)} failed, "
        f"{counted(sum(one.new for one in known), 'new item')}"
    )


def _row(day: Day, one: SourceSpan) -> tuple[str, ...]:
    counts = (one.runs, one.failed, one.suspicious, one.seen, one.new, one.changed, one.gone, one.matched)
    return (short(day.date), *map(number, counts), took(one.duration_seconds))
