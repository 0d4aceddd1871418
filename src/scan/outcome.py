"""What a run did: counts, status and the JSON of docs/cli.md. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

SourceStatus = Literal["ok", "unchanged", "failed", "suspicious"]
RunStatus = Literal["success", "partial_failure", "failure", "skipped", "interrupted"]


class SourceRun(msgspec.Struct, frozen=True, kw_only=True):
    """One source in one run, as the execution log keeps it and `by_source` of a run's result shows it.

    Attributes:
        seen: items in the result; the sum of new, changed, unchanged and returned.
        returned: items that were gone and are back; never counted as new.
        rejected: odd rows that were left out.
        matched, duplicate: matches it brought, and those of postings that another source had already.
        skipped: of the matched, those that nobody is told, or not before somebody looks.
        sent, failed: deliveries of its matches, of earlier runs too, that were accepted and refused in this run.
        finished_at: when it had been taken in.

    """

    source: str
    kind: str
    status: SourceStatus
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    returned: int = 0
    gone: int = 0
    rejected: int = 0
    matched: int = 0
    duplicate: int = 0
    skipped: int = 0
    sent: int = 0
    failed: int = 0
    finished_at: datetime | None = None
    duration_seconds: float = 0.0
    bytes: int = 0
    http_status: int | None = None
    error: str | None = None


class SourceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Sources by what became of them. `ok` includes the unchanged ones; `left` are for the next run."""

    total: int = 0
    ok: int = 0
    failed: int = 0
    unchanged: int = 0
    suspicious: int = 0
    not_due: int = 0
    left: int = 0


class ItemCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Items by what became of them."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    returned: int = 0
    gone: int = 0


class MatchCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Matches: to be told, and those of a posting that another source had already."""

    new: int = 0
    duplicate: int = 0


class DeliveryCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries: `failed` were refused in this run; `pending` are left in the outbox, failed ones included."""

    sent: int = 0
    failed: int = 0
    pending: int = 0


class ReportCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Reports by what became of them. One that failed is among the run's errors and no failure of the run."""

    published: int = 0
    failed: int = 0


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a run, as `scan run --json` prints it.

    Attributes:
        errors: what went wrong beside single sources (pruning, the deadline, a report), one line each.

    """

    run_id: str
    profile: str
    trigger: Literal["timer", "manual"]
    status: RunStatus
    started_at: datetime
    finished_at: datetime
    duration_seconds: float
    version: str
    sources: SourceCounts
    items: ItemCounts
    matches: MatchCounts
    deliveries: DeliveryCounts
    reports: ReportCounts = ReportCounts()
    by_source: tuple[SourceRun, ...]
    errors: tuple[str, ...] = ()


def with_told(runs: Sequence[SourceRun], told: Mapping[str, tuple[int, int]]) -> list[SourceRun]:
    """Add to sources, by name, how many deliveries were sent and refused."""
    return [
        msgspec.structs.replace(run, sent=told[run.source][0], failed=told[run.source][1])
        if run.source in told
        else run
        for run in runs
    ]


def count_sources(runs: Sequence[SourceRun], *, not_due: int, left: int) -> SourceCounts:
    """Sort the sources of a run by what became of them."""
    status = [run.status for run in runs]
    return SourceCounts(
        total=len(runs) + not_due + left,
        ok=status.count("ok") + status.count("unchanged"),
        failed=status.count("failed"),
        unchanged=status.count("unchanged"),
        suspicious=status.count("suspicious"),
        not_due=not_due,
        left=left,
    )


def count_items(runs: Sequence[SourceRun]) -> ItemCounts:
    """Add up what the sources saw."""
    return ItemCounts(
        **{name: sum(getattr(run, name) for run in runs) for name in ItemCounts.__struct_fields__}  # each an int
    )


def count_matches(runs: Sequence[SourceRun], *, backlog: int) -> MatchCounts:
    """Add up what the searches met; `backlog` is what changed searches found among the stored items."""
    return MatchCounts(new=backlog + sum(run.matched for run in runs), duplicate=sum(run.duplicate for run in runs))


def status_of(sources: SourceCounts, deliveries: DeliveryCounts, errors: Sequence[str], *, stopped: bool) -> RunStatus:
    """Judge a run: it failed if every source it tried did, and partly if anything did."""
    if stopped:
        return "interrupted"
    if sources.failed and sources.failed == sources.ok + sources.failed + sources.suspicious:
        return "failure"
    if sources.failed or deliveries.failed or errors:
        return "partial_failure"
    return "success"


def summary(outcome: RunOutcome) -> str:
    """Say it in one line, for people."""
    sources, items = outcome.sources, outcome.items
    parts = [f"{sources.ok} ok", f"{sources.failed} failed"]
    parts += [
        f"{count} {word}" for word, count in (("suspicious", sources.suspicious), ("left", sources.left)) if count
    ]
    kinds = [("new", items.new), ("changed", items.changed), ("gone", items.gone)]
    kinds += [("returned", items.returned)] if items.returned else []
    parts.append(f"{items.seen} items ({', '.join(f'{count} {word}' for word, count in kinds)})")
    parts += [f"{outcome.matches.new} matches", f"{outcome.deliveries.sent} sent"]
    parts += [f"{outcome.deliveries.pending} pending"] if outcome.deliveries.pending else []
    reports = outcome.reports
    parts += [f"{reports.failed} of {reports.failed + reports.published} reports failed"] if reports.failed else []
    return ", ".join(parts)


def to_json(outcome: RunOutcome) -> bytes:
    """Encode it as the one JSON document of `--json`."""
    return msgspec.json.encode(outcome)
