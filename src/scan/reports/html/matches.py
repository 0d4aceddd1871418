"""The newest matches, day by day, each with why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scan.channels.clean import one_line, web_link
from scan.channels.digest import facts
from scan.match.mark import Marked, mark
from scan.model import Event, MatchRow, Reason
from scan.reports.html.words import Moment, moment, weekday

_MOST_REASONS = 6
_EVENTS = {Event.CHANGED: "changed", Event.GONE: "gone", Event.SUSPICIOUS: "missing"}
_UNTOLD = {
    "pending": "not told yet",
    "batched": "not told yet",
    "held": "held back",
    "dead": "not told: given up",
    "dropped": "dropped",
    "baseline": "not told: first run",
}
"""What is worth a word; nothing is said of what was told as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason.

    Attributes:
        term: the word, pattern or condition.
        field: where it was found; empty for a condition.
        shown: the text around it, in three; None if there is none to show.

    """

    term: str
    field: str
    shown: Marked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A match as the page shows it.

    Attributes:
        event: in a word, empty for a new item.
        untold: what became of its deliveries, where that is not as it should be.

    """

    title: str
    link: str | None
    search: str
    event: str
    at: Moment
    facts: tuple[str, ...]
    why: tuple[Why, ...]
    untold: tuple[str, ...]


class MatchDay(NamedTuple):
    """The matches of one day, the newest first."""

    day: str
    matches: tuple[Shown, ...]


def by_day(rows: Iterable[MatchRow], zone: ZoneInfo) -> Iterator[MatchDay]:
    """Group matches, the newest first, by the day in a zone."""
    for day, members in groupby(rows, key=lambda row: row.at.astimezone(zone).date()):
        yield MatchDay(weekday(day), tuple(shown(row, zone) for row in members))


def shown(row: MatchRow, zone: ZoneInfo) -> Shown:
    """Word a match."""
    item = row.item.item
    return Shown(
        title=one_line(item.title) or "(without a title)",
        link=web_link(item.url),
        search=row.search,
        event=_EVENTS.get(row.event, ""),
        at=moment(row.at, zone),
        facts=tuple(filter(None, facts(item, (item.source,), zone))),
        why=tuple(_why(reason) for reason in row.reasons[:_MOST_REASONS]),
        untold=tuple(dict.fromkeys(_UNTOLD[state] for state in row.told if state in _UNTOLD)),
    )


def _why(reason: Reason) -> Why:
    around = one_line(reason.excerpt or "")
    marked = mark(reason.term, around) if around else None
    return Why(term=reason.term, field=reason.field or "", shown=marked or (Marked(around, "", "") if around else None))
