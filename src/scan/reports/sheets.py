"""How the sources are, and the items that are listed now, in two tabs of a Google Sheet.

    - kind: sheets
      sheet: "${env:SHEET_ID}"               # its id or its address
      credentials: "${credential:google}"    # a service account's key, in JSON; share the sheet with it as an editor
      status_tab: Scan Status
      items_tab: Availability
      attributes: [rent, beds]               # optional: columns of their own, after the others

The status tab has a row that sums up (date, sources, successes, failures, items) and then a row for each source: name,
kind, status, items, last scanned, and its error, cut at 200 characters. The items tab has a row for each item that is
listed now, in the order of the config's sources: what is gone is gone from it, too. `null` leaves a tab out. Times are
in `timezone`.

Both tabs are written anew each time, each in one request that is done whole or not at all; one that is missing is made.
They are `scan`'s own, and whatever else is in them is cleared; but a tab whose first row holds anything else than these
heads is left as it is, and that is an error. Cells are written as values, so that no text is computed as a formula. At
most 200,000 cells are written to a tab; the last row then says how many items are not shown.

How a service account is made is in docs/lists.md.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#updatecellsrequest and
its limits, read 2026-11.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from scan.declare import Doc, Problem, SecretText
from scan.flat import item
from scan.reports.base import Report
from scan.reports.view import View

MOST_CELLS = 200_000
LONGEST_CELL = 50_000
"""Characters that a cell may hold."""

LONGEST_ERROR = 200

STATUS_HEADS = ("Date", "Sources", "Successes", "Failures", "Items")
SOURCE_HEADS = ("Name", "Kind", "Status", "Items", "Last scanned", "Error")
ITEM_HEADS = {
    "Source": "source",
    "Title": "title",
    "Organization": "organization",
    "Location": "location",
    "Address": "url",
    "Published": "published_at",
    "First seen": "first_seen_at",
}

_EXACT = 2**53
"""Larger whole numbers are not exact in a spreadsheet, and are written as texts."""

Cell = str | int | float | bool | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """What belongs in one tab.

    Attributes:
        heads: its first row; how one knows that the tab is a report's.
        rows: those beneath it.
        columns: how many the longest row has.

    """

    title: str
    heads: Row
    rows: Iterable[Row]
    columns: int


class Sheets(Report, kind="sheets"):
    """Two tabs of a Google Sheet."""

    sheet: Annotated[str, Doc("the sheet's id, or its address")] = field(repr=False)
    credentials: Annotated[
        SecretText, Doc("the key of a service account that may edit it, in JSON", example="${credential:google}")
    ] = field(repr=False)
    status_tab: Annotated[str | None, Doc("where the sources go; null for nowhere")] = "Scan Status"
    items_tab: Annotated[str | None, Doc("where the items go; null for nowhere", example="Availability")] = "Items"
    attributes: Annotated[
        tuple[str, ...], Doc("attributes that have a column of their own", example="[rent, beds]")
    ] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """Name the tabs."""
        return tuple(title for title in (self.status_tab, self.items_tab) if title)

    @property
    def label(self) -> str:
        """Name the tabs."""
        return f"{self.kind} {', '.join(self.titles)}"

    def problems(self) -> Iterable[Problem]:
        """Find tabs that are none, or the same."""
        if not self.titles:
            yield Problem((), "nothing is to be written; name a status_tab or an items_tab")
        if len({title.casefold() for title in self.titles}) < len(self.titles):
            yield Problem(("items_tab",), "is the status_tab, too; name another")

    def tabs(self, view: View) -> Iterator[Tab]:
        """Give what belongs in each tab."""
        if self.status_tab:
            yield Tab(title=self.status_tab, heads=STATUS_HEADS, rows=_status(view), columns=len(SOURCE_HEADS))
        if self.items_tab:
            heads = (*ITEM_HEADS, *self.attributes)
            yield Tab(title=self.items_tab, heads=heads, rows=self._items(view, len(heads)), columns=len(heads))

    def _items(self, view: View, columns: int) -> Iterator[Row]:
        items = view.items()
        room = MOST_CELLS // columns - 2
        for stored in islice(items, room):
            row = item(stored)
            values = chain((row[name] for name in ITEM_HEADS.values()), map(row["attributes"].get, self.attributes))
            yield [_cell(value, view.zone) for value in values]
        if more := sum(1 for _ in items):
            yield [f"and {more} more items, which a sheet has no room for: scan items --csv has them all"]


def _status(view: View) -> Iterator[Row]:
    """Sum up, and tell of each source."""
    sources = [source for source in view.sources if source["enabled"]]
    states = [_state(source) for source in sources]
    items = sum(source["items"] for source in sources)
    yield [_cell(view.now, view.zone), len(sources), states.count("ok"), states.count("failed"), items]
    yield []
    yield SOURCE_HEADS
    for source, state in zip(sources, states, strict=True):
        scanned = source["last_attempt_at"]
        yield [
            source["source"],
            source["kind"],
            state,
            source["items"],
            _cell(datetime.fromisoformat(scanned), view.zone) if scanned else None,
            (source["error"] or "")[:LONGEST_ERROR],
        ]


def _state(source: Any) -> str:
    """Say how a source was when it was last looked at."""
    if source["last_attempt_at"] is None:
        return "not scanned"
    if source["consecutive_failures"]:
        return "failed"
    return "suspicious" if source["suspicious_since"] else "ok"


def _cell(value: object, zone: ZoneInfo) -> Cell:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) <= _EXACT else str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:LONGEST_CELL]
