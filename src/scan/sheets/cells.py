"""Cells and changes as the Sheets API takes them, in JSON. Pure.

Written bit by bit and not as one object, so that 200,000 cells take some ten megabytes and not a hundred.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request and
.../rest/v4/spreadsheets/other#extendedvalue: a `stringValue` is a text, whatever it looks like, and never a formula.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

Cell = str | int | float | bool | None

_encode = msgspec.json.Encoder().encode


def encoded(row: Sequence[Cell]) -> bytes:
    """Write a row."""
    return _encode({"values": [_value(cell) for cell in row]})


class Place(NamedTuple):
    """Where a tab is.

    Attributes:
        id: by which changes name it.
        rows, columns: how many it has; none if it is not there yet.
        first: its first row, as shown.

    """

    id: int
    rows: int = 0
    columns: int = 0
    first: tuple[str, ...] = ()


def change(title: str, place: Place, rows: Sequence[bytes], *, columns: int) -> bytes:
    """Write the body of a batchUpdate that makes a tab if it is new, gives it room, and writes its cells.

    What the rows don't cover is cleared.
    """
    grid = {"rowCount": max(len(rows), place.rows), "columnCount": max(columns, place.columns)}
    properties = {"sheetId": place.id, "gridProperties": grid}
    shape: dict[str, object] = {"addSheet": {"properties": {**properties, "title": title}}}
    if place.rows:
        fields = "gridProperties(rowCount,columnCount)"
        shape = {"updateSheetProperties": {"properties": properties, "fields": fields}}
    head = b'{"requests":[%b,{"updateCells":{"range":{"sheetId":%d},"fields":"userEnteredValue","rows":['
    return b"".join((head % (_encode(shape), place.id), b",".join(rows), b"]}}]}"))


def _value(cell: Cell) -> dict[str, dict[str, Cell]]:
    if cell is None or cell == "":
        return {}
    kind = "boolValue" if isinstance(cell, bool) else "stringValue" if isinstance(cell, str) else "numberValue"
    return {"userEnteredValue": {kind: cell}}
