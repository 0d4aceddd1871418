from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan.health import OverallHealth, SourceHealth, overall_health, source_health

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("attempt", "success", "failures", "suspicious", "health"),
    [
        (None, None, 0, False, "not_started"),
        (0, 0, 0, False, "healthy"),
        (30, 30, 0, False, "healthy"),
        (31, 31, 0, False, "stale"),
        (0, 0, 1, False, "failing"),
        (0, None, 3, False, "failing"),
        (0, 60, 0, True, "suspicious"),
        (0, None, 0, False, "stale"),
    ],
)
def test_a_source_is_judged_by_what_is_remembered_of_it(
    attempt: int | None, success: int | None, failures: int, suspicious: bool, health: SourceHealth
) -> None:
    def ago(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW - timedelta(minutes=minutes)

    found = source_health(
        last_attempt_at=ago(attempt),
        last_success_at=ago(success),
        failures=failures,
        suspicious=suspicious,
        every=QUARTER,
        now=NOW,
    )
    assert found == health


@pytest.mark.parametrize(
    ("sources", "age", "trouble", "health"),
    [
        ([], None, {}, "not_started"),
        (["healthy"], 30, {}, "healthy"),
        (["healthy"], 31, {}, "unhealthy"),
        (["failing", "healthy"], 1, {}, "degraded"),
        (["failing", "failing"], 1, {}, "unhealthy"),
        (["suspicious"], 1, {}, "degraded"),
        (["healthy"], 1, {"undelivered": True}, "degraded"),
        (["healthy"], 1, {"run_failed": True}, "degraded"),
        (["healthy"], 16, {"running_for": QUARTER}, "healthy"),
        (["healthy"], 17, {"running_for": QUARTER + timedelta(seconds=1)}, "degraded"),
        ([], 1, {}, "healthy"),
    ],
)
def test_a_profile_is_as_well_as_its_runs_sources_and_deliveries(
    sources: list[SourceHealth], age: int | None, trouble: dict[str, Any], health: OverallHealth
) -> None:
    none = {"undelivered": False, "run_failed": False, "running_for": None}
    last_run_age = None if age is None else timedelta(minutes=age)
    assert overall_health(sources, last_run_age=last_run_age, every=QUARTER, **{**none, **trouble}) == health
