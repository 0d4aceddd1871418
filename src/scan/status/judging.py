"""How a profile and each of its sources is now, from what its last run left."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scan.health import STALE_AFTER, OverallHealth, SourceHealth, overall_health, source_health

Document = dict[str, Any]

NOTHING_YET: Mapping[str, object] = {
    "every_seconds": None,
    "last_run": None,
    "runs": [],
    "sources": [],
    "lists": [],
    "deliveries": {},
    "held": [],
    "removed": [],
    "channels": [],
    "database_bytes": None,
}
"""What there is to say before the first run has ended."""


def judge(document: Document | None, *, now: datetime, lock_free: bool) -> Document:
    """Say how a profile and each of its sources is now, from what its last run left.

    Args:
        document: as read; None if no run has left one.
        now: aware UTC.
        lock_free: no run holds the lock; one that claims to be running then is dead.

    Returns:
        What `scan status --json` prints, but for the timer and what needs attention.

    """
    known: Document = {**NOTHING_YET, **(document or {})}
    running = known.get("running")
    sources = [{**source, "health": _source_health(source, now)} for source in known["sources"]]
    alive = None if lock_free else running
    last = known["last_run"]
    judged = {
        "status": _overall(known, [source["health"] for source in sources if source["enabled"]], alive, now),
        "running": alive,
        "interrupted": bool(running) and lock_free,
        "age_seconds": None if last is None else age(last["finished_at"], now),
        "sources": sources,
    }
    return {**{name: value for name, value in known.items() if name != "version"}, **judged}


def late_after(document: Document) -> float:
    """Tell how many seconds after a run's end the next one should have ended."""
    return STALE_AFTER * float(document["every_seconds"])


def _source_health(source: Mapping[str, Any], now: datetime) -> SourceHealth:
    return source_health(
        last_attempt_at=moment(source["last_attempt_at"]),
        last_success_at=moment(source["last_success_at"]),
        failures=source["consecutive_failures"],
        suspicious=source["suspicious_since"] is not None,
        every=timedelta(seconds=source["every_seconds"]),
        now=now,
    )


def _overall(
    known: Document, sources: list[SourceHealth], running: Mapping[str, Any] | None, now: datetime
) -> OverallHealth:
    last = known["last_run"]
    if last is None:
        return "not_started"
    return overall_health(
        sources,
        last_run_age=_since(last["finished_at"], now),
        every=timedelta(seconds=known["every_seconds"]),
        undelivered=bool(known["deliveries"].get("dead") or known["channels"] or known["held"]),
        run_failed=last["status"] in {"failure", "partial_failure"},
        running_for=None if running is None else _since(running["since"], now),
        unsynced=any(one["error"] for one in known["lists"]),
    )


def _since(text: str, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(text)


def age(text: str | None, now: datetime) -> float | None:
    """Tell how many seconds ago a time of the file was."""
    then = moment(text)
    return None if then is None else round((now - then).total_seconds(), 1)


def moment(text: str | None) -> datetime | None:
    """Read a time of the file."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
