"""`scan runs`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.output import Cell, safe, table, when
from scan.cli.output.spark import pictures
from scan.cli.output.terminal import COLOURS, room
from scan.cli.paging import paged, part, say_more
from scan.phrases import short, took, words

if TYPE_CHECKING:  # start-up: imported where the work begins
    from zoneinfo import ZoneInfo

    from scan.config.model import Config
    from scan.outcome import SourceRun
    from scan.store.database import Store
    from scan.store.records import RunRow

COUNTS = (
    ("OK", "sources", "ok"),
    ("FAILED", "sources", "failed"),
    ("NEW", "items", "new"),
    ("MATCHES", "matches", "new"),
    ("SENT", "deliveries", "sent"),
)
"""What is told of each run in a list: under which head, and where its result has it."""


@click.command(name="runs")
@click.argument("run", required=False)
@paged(20)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(settings: Settings, *, run: str | None, limit: int, offset: int, as_json: bool) -> None:
    """List the runs, newest first, or show one RUN whole (by its id or the beginning of it).

    Above the list, how long they took and how many items were new, in a picture from the oldest to the newest.
    """
    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        if run is None:
            _list(config, store, limit, offset, as_json=as_json)
        else:
            _show(config, store, run, as_json=as_json)


def _list(config: "Config", store: "Store | None", limit: int, offset: int, *, as_json: bool) -> None:
    rows, following = part(store.runs if store else None, limit, offset)
    if as_json:
        from scan.cli import documents

        documents.print_json({"runs": [documents.run(row) for row in rows], "next_offset": following})
        return
    click.echo("\n".join(_listed(rows, config.timezone)) if rows else "no runs" if offset else "no runs yet")
    say_more(following)


def _listed(rows: "Sequence[RunRow]", zone: "ZoneInfo | None") -> Iterator[str]:
    oldest_first = rows[::-1][-_room_for_pictures() :]
    yield from pictures(
        [row.duration_seconds for row in oldest_first], [row.count("items", "new") for row in oldest_first]
    )
    errors = any(row.error for row in rows)
    heads = ("RUN", "STARTED", "STATUS", "TOOK", *(head for head, _, _ in COUNTS), *(["ERROR"] if errors else []))
    yield table(heads, [(*_line(row, zone), *([row.error] if errors else [])) for row in rows])


def _room_for_pictures() -> int:
    """Tell how many runs a picture may have: beside it stand what it shows, the least and the most."""
    return max((room() or 120) - 30, 10)


def _line(row: "RunRow", zone: "ZoneInfo | None") -> tuple[object, ...]:
    status = words(row.status)
    return (
        short(row.start.id),
        when(row.start.started_at, zone),
        Cell(status, COLOURS.get(status)),
        _took(row.duration_seconds),
        *(row.count(group, name) for _, group, name in COUNTS),
    )


def _show(config: "Config", store: "Store | None", beginning: str, *, as_json: bool) -> None:
    row = _the_one(store, beginning)
    sources = store.source_runs(row.start.id) if store else []
    if as_json:
        from scan.cli import documents

        documents.print_json({**documents.run(row), "by_source": sources})
    else:
        click.echo("\n".join(_whole(row, sources, config.timezone)))


def _the_one(store: "Store | None", beginning: str) -> "RunRow":
    """Find the run.

    Raises:
        click.UsageError: there is none, or more than one.

    """
    found = store.runs_named(beginning) if store else []
    if not found:
        raise click.UsageError(f"No run has an id that begins with “{safe(beginning)}”; scan runs lists them.")
    if len(found) > 1:
        some = ", ".join(short(row.start.id) for row in found[:3])
        raise click.UsageError(f"“{safe(beginning)}” fits several runs ({some}, …); write more of the id.")
    return found[0]


def _whole(row: "RunRow", sources: "Sequence[SourceRun]", zone: "ZoneInfo | None") -> Iterator[str]:
    start, status = row.start, words(row.status)
    by = f"{start.trigger}, {start.host}, PID {start.pid}, scan {start.version}"
    yield f"run       {start.id}"
    yield f"started   {when(start.started_at, zone)} ({safe(by)})"
    yield f"finished  {when(row.finished_at, zone) if row.finished_at else 'not yet'}{_during(row)}"
    yield f"status    {click.style(status, fg=COLOURS.get(status))}{f': {safe(row.error)}' if row.error else ''}"
    if row.result is not None:
        yield f"result    {_summary(row)}"
    if sources:
        heads = ("SOURCE", "STATUS", "SEEN", "NEW", "CHANGED", "GONE", "MATCHED", "SENT", "TOOK", "BYTES", "HTTP")
        yield ""
        yield table(heads, [_source(source) for source in sources])
    errors = [f"{source.source} {source.status}: {safe(source.error)}" for source in sources if source.error]
    yield from ["", *errors] if errors else []


def _summary(row: "RunRow") -> str:
    import msgspec

    from scan.outcome import RunOutcome, summary

    return summary(msgspec.convert({**(row.result or {}), "by_source": ()}, RunOutcome))


def _source(source: "SourceRun") -> tuple[object, ...]:
    counts = (source.seen, source.new, source.changed, source.gone, source.matched, source.sent)
    status = Cell(source.status, COLOURS.get(source.status))
    return source.source, status, *counts, _took(source.duration_seconds), source.bytes, source.http_status


def _during(row: "RunRow") -> str:
    return "" if row.duration_seconds is None else f", after {took(row.duration_seconds)}"


def _took(seconds: float | None) -> str | None:
    return None if seconds is None else took(seconds)
