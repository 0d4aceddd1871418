"""What a run leaves, as the tests change it."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def source(**more: Any) -> dict[str, Any]:
    return {
        "source": "acme",
        "kind": "feed",
        "enabled": True,
        "every_seconds": 900.0,
        "last_attempt_at": "2026-11-23T07:50:00Z",
        "last_success_at": "2026-11-23T07:50:00Z",
        "consecutive_failures": 0,
        "failing_since": None,
        "suspicious_since": None,
        "items": 3,
        "matches": 1,
        "error": None,
        **more,
    }


def document(**more: Any) -> dict[str, Any]:
    return {
        "profile": "scan",
        "running": None,
        "every_seconds": 900.0,
        "last_run": {"run_id": "1", "finished_at": "2026-11-23T07:50:01Z", "status": "success", "errors": []},
        "runs": [],
        "sources": [source()],
        "deliveries": {},
        "held": [],
        "removed": [],
        "channels": [],
        "database_bytes": 4096,
        **more,
    }
