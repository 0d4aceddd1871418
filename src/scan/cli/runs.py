"""`scan runs`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.output import safe, table, when

if TYPE_CHECKING:  # start-up: imported where the work begins
    from zoneinfo import ZoneInfo

    from scan.outcome import SourceRun
    from scan.store.records import RunRow

SHORT_ID = 13
"""The time in a run's id, which no two runs of a profile have in common: enough to name one."""


@click.command(name="runs")
@click.argument("run", required=False)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", default=20, show_default=True, help="How many, newest first."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(settings: Settings, *, run: str | None, limit: int, as_json: bool) -> None:
    """List the runs, newest first, or show one RUN whole (by its id or the beginning of it)."""
    from scan.cli import documents

    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        if run is None:
            rows = store.runs(limit) if store else []
            if as_json:
                documents.print_json({"runs": [documents.run(row) for row in rows]})
            else:
                click.echo(_listed(rows, config.timezone))
            return
        row = store.run(run) if store else None
        if store is None or row is None:
            raise click.UsageError(f"No run, or more than one, has an id that begins with {safe(run)}.")
        sources = store.source_runs(row.start.id)
    if as_json:
        documents.print_json({**documents.run(row), "by_source": sources})
    else:
        click.echo(_whole(row, sources, config.timezone))


def _listed(rows: "Sequence[RunRow]", zone: "ZoneInfo | None") -> str:
    if not rows:
        return "no runs yet"
    heads = ["RUN", "STARTED", "STATUS", "TOOK", "OK", "FAILED", "NEW", "MATCHES", "SENT"]
    lines = [_line(row, zone) for row in rows]
    if any(row.error for row in rows):
        heads.append("ERROR")
        lines = [(*line, row.error) for line, row in zip(lines, rows, strict=True)]
    return table(heads, lines)


def _line(row: "RunRow", zone: "ZoneInfo | None") -> tuple[object, ...]:
    result = row.result or {}

    def count(group: str, name: str) -> object:
        counts = result.get(group)
        return counts.get(name) if isinstance(counts, dict) else None

    return (
        row.start.id[:SHORT_ID],
        when(row.start.started_at, zone),
        _words(row.status),
        _took(row.duration_seconds),
        count("sources", "ok"),
        count("sources", "failed"),
        count("items", "new"),
        count("matches", "new"),
        count("deliveries", "sent"),
    )


def _whole(row: "RunRow", sources: "Sequence[SourceRun]", zone: "ZoneInfo | None") -> str:
    start = row.start
    by = f"{start.trigger}, {start.host}, PID {start.pid}, scan {start.version}"
    lines = [
        f"run       {start.id}",
        f"started   {when(start.started_at, zone)} ({by})",
        f"finished  {when(row.finished_at, zone) if row.finished_at else 'not yet'}",
        f"status    {_words(row.status)}{f': {safe(row.error)}' if row.error else ''}",
    ]
    heads = ("SOURCE", "STATUS", "SEEN", "NEW", "CHANGED", "GONE", "MATCHED", "TOOK", "BYTES")
    rows = [
        (s.source, s.status, s.seen, s.new, s.changed, s.gone, s.matched, _took(s.duration_seconds), s.bytes)
        for s in sources
    ]
    lines += ["", table(heads, rows)] if rows else []
    errors = [f"{source.source} {source.status}: {safe(source.error)}" for source in sources if source.error]
    return "\n".join([*lines, *([""] if errors else []), *errors])


def _words(status: str) -> str:
    return status.replace("_", " ")


def _took(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds:.2f}s"
