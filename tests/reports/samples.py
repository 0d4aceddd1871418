"""What is known, in memory, for reports to show."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from scan import status
from scan.model import Event, Item, MatchRow, Reason, StoredItem
from scan.outcome import RunOutcome, SourceRun
from scan.reports.past import PastRun, SourceSpan
from scan.reports.view import View

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RUN = "0192f3a0-0000-7000-8000-000000000001"


def stored(number: int = 1, source: str = "acme", **changed: Any) -> StoredItem:
    """Make an item; what is not StoredItem's own is its Item's."""
    own = {name: changed.pop(name) for name in list(changed) if name in StoredItem.__struct_fields__}
    item = Item(
        source=source,
        key=f"job-{number}",
        kind="job",
        title=f"Job {number}",
        url=f"https://example.org/{number}",
        organization="Acme",
        text=f"About job {number}",
        content_hash=b"\x01",
    )
    first = StoredItem(
        id=number,
        item=msgspec.structs.replace(item, **changed),
        first_seen_at=NOW - timedelta(days=1),
        last_seen_at=NOW,
        changed_at=None,
        gone_at=None,
        revision=1,
        episode=1,
    )
    return msgspec.structs.replace(first, **own)


def matched(number: int = 1, search: str = "backend", **changed: Any) -> MatchRow:
    """Make a match of an item."""
    own = {name: changed.pop(name) for name in list(changed) if name in MatchRow.__struct_fields__}
    first = MatchRow(
        id=number,
        search=search,
        event=Event.NEW,
        at=NOW - timedelta(hours=number),
        run_id=RUN,
        duplicate=False,
        reasons=(Reason(rule="any", term="python", field="title", excerpt="a Python job"),),
        item=stored(number, **changed),
        told={"sent": 1},
    )
    return msgspec.structs.replace(first, **own)


@dataclass
class Memory:
    """Everything a report may ask for, as lists."""

    items: list[StoredItem] = field(default_factory=list)
    met: list[MatchRow] = field(default_factory=list)
    left: list[StoredItem] = field(default_factory=list)
    runs: list[PastRun] = field(default_factory=list)
    by_run: dict[str, list[SourceRun]] = field(default_factory=dict)
    spans: list[SourceSpan] = field(default_factory=list)

    def listed(self, source: str) -> Iterator[StoredItem]:
        return iter([one for one in self.items if one.item.source == source])

    def newest(self, source: str, *, limit: int) -> Iterator[StoredItem]:
        here = sorted(self.listed(source), key=lambda one: one.id, reverse=True)[:limit]
        replace = msgspec.structs.replace
        return (replace(one, item=replace(one.item, text="")) for one in here)

    def listed_counts(self, names: Collection[str]) -> dict[str, int]:
        return Counter(one.item.source for one in self.items if one.item.source in names)

    def left_since(self, when: datetime, *, limit: int) -> list[StoredItem]:
        return [one for one in self.left if one.last_seen_at and one.last_seen_at >= when][:limit]

    def matches(self, *, limit: int) -> list[MatchRow]:
        return self.met[:limit]

    def past_runs(self, since: datetime, *, limit: int) -> list[PastRun]:
        return [run for run in self.runs if run.started_at >= since][:limit]

    def last_success(self) -> datetime | None:
        ended = (run.finished_at for run in self.runs if run.status in {"success", "partial_failure"})
        return next(ended, None)

    def source_runs(self, run_id: str) -> list[SourceRun]:
        return self.by_run.get(run_id, [])

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        del start, end
        return self.spans


def a_status(*names: str, **changed: Any) -> dict[str, Any]:
    """Make what `scan status --json` prints of a profile whose sources are all well."""
    source = {
        "kind": "greenhouse",
        "enabled": True,
        "every_seconds": 900.0,
        "last_attempt_at": "2026-11-23T08:00:00Z",
        "last_success_at": "2026-11-23T08:00:00Z",
        "consecutive_failures": 0,
        "failing_since": None,
        "suspicious_since": None,
        "items": 2,
        "matches": 1,
        "error": None,
    }
    document = {
        "profile": "scan",
        "running": None,
        "every_seconds": 900.0,
        "last_run": {
            "run_id": RUN,
            "status": "success",
            "started_at": "2026-11-23T08:00:00Z",
            "finished_at": "2026-11-23T08:00:00Z",
            "duration_seconds": 1.5,
            "sources": {"total": 1, "ok": 1, "failed": 0, "unchanged": 0, "suspicious": 0, "not_due": 0, "left": 0},
            "items": {"seen": 2, "new": 1, "changed": 0, "unchanged": 1, "returned": 0, "gone": 0},
            "matches": {"new": 1, "duplicate": 0},
            "deliveries": {"sent": 1, "failed": 0, "pending": 0},
            "errors": [],
            "summary": "1 ok",
        },
        "sources": [{"source": name, **source} for name in names],
        "deliveries": {},
        "removed": [],
        "channels": [],
        "database_bytes": 4096,
        **changed,
    }
    return status.judge(document, now=NOW, lock_free=True)


def a_view(
    memory: Memory | None = None,
    *names: str,
    outcome: RunOutcome | None = None,
    name: str = "scan",
    **changed: Any,
) -> View:
    """Make a view of a profile with these sources; `changed` is its status's."""
    return View(
        profile=name,
        version="1.2.3",
        call="scan",
        now=NOW,
        zone=ZoneInfo("Europe/Berlin"),
        status=a_status(*(names or ("acme",)), **changed),
        outcome=outcome,
        known=memory or Memory(),
    )
