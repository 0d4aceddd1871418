"""What the last run left for whoever looks: one small file, written atomically at a run's start and end.

`scan status` and `scan health` read it and nothing else, so that they answer at once, need no database and see a run in
progress. Nothing heavy may be imported here.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scan.atomic import replace
from scan.errors import NotPermitted, StoreError
from scan.health import OverallHealth, SourceHealth, overall_health, source_health

VERSION = 2
"""Of the file's form. A file of another one is as good as none."""

Document = dict[str, Any]


def write(path: Path, document: Mapping[str, object]) -> None:
    """Write the file so that a reader sees the old one or the new one, whole; the group may read it.

    Raises:
        StoreError: the disk is full or read-only.

    """
    content = json.dumps({"version": VERSION, **_packed(document)}, separators=(",", ":"))
    try:
        replace(path, content.encode())
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def read(path: Path) -> Document | None:
    """Read the file; None where no run has left one.

    Raises:
        NotPermitted: it belongs to a group that we are not in.

    """
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise NotPermitted(f"{path}: not readable; join the group that owns it, or use sudo") from error
    except (OSError, ValueError):
        return None
    return _unpacked(document) if isinstance(document, dict) and document.get("version") == VERSION else None


def _packed(document: Mapping[str, Any]) -> Document:
    """Write `sources` as a row of names and a row of values for each: less than half, and every run writes it twice."""
    sources = document["sources"]
    names = list(sources[0]) if sources else []
    return {**document, "sources": [names, *([source[name] for name in names] for source in sources)]}


def _unpacked(document: Document) -> Document:
    names, *rows = document["sources"]
    return {**document, "sources": [dict(zip(names, row, strict=True)) for row in rows]}


def judge(document: Document | None, *, now: datetime, lock_free: bool) -> Document:
    """Say how a profile and each of its sources is now, from what its last run left.

    Args:
        document: as read; None if no run has left one.
        now: aware UTC.
        lock_free: no run holds the lock; one that claims to be running then is dead.

    Returns:
        What `scan status --json` prints.

    """
    if document is None:
        return {"status": "not_started", "running": None, "interrupted": False, "last_run": None, "sources": []}
    running = document.get("running")
    sources = [{**source, "health": _source_health(source, now)} for source in document["sources"]]
    return {
        **{name: value for name, value in document.items() if name not in {"version", "running", "sources"}},
        "status": _overall(document, [source["health"] for source in sources if source["enabled"]], now),
        "running": None if lock_free else running,
        "interrupted": bool(running) and lock_free,
        "age_seconds": _age(document, now),
        "sources": sources,
    }


def _source_health(source: Mapping[str, Any], now: datetime) -> SourceHealth:
    return source_health(
        last_attempt_at=moment(source["last_attempt_at"]),
        last_success_at=moment(source["last_success_at"]),
        failures=source["consecutive_failures"],
        suspicious=source["suspicious_since"] is not None,
        every=timedelta(seconds=source["every_seconds"]),
        now=now,
    )


def _overall(document: Document, sources: list[SourceHealth], now: datetime) -> OverallHealth:
    age = _age(document, now)
    return overall_health(
        sources,
        last_run_age=None if age is None else timedelta(seconds=age),
        every=timedelta(seconds=document["every_seconds"]),
        undelivered=bool(document["deliveries"].get("dead") or document["channels"]),
    )


def _age(document: Document, now: datetime) -> float | None:
    last = document["last_run"]
    return None if last is None else age(last["finished_at"], now)


def age(text: str | None, now: datetime) -> float | None:
    """Tell how many seconds ago a time of the file was."""
    then = moment(text)
    return None if then is None else round((now - then).total_seconds(), 1)


def moment(text: str | None) -> datetime | None:
    """Read a time of the file."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
