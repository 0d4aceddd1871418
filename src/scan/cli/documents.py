"""What `--json` and `--csv` print."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
import msgspec

from scan.flat import csv_lines, item, plain, recorded
from scan.store.records import RunRow

if TYPE_CHECKING:  # not every command looks so deep
    from scan.explain import Story
    from scan.redaction import Redaction
    from scan.rematch import Rematch
    from scan.store.history import Telling


def print_json(document: object) -> None:
    """Print one JSON document, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(document, enc_hook=_encode), indent=2))


def print_csv(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV; texts that a spreadsheet would execute are defused by an apostrophe."""
    for line in csv_lines(heads, rows):
        click.echo(line, nl=False)


def rematch(one: "Rematch") -> dict[str, Any]:
    """Lay out what a search would match: why, the item, and the match that is recorded of it already."""
    before = one.recorded and recorded(one.recorded)
    return {"reasons": msgspec.to_builtins(one.reasons), "recorded": before, "item": item(one.stored)}


def story(told: "Story", redact: "Redaction") -> dict[str, Any]:
    """Lay an item's story out, without the secrets that an error may have."""
    return {
        "item": item(told.stored),
        "configured": told.configured,
        "absences": told.absences,
        "changes": [{"at": one.at, **plain(one.change)} for one in told.changes],
        "matches": [
            {**recorded(one.match), "deliveries": [_telling(telling, redact) for telling in one.tellings]}
            for one in told.matches
        ],
        "searches": told.searches,
    }


def _telling(telling: "Telling", redact: "Redaction") -> dict[str, Any]:
    error = telling.error and redact(telling.error)
    return {**msgspec.structs.asdict(telling), "error": error}


def run(row: RunRow) -> dict[str, Any]:
    """Lay a run out as `scan run --json` prints it, as far as it is known."""
    start = msgspec.structs.asdict(row.start)
    ended = {"status": row.status, "finished_at": row.finished_at, "duration_seconds": row.duration_seconds}
    return {"run_id": start.pop("id"), **start, **ended, "error": row.error, **(row.result or {})}


def _encode(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
