"""Stored things as the JSON and CSV that `--json` and `--csv` print."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
import msgspec

from scan.model import MatchRow, StoredItem
from scan.store.records import RunRow

if TYPE_CHECKING:  # not every command looks so deep
    from scan.explain import Story
    from scan.redaction import Redaction
    from scan.rematch import Rematch
    from scan.store.history import Telling

FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # noqa: RUF001  # the wide ones too
"""What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection."""


def print_json(document: object) -> None:
    """Print one JSON document, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(document, enc_hook=_encode), indent=2))


def print_csv(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV as RFC 4180 has it; texts that a spreadsheet would execute are defused by an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _written(value) for name, value in row.items()} for row in rows)
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
    return {**recorded(row), "item": item(row.item)}


def recorded(row: MatchRow) -> dict[str, Any]:
    """Lay a match out without its item."""
    return {
        "search": row.search,
        "event": str(row.event),
        "at": row.at,
        "run_id": row.run_id,
        "duplicate": row.duplicate,
        "reasons": msgspec.to_builtins(row.reasons),
        "deliveries": dict(row.told),
    }


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


def _written(value: object) -> object:
    """Write times as RFC 3339 does, in UTC; and defuse formulas."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _encode(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
