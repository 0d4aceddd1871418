"""Stored things as the JSON and CSV that `--json` and `--csv` print."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import click
import msgspec

from scan.store.records import MatchRow, RunRow, StoredItem

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def print_json(document: object) -> None:
    """Print one JSON document, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(document, enc_hook=_encode), indent=2))


def print_csv(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV with a head; texts that a spreadsheet would execute are defused by an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _defused(value) for name, value in row.items()} for row in rows)
    click.echo(out.getvalue(), nl=False)


def item(stored: StoredItem) -> dict[str, Any]:
    """Lay an item out flat."""
    times = ("first_seen_at", "last_seen_at", "changed_at", "gone_at")
    moments = {name: getattr(stored, name) for name in times}
    return {"id": stored.id, **plain(stored.item), **moments, "revision": stored.revision}


def plain(value: object) -> dict[str, Any]:
    """Turn a struct into what JSON knows; hashes are written in hexadecimal."""
    built: dict[str, Any] = _hexadecimal(msgspec.to_builtins(value, builtin_types=(bytes,)))
    return built


def _hexadecimal(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: _hexadecimal(inner) for name, inner in value.items()}
    return [_hexadecimal(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def match(row: MatchRow) -> dict[str, Any]:
    """Lay a match out: the search, the event, why, and the item."""
    return {
        "search": row.search,
        "event": str(row.event),
        "at": row.at,
        "run_id": row.run_id,
        "duplicate": row.duplicate,
        "reasons": msgspec.to_builtins(row.reasons),
        "deliveries": dict(row.told),
        "item": item(row.item),
    }


def run(row: RunRow) -> dict[str, Any]:
    """Lay a run out as `scan run --json` prints it, as far as it is known."""
    start = msgspec.structs.asdict(row.start)
    ended = {"status": row.status, "finished_at": row.finished_at, "duration_seconds": row.duration_seconds}
    return {"run_id": start.pop("id"), **start, **ended, "error": row.error, **(row.result or {})}


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _encode(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
