"""`scan sources`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from scan.cli.context import Settings
from scan.cli.output import ago, now_utc, safe, span, table

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.cadence import SourceState
    from scan.config.model import Config, SourceEntry


@click.command(name="sources")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(settings: Settings, *, as_json: bool) -> None:
    """List the configured sources: kind, cadence, whether they are due, and how they are."""
    settings.become_owner()
    config, now = settings.load_config(), now_utc()
    with settings.reading(config) as store:
        states = store.source_states([entry.name for entry in config.sources]) if store else {}
    rows = [_row(config, entry, states.get(entry.name), now) for entry in config.sources]
    if as_json:
        from scan.cli.documents import print_json

        print_json({"sources": rows})
        return
    heads = ("SOURCE", "KIND", "EVERY", "DUE", "STATE", "LAST SUCCESS", "ITEMS", "TAGS")
    click.echo(table(heads, [_line(row, now) for row in rows]) if rows else "no sources are configured")
    errors = [f"{row['source']}: {safe(row['error'])}" for row in rows if row["error"]]
    if errors:
        click.echo("\n".join(["", *errors]))


def _row(config: "Config", entry: "SourceEntry", state: "SourceState | None", now: datetime) -> dict[str, Any]:
    from scan.cadence import SourceState
    from scan.health import source_health
    from scan.run.plan import due

    remembered = state or SourceState(name=entry.name)
    every = config.cadence_of(entry)
    health = source_health(
        last_attempt_at=remembered.last_attempt_at,
        last_success_at=remembered.last_success_at,
        failures=remembered.consecutive_failures,
        suspicious=remembered.suspicious_since is not None,
        every=every,
        now=now,
    )
    return {
        "source": entry.name,
        "kind": entry.source.kind,
        "enabled": entry.enabled,
        "every_seconds": every.total_seconds(),
        "due": entry.enabled and due(config, entry, remembered, now),
        "health": health,
        "tags": entry.tags,
        "items": remembered.last_count,
        "last_attempt_at": remembered.last_attempt_at,
        "last_success_at": remembered.last_success_at,
        "consecutive_failures": remembered.consecutive_failures,
        "suspicious_since": remembered.suspicious_since,
        "error": remembered.last_error,
    }


def _line(row: dict[str, Any], now: datetime) -> tuple[object, ...]:
    return (
        row["source"],
        row["kind"],
        span(row["every_seconds"]),
        "yes" if row["due"] else "no",
        row["health"] if row["enabled"] else "disabled",
        ago(row["last_success_at"], now),
        row["items"],
        ",".join(row["tags"]),
    )
