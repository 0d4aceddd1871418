"""What `--json` and `--csv` print."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
import msgspec

from scan.cli.output import safe
from scan.flat import csv_lines, item, plain, recorded
from scan.store.records import RunRow

if TYPE_CHECKING:  # not every command looks so deep
    from scan.explain import Story
    from scan.redaction import Redaction
    from scan.rematch import Rematch
    from scan.store.history import Telling


def print_json(document: object) -> None:
    """Print one JSON document, indented. What could drive a terminal is escaped, which is the same to a program."""
    text = msgspec.json.format(msgspec.json.encode(document, enc_hook=_encode), indent=2).decode()
    click.echo(_BEYOND_ASCII.sub(lambda found: _escaped(found[0]), text))


def print_csv(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV; texts that a spreadsheet would execute are defused by an apostrophe.

    Controls are shown as their escapes, but for line ends: within quotes they are the text's own.
    """
    for line in csv_lines(heads, rows):
        click.echo(line if line.replace("\r\n", "").isprintable() else _CONTROLS.sub(_shown, line), nl=False)


_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls of a terminal, and of a text's direction."""


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _shown(found: re.Match[str]) -> str:
    return safe(found[0])


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
