"""A spreadsheet as the Sheets API v4 reads and changes it, for `tests.sheets`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = object
Rows = Sequence[Sequence[Cell]]


class Formula(str):
    """What a cell computes."""

    __slots__ = ()


@dataclass
class Tab:
    """One sheet of a spreadsheet."""

    id: int
    rows: list[list[Cell]]
    row_count: int = 1000
    column_count: int = 26


@dataclass
class Book:
    """One spreadsheet."""

    tabs: dict[str, Tab] = field(default_factory=dict)
    shared_with: set[str] = field(default_factory=set)

    def tab(self, sheet_id: int) -> Tab:
        return next(tab for tab in self.tabs.values() if tab.id == sheet_id)


class Refusal(Exception):
    """An error of the API."""

    def __init__(self, code: int, status: str, message: str) -> None:
        super().__init__(message)
        self.code, self.status, self.message = code, status, message


def find(book: Book, wanted: str) -> tuple[str, Tab, int, int]:
    """Find a range in A1 notation: the tab, and the row and column it begins with, from 0. Its end is passed over."""
    title, bang, cells = wanted.rpartition("!")
    if not bang and (wanted.startswith("'") or wanted in book.tabs):
        title, cells = wanted, "A1"
    name = title[1:-1].replace("''", "'") if title.startswith("'") else title
    first = re.match(r"([A-Z]{0,3})(\d*)", cells)
    if (name and name not in book.tabs) or not first or not first[0]:
        raise Refusal(400, "INVALID_ARGUMENT", f"Unable to parse range: {wanted}")
    name = name or next(iter(book.tabs))
    column = 0
    for letter in first[1]:
        column = 26 * column + ord(letter) - 64
    return name, book.tabs[name], int(first[2] or 1) - 1, max(column - 1, 0)


def get(book: Book, wanted: str) -> Any:
    name, tab, row, column = find(book, wanted)
    end = row + 1 if re.search(r"(?:^|!)(\d+):\1$", wanted) else None
    rows = trimmed([[_shown(cell) for cell in cells[column:]] for cells in tab.rows[row:end]])
    return {"range": f"'{name}'!A1:Z{tab.row_count}", "majorDimension": "ROWS", **({"values": rows} if rows else {})}


def update(book: Book, data: Any, option: str) -> Any:
    """Enter values; RAW ones as they are. A range outside of the grid is refused."""
    _, tab, top, left = find(book, data["range"])
    for number, values in enumerate(data["values"], start=top):
        _demand(tab, rows=number + 1, columns=left + len(values))
        for column, value in enumerate(values, start=left):
            formula = option == "USER_ENTERED" and isinstance(value, str) and value.startswith("=")
            _put(tab, number, column, Formula(value) if formula else value)
    return {"updatedRange": data["range"], "updatedRows": len(data["values"])}


def batch_update(book: Book, requests: Sequence[Any]) -> Any:
    """Do everything, or nothing."""
    changed = copy.deepcopy(book)
    for request in requests:
        ((kind, what),) = request.items()
        try:
            _CHANGES[kind](changed, what)
        except (KeyError, StopIteration) as error:
            raise Refusal(400, "INVALID_ARGUMENT", f"Invalid requests[0].{kind}: {error!r}") from error
    book.tabs = changed.tabs
    return {"replies": [{} for _ in requests]}


def _add_sheet(book: Book, what: Any) -> None:
    properties = what["properties"]
    title, number = properties["title"], properties.get("sheetId", len(book.tabs) + 1000)
    if title in book.tabs or any(tab.id == number for tab in book.tabs.values()):
        raise Refusal(400, "INVALID_ARGUMENT", f'A sheet with the name "{title}" already exists.')
    book.tabs[title] = Tab(number, [], **_grid(properties))


def _set_properties(book: Book, what: Any) -> None:
    tab = book.tab(what["properties"]["sheetId"])
    for name, count in _grid(what["properties"]).items():
        setattr(tab, name, count)
    tab.rows = [row[: tab.column_count] for row in tab.rows[: tab.row_count]]


def _grid(properties: Any) -> dict[str, int]:
    grid = properties.get("gridProperties", {})
    return {
        name: grid[key] for key, name in (("rowCount", "row_count"), ("columnCount", "column_count")) if key in grid
    }


def _update_cells(book: Book, what: Any) -> None:
    """Write cells; what else the range covers is cleared."""
    assert what["fields"] == "userEnteredValue", what["fields"]
    tab = book.tab(what["range"]["sheetId"])
    assert list(what["range"]) == ["sheetId"], "only whole sheets are written in these tests"
    tab.rows = []
    for number, row in enumerate(what["rows"]):
        cells = row.get("values", [])
        _demand(tab, rows=number + 1, columns=len(cells))
        for column, cell in enumerate(cells):
            ((kind, value),) = cell.get("userEnteredValue", {"stringValue": ""}).items()
            _put(tab, number, column, Formula(value) if kind == "formulaValue" else value)


_CHANGES = {"addSheet": _add_sheet, "updateSheetProperties": _set_properties, "updateCells": _update_cells}


def _demand(tab: Tab, *, rows: int, columns: int) -> None:
    if rows > tab.row_count or columns > tab.column_count:
        grid = f"Max rows: {tab.row_count}, max columns: {tab.column_count}"
        raise Refusal(400, "INVALID_ARGUMENT", f"Range exceeds grid limits. {grid}")


def _put(tab: Tab, row: int, column: int, value: Cell) -> None:
    tab.rows += [[] for _ in range(row + 1 - len(tab.rows))]
    cells = tab.rows[row]
    cells += [""] * (column + 1 - len(cells))
    cells[column] = value


def trimmed(rows: Rows) -> list[list[Cell]]:
    trimmed = [list(row) for row in rows]
    for row in trimmed:
        while row and row[-1] in {"", None}:
            row.pop()
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _shown(cell: Cell) -> str:
    """Write a cell as people see it; what a formula gives is nobody's business here."""
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def properties(title: str, tab: Tab) -> Any:
    grid = {"rowCount": tab.row_count, "columnCount": tab.column_count}
    return {"properties": {"sheetId": tab.id, "title": title, "gridProperties": grid}}
