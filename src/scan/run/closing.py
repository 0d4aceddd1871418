"""How a run ends: what it did, judged, and written down in the execution log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from scan import __version__
from scan.outcome import (
    DeliveryCounts,
    ReportCounts,
    RunOutcome,
    SourceRun,
    count_items,
    count_matches,
    count_sources,
    status_of,
)
from scan.run.plan import Plan
from scan.store.database import Store
from scan.store.records import RunStart

if TYPE_CHECKING:  # start-up: few profiles have reports
    from scan.publish import Published


def judge(
    start: RunStart,
    plan: Plan,
    runs: Sequence[SourceRun],
    backlog: int,
    deliveries: DeliveryCounts,
    errors: tuple[str, ...],
    finished_at: datetime,
    *,
    stopped: bool,
) -> RunOutcome:
    """Say what the run did, and whether that is a success."""
    sources = count_sources(runs, not_due=plan.not_due, left=len(plan.tasks) - len(runs))
    if sources.left and not stopped:
        errors = (*errors, f"the deadline came first: {sources.left} sources are left for the next run")
    return RunOutcome(
        run_id=start.id,
        profile=start.profile,
        trigger=start.trigger,
        status=status_of(sources, deliveries, errors, stopped=stopped),
        started_at=start.started_at,
        finished_at=finished_at,
        duration_seconds=_seconds(start.started_at, finished_at),
        version=__version__,
        sources=sources,
        items=count_items(runs),
        matches=count_matches(runs, backlog=backlog),
        deliveries=deliveries,
        by_source=tuple(runs),
        errors=errors,
    )


def with_reports(outcome: RunOutcome, published: "Published", finished_at: datetime) -> RunOutcome:
    """Add what became of the reports. However that went, the run is as well as it was."""
    return msgspec.structs.replace(
        outcome,
        finished_at=finished_at,
        duration_seconds=_seconds(outcome.started_at, finished_at),
        reports=ReportCounts(published=len(published.done), failed=len(published.errors)),
        errors=(*outcome.errors, *published.errors),
    )


def close(store: Store, outcome: RunOutcome) -> None:
    """Write the outcome into the execution log."""
    result = msgspec.to_builtins(outcome)
    store.end_run(
        outcome.run_id,
        status=outcome.status,
        finished_at=outcome.finished_at,
        duration_seconds=outcome.duration_seconds,
        error="; ".join(outcome.errors) or None,
        result={name: value for name, value in result.items() if name != "by_source"},
    )


def _seconds(started_at: datetime, finished_at: datetime) -> float:
    return round(max(finished_at - started_at, timedelta(0)).total_seconds(), 3)
