"""The file itself: one small one, written atomically at a run's start and end."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scan.atomic import contents, replace
from scan.errors import NotPermitted, StoreError

VERSION = 4
"""Of the file's form. A file of another one is as good as none."""

TABLES = ("sources", "runs")
"""Lists of which every entry has the same names and no list. They are packed: every run writes the file twice."""

Document = dict[str, Any]


def write(path: Path, document: Mapping[str, object]) -> None:
    """Write the file so that a reader sees the old one or the new one, whole; the group may read it.

    Raises:
        StoreError: the disk is full or read-only.

    """
    content = json.dumps({"version": VERSION, **_packed(document)}, separators=(",", ":"))
    try:
        replace(path, content.encode())
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def read(path: Path) -> Document | None:
    """Read the file; None where no run has left one, or something else has.

    Raises:
        NotPermitted: it belongs to a group that we are not in.

    """
    try:
        document = json.loads(contents(path))
        return _unpacked(document) if document["version"] == VERSION else None
    except PermissionError as error:
        raise NotPermitted(f"{path}: not readable; join the group that owns it, or use sudo") from error
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _packed(document: Mapping[str, Any]) -> Document:
    """Write each list of `TABLES` as columns; one in which all is alike as one value, which saves two thirds."""
    return {**document, **{name: _columns(document[name]) for name in TABLES}}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    first = next(iter(columns), None)  # it tells how many rows there are
    return {name: values[0] if name != first and _is_alike(values) else values for name, values in columns.items()}


def _is_alike(values: Sequence[Any]) -> bool:
    return values.count(values[0]) == len(values)


def _unpacked(document: Document) -> Document:
    return {**document, **{name: _rows(document[name]) for name in TABLES}}


def _rows(columns: Mapping[str, Any]) -> list[Document]:
    count = len(next(iter(columns.values()), ()))
    whole = [column if isinstance(column, list) else [column] * count for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*whole, strict=True)]
