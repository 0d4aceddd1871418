from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scan.outcome import (
    DeliveryCounts,
    MatchCounts,
    ReportCounts,
    RunOutcome,
    RunStatus,
    SourceCounts,
    SourceRun,
    count_items,
    count_matches,
    count_sources,
    status_of,
    summary,
    to_json,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RUNS = (
    SourceRun(source="a", kind="feed", status="ok", seen=10, new=3, changed=2, unchanged=4, returned=1, matched=2),
    SourceRun(source="b", kind="feed", status="unchanged", seen=5, unchanged=5),
    SourceRun(source="c", kind="html", status="failed", error="gone"),
    SourceRun(source="d", kind="html", status="suspicious", seen=1, unchanged=1, duplicate=1),
)


def outcome() -> RunOutcome:
    return RunOutcome(
        run_id="1",
        profile="scan",
        trigger="manual",
        status="partial_failure",
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=1),
        duration_seconds=1.0,
        version="0",
        sources=count_sources(RUNS, not_due=2, left=0),
        items=count_items(RUNS),
        matches=count_matches(RUNS, backlog=0),
        deliveries=DeliveryCounts(sent=2),
        by_source=RUNS,
    )


def test_sources_are_counted_by_what_became_of_them() -> None:
    assert count_sources(RUNS, not_due=2, left=1) == SourceCounts(
        total=7, ok=2, failed=1, unchanged=1, suspicious=1, not_due=2, left=1
    )


def test_items_and_matches_add_up() -> None:
    items = count_items(RUNS)
    assert (items.seen, items.new, items.changed, items.unchanged, items.returned) == (16, 3, 2, 10, 1)
    assert items.seen == items.new + items.changed + items.unchanged + items.returned
    assert count_matches(RUNS, backlog=4) == MatchCounts(new=6, duplicate=1)


@pytest.mark.parametrize(
    ("sources", "deliveries", "errors", "stopped", "status"),
    [
        (SourceCounts(ok=2), DeliveryCounts(), (), False, "success"),
        (SourceCounts(not_due=3), DeliveryCounts(), (), False, "success"),
        (SourceCounts(ok=1, failed=1), DeliveryCounts(), (), False, "partial_failure"),
        (SourceCounts(failed=2), DeliveryCounts(), (), False, "failure"),
        (SourceCounts(failed=2, suspicious=1), DeliveryCounts(), (), False, "partial_failure"),
        (SourceCounts(ok=1), DeliveryCounts(failed=1), (), False, "partial_failure"),
        (SourceCounts(ok=1), DeliveryCounts(), ("pruning failed",), False, "partial_failure"),
        (SourceCounts(failed=2), DeliveryCounts(), (), True, "interrupted"),
    ],
)
def test_a_run_is_judged_by_its_worst_part(
    sources: SourceCounts, deliveries: DeliveryCounts, errors: tuple[str, ...], stopped: bool, status: RunStatus
) -> None:
    assert status_of(sources, deliveries, errors, stopped=stopped) == status


def test_reports_that_failed_are_in_the_summary() -> None:
    failing = msgspec.structs.replace(outcome(), reports=ReportCounts(published=3, failed=1))
    assert summary(failing).endswith(", 1 of 4 reports failed")


def test_the_summary_is_one_line() -> None:
    expected = "2 ok, 1 failed, 1 suspicious, 16 items (3 new, 2 changed, 0 gone, 1 returned), 2 matches, 2 sent"
    assert summary(outcome()) == expected


def test_the_json_has_the_documented_keys() -> None:
    document = msgspec.json.decode(to_json(outcome()))
    assert document["started_at"] == "2026-11-23T08:00:00Z"
    assert list(document) == [
        "run_id", "profile", "trigger", "status", "started_at", "finished_at", "duration_seconds", "version", "sources",
        "items", "matches", "deliveries", "reports", "by_source", "errors",
    ]  # fmt: skip
    assert {"source", "kind", "status", "seen", "new", "changed", "unchanged", "gone", "matched", "bytes"} <= set(
        document["by_source"][0]
    )
