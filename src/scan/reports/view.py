"""What reports are made of: what is known after a run, as plain values, and the way to the rest, read bit by bit.

A reader of `Known` is as bounded in memory as whoever reads it: 200,000 items come one after another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from scan.model import MatchRow, StoredItem
from scan.outcome import RunOutcome, SourceRun
from scan.reports.past import PastRun, SourceSpan


class Known(Protocol):
    """What the store tells reports."""

    def listed(self, source: str) -> Iterator[StoredItem]:
        """Go through the items that a source lists now, the oldest first."""

    def newest(self, source: str, *, limit: int) -> Iterator[StoredItem]:
        """Go through the newest items that a source lists now, the newest first, without their texts."""

    def listed_counts(self, names: Collection[str]) -> dict[str, int]:
        """Count the items that sources list now, by name; those that list none are left out."""

    def left_since(self, when: datetime, *, limit: int) -> list[StoredItem]:
        """List items that were last seen since then and are not listed any more, the last seen first."""

    def matches(self, *, limit: int) -> list[MatchRow]:
        """List the newest matches first, with their items and reasons."""

    def past_runs(self, since: datetime, *, limit: int) -> list[PastRun]:
        """List the runs that started since then, the newest first."""

    def last_success(self) -> datetime | None:
        """Tell when the last run ended that was no failure as a whole; None if there was none."""

    def source_runs(self, run_id: str) -> list[SourceRun]:
        """List what the sources did in one run, by name."""

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        """Add up what each source did in the runs that started from `start` until just before `end`, by name."""


@dataclass(frozen=True, kw_only=True)
class View:
    """All that a report may tell.

    Attributes:
        call: how `scan` is called for this profile, on a shell's command line.
        now: the run's time, aware UTC.
        zone: of the dates that people read.
        status: what `scan status --json` prints, but for the timer.
        outcome: the run's; None for `scan report`, which publishes without a run.
        known: everything else.

    """

    profile: str
    version: str
    call: str
    now: datetime
    zone: ZoneInfo
    status: Mapping[str, Any]
    outcome: RunOutcome | None
    known: Known

    @property
    def sources(self) -> Sequence[Mapping[str, Any]]:
        """The configured sources, in the config's order, as `status` has them."""
        found: Sequence[Mapping[str, Any]] = self.status["sources"]
        return found

    def items(self) -> Iterator[StoredItem]:
        """Go through all items that are listed now, in the order of the config's sources."""
        for source in self.sources:
            yield from self.known.listed(source["source"])
