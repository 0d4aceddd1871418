"""`scan runs`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.output import safe, table, when

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.outcome import SourceRun
    from scan.store.records import RunRow


@click.command(name="runs")
@click.argument("run", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, newest first.")
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
                click.echo(_listed(rows))
            return
        row = store.run(run) if store else None
        if store is None or row is None:
            raise click.UsageError(f"No run, or more than one, has an id that begins with {run}; scan runs lists them.")
        sources = store.source_runs(row.start.id)
    if as_json:
        documents.print_json({**documents.run(row), "by_source": sources})
    else:
        click.echo(_whole(row, sources))


def _listed(rows: "Sequence[RunRow]") -> str:
    heads = ("RUN", "STARTED", "STATUS", "SECONDS", "OK", "FAILED", "NEW", "CHANGED", "GONE", "SENT", "ERROR")
    return table(heads, [_line(row) for row in rows]) if rows else "no runs yet"


def _line(row: "RunRow") -> tuple[object, ...]:
    result = row.result or {}

    def count(group: str, name: str) -> object:
        counts = result.get(group)
        return counts.get(name) if isinstance(counts, dict) else None

    return (
        row.start.id,
        when(row.start.started_at),
        row.status,
        row.duration_seconds,
        count("sources", "ok"),
        count("sources", "failed"),
        *(count("items", name) for name in ("new", "changed", "gone")),
        count("deliveries", "sent"),
        row.error,
    )


def _whole(row: "RunRow", sources: "Sequence[SourceRun]") -> str:
    start = row.start
    lines = [
        f"run       {start.id}",
        f"started   {when(start.started_at)} ({start.trigger}, {start.host}, PID {start.pid}, scan {start.version})",
        f"finished  {when(row.finished_at) if row.finished_at else 'not yet'}",
        f"status    {row.status}{f': {safe(row.error)}' if row.error else ''}",
        "",
    ]
    heads = ("SOURCE", "KIND", "STATUS", "SEEN", "NEW", "CHANGED", "GONE", "MATCHED", "SECONDS", "BYTES", "ERROR")
    rows = [
        (s.source, s.kind, s.status, s.seen, s.new, s.changed, s.gone, s.matched, s.duration_seconds, s.bytes, s.error)
        for s in sources
    ]
    return "\n".join([*lines, table(heads, rows)])
