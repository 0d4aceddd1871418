"""What a run leaves for `scan status`: everything that it shows, so that it needs no database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from scan.cadence import SourceState
from scan.config.model import Config, SourceEntry
from scan.outcome import RunOutcome, summary
from scan.run.plan import cadence
from scan.store.database import Store
from scan.store.records import RunStart

Document = Mapping[str, object]


def running(config: Config, previous: Document | None, start: RunStart) -> Document:
    """Mark in what the last run left, if there was one, that another is in progress."""
    nothing_yet: Document = {
        "profile": start.profile,
        "every_seconds": _shortest(config).total_seconds(),
        "last_run": None,
        "sources": [_source(config, entry, None, 0) for entry in config.sources],
        "deliveries": {},
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
        "sources": [
            _source(config, entry, states.get(entry.name), counts.get(entry.name, 0)) for entry in config.sources
        ],
        **outbox(config, store),
        "channels": msgspec.to_builtins(channels),
        "database_bytes": store.size(),
    }


def outbox(config: Config, store: Store) -> Document:
    """Count what is in the outbox, and what waits there for somebody who is not in the config any more."""
    removed = [
        {"channel": channel, "recipient": recipient, "deliveries": count}
        for (channel, recipient), count in sorted(store.undelivered().items())
        if not is_told(config, channel, recipient)
    ]
    return {"deliveries": store.outbox_counts(), "removed": removed}


def is_told(config: Config, channel: str, recipient: str) -> bool:
    """Tell whether the config has such a channel, with such a recipient."""
    return any(one.name == channel and recipient in one.recipients() for one in config.channels)


def _source(config: Config, entry: SourceEntry, state: SourceState | None, matches: int) -> Document:
    remembered = state or SourceState(name=entry.name)
    return {
        "source": entry.name,
        "kind": entry.source.kind,
        "enabled": entry.enabled,
        "every_seconds": cadence(config, entry).total_seconds(),
        "last_attempt_at": _text(remembered.last_attempt_at),
        "last_success_at": _text(remembered.last_success_at),
        "consecutive_failures": remembered.consecutive_failures,
        "suspicious_since": _text(remembered.suspicious_since),
        "items": remembered.last_count or 0,
        "matches": matches,
        "error": remembered.last_error,
    }


def _shortest(config: Config) -> timedelta:
    return min((cadence(config, entry) for entry in config.sources if entry.enabled), default=config.every)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
