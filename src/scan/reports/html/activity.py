"""What was done day by day, and run by run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scan.reports.past import SourceSpan
from scan.reports.view import Known


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day by the profile's clock.

    Attributes:
        spans: what each source did in it.

    """

    date: date
    spans: Mapping[str, SourceSpan]

    def total(self, what: str) -> int:
        """Add up a count of all sources."""
        return sum(getattr(span, what) for span in self.spans.values())

    def count(self, what: str, source: str) -> int:
        """Give a count of one source."""
        found: int = getattr(self.spans[source], what) if source in self.spans else 0
        return found

    @property
    def rate(self) -> float | None:
        """How many of 100 new or changed items matched; None if there were none."""
        fresh = self.total("new") + self.total("changed")
        return min(100.0, 100 * self.total("matched") / fresh) if fresh else None


def days_until(now: datetime, zone: ZoneInfo, count: int, known: Known) -> tuple[Day, ...]:
    """Read the last days, today last."""
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in range(count - 1, -1, -1)]
    return tuple(
        Day(date=day, spans={span.source: span for span in known.source_spans(start_of(day, zone), _end(day, zone))})
        for day in dates
    )


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the midnight that a day begins with, in UTC."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _end(day: date, zone: ZoneInfo) -> datetime:
    return start_of(day + timedelta(days=1), zone)


def busiest(days: Sequence[Day], what: str, most: int) -> tuple[str, ...]:
    """Name the sources with the highest counts over all days, the highest first."""
    totals: Counter[str] = Counter()
    for day in days:
        totals.update({span.source: getattr(span, what) for span in day.spans.values()})
    ranked = sorted((-count, name) for name, count in totals.items() if count)
    return tuple(name for _, name in ranked[:most])
