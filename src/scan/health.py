"""How well a source, and a profile as a whole, is. Pure, and light: `scan status` and `scan health` start with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

STALE_AFTER = 2
"""A source or run is stale when its last success is older than this many intervals."""

SourceHealth = Literal["healthy", "failing", "suspicious", "stale", "not_started"]
OverallHealth = Literal["healthy", "degraded", "unhealthy", "not_started"]


def source_health(
    *,
    last_attempt_at: datetime | None,
    last_success_at: datetime | None,
    failures: int,
    suspicious: bool,
    every: timedelta,
    now: datetime,
) -> SourceHealth:
    """Judge one source by what is remembered of it; `failures` are those in a row."""
    if last_attempt_at is None:
        return "not_started"
    if failures:
        return "failing"
    if suspicious:
        return "suspicious"
    if last_success_at is None or now - last_success_at > STALE_AFTER * every:
        return "stale"
    return "healthy"


def overall_health(
    sources: Sequence[SourceHealth],
    *,
    last_run_age: timedelta | None,
    every: timedelta,
    undelivered: bool,
    run_failed: bool,
    running_for: timedelta | None,
    unsynced: bool = False,
) -> OverallHealth:
    """Judge a profile: unhealthy past twice its interval or when all sources fail, degraded when anything is not well.

    Args:
        sources: of the enabled ones.
        last_run_age: since the last run ended; None if there was none.
        every: the shortest interval of the profile.
        undelivered: a channel is out of order, or a delivery was given up or is held back.
        run_failed: anything in the last run did.
        running_for: since a run in progress started; None if there is none.
        unsynced: a list of sources cannot be had, and is used as it was.

    """
    if last_run_age is None:
        return "not_started"
    if last_run_age > STALE_AFTER * every or (sources and all(health == "failing" for health in sources)):
        return "unhealthy"
    running_long = running_for is not None and running_for > every
    unwell = any(health in {"failing", "suspicious", "stale"} for health in sources)
    return "degraded" if unwell or undelivered or run_failed or running_long or unsynced else "healthy"
