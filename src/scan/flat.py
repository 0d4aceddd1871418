"""Stored things laid out flat, as JSON, CSV and spreadsheets show them. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from scan.model import MatchRow, StoredItem

FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # noqa: RUF001  # the wide ones too
"""What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection."""

ITEM_COLUMNS = (
    "id", "source", "key", "kind", "title", "organization", "location", "url", "published_at", "first_seen_at",
    "last_seen_at", "changed_at", "gone_at",
)  # fmt: skip
"""What CSV shows of an item."""


def item(stored: StoredItem) -> dict[str, Any]:
    """Lay an item out."""
    times = ("first_seen_at", "last_seen_at", "changed_at", "gone_at")
    moments = {name: getattr(stored, name) for name in times}
    return {"id": stored.id, **plain(stored.item), **moments, "revision": stored.revision}


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


def cell(value: object) -> object:
    """Write a value for a cell: times as RFC 3339 has them, in UTC; formulas are defused by an apostrophe."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write CSV as RFC 4180 has it, the head first; what a row has beyond the columns is left out."""
    out = io.StringIO()
    writer = csv.writer(out)
    for values in _table(columns, rows):
        writer.writerow(values)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    yield [cell(name) for name in columns]
    for row in rows:
        yield [cell(row.get(name)) for name in columns]
