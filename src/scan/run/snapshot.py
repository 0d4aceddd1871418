"""What a run leaves for `scan status`: everything that it shows, so that it needs no database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from scan.cadence import SourceState
from scan.config.model import Config, ListUse, SourceEntry
from scan.outcome import RunOutcome, summary
from scan.store.database import Store
from scan.store.records import RunRow, RunStart

LAST_RUNS = 30
"""Runs that are told of, so that it can be seen how they went of late."""

SHOWN_ROWS = 5
"""Rows of a list that were left out, and are named with the reason."""

Document = Mapping[str, object]


def running(config: Config, previous: Document | None, start: RunStart) -> Document:
    """Mark in what the last run left, if there was one, that another is in progress."""
    nothing_yet: Document = {
        "profile": start.profile,
        "every_seconds": _shortest(config).total_seconds(),
        "last_run": None,
        "runs": [],
        "sources": [_source(config, entry, None, 0) for entry in config.sources],
        "lists": [],
        "deliveries": {},
        "held": [],
        "removed": [],
        "channels": [],
        "database_bytes": 0,
    }
    now_running = {"run_id": start.id, "pid": start.pid, "since": _text(start.started_at)}
    return {**(previous or nothing_yet), "running": now_running}


def finished(config: Config, store: Store, outcome: RunOutcome) -> Document:
    """Say how everything is after a run."""
    states = store.source_states([entry.name for entry in config.sources])
    counts = store.match_counts([entry.name for entry in config.sources])
    last_run = msgspec.to_builtins(outcome)
    del last_run["by_source"]
    channels = [state for state in store.channel_states().values() if state.consecutive_failures]
    return {
        "profile": outcome.profile,
        "running": None,
        "every_seconds": _shortest(config).total_seconds(),
        "last_run": {**last_run, "summary": summary(outcome)},
        "runs": [_run(row) for row in store.runs(LAST_RUNS)],
        "sources": [
            _source(config, entry, states.get(entry.name), counts.get(entry.name, 0)) for entry in config.sources
        ],
        "lists": [_list(name, use) for name, use in config.list_uses.items()],
        **outbox(config, store),
        "channels": msgspec.to_builtins(channels),
        "database_bytes": store.size(),
    }


def outbox(config: Config, store: Store) -> Document:
    """Count what is open in the outbox; what is held back of it; and what waits there for somebody who is gone."""
    removed = [
        {"channel": channel, "recipient": recipient, "deliveries": count}
        for (channel, recipient), count in sorted(store.undelivered().items())
        if not is_told(config, channel, recipient)
    ]
    held = [{"source": of.source, "deliveries": of.deliveries, "since": _text(of.since)} for of in store.held()]
    return {"deliveries": store.outbox_counts(), "held": held, "removed": removed}


def _run(row: RunRow) -> Document:
    """Say in short how a run went; what it counted is not known of one that was killed."""
    return {
        "run_id": row.start.id,
        "trigger": row.start.trigger,
        "status": row.status,
        "started_at": _text(row.start.started_at),
        "duration_seconds": row.duration_seconds,
        "ok": row.count("sources", "ok"),
        "failed": row.count("sources", "failed"),
        "new": row.count("items", "new"),
        "matches": row.count("matches", "new"),
        "sent": row.count("deliveries", "sent"),
    }


def is_told(config: Config, channel: str, recipient: str) -> bool:
    """Tell whether the config has such a channel, with such a recipient."""
    return any(one.name == channel and recipient in one.recipients() for one in config.channels)


def _source(config: Config, entry: SourceEntry, state: SourceState | None, matches: int) -> Document:
    remembered = state or SourceState(name=entry.name)
    return {
        "source": entry.name,
        "kind": entry.source.kind,
        "enabled": entry.enabled,
        "every_seconds": config.cadence_of(entry).total_seconds(),
        "last_attempt_at": _text(remembered.last_attempt_at),
        "last_success_at": _text(remembered.last_success_at),
        "consecutive_failures": remembered.consecutive_failures,
        "failing_since": _text(remembered.failing_since),
        "suspicious_since": _text(remembered.suspicious_since),
        "items": remembered.last_count or 0,
        "matches": matches,
        "error": remembered.last_error,
    }


def _list(name: str, use: ListUse) -> Document:
    return {
        "list": name,
        "sources": use.sources,
        "rejected": len(use.rejected),
        "rejected_rows": use.rejected[:SHOWN_ROWS],
        "synced_at": _text(use.copy.synced_at),
        "failing_since": _text(use.copy.failing_since),
        "error": use.copy.error,
    }


def _shortest(config: Config) -> timedelta:
    return min((config.cadence_of(entry) for entry in config.sources if entry.enabled), default=config.every)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
