"""Rows of a CSV file.

    - name: grants
      kind: csv
      url: https://example.org/grants.csv
      fields:                            # columns by their heading, by field
        key: Grant No
        title: Title
        url: Link
        published_at: Awarded
        attributes.amount: Amount
      date: "%d/%m/%Y"                   # how times are written, as for strptime; default: recognized
      zone: Europe/London                # of times that carry none; default UTC

The fields are `key`, `title`, `url`, `organization`, `location`, `text`, `published_at`, `updated_at` and
`attributes.NAME`. Commas, semicolons, tabs and bars are all understood: the one that gives the configured headings is
right. Lines above the headings are passed by. Headings are compared without regard to case and surrounding spaces; one
that is missing fails the source. Rows with more cells than headings are left out, for their cells have slipped. In
attributes, `1200` and `12.5` are numbers; `007` and `1,200` are texts.

Source: RFC 4180, and Python's reader for what is written beyond it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import islice
from typing import Annotated

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, RawTime, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.cells import plain_number
from scan.sources.charset import decode
from scan.sources.fields import TIMES, attribute_of, item_of, unknown_targets, zone_problem
from scan.sources.follow import Followed
from scan.sources.rows import shortened

_DELIMITERS = ",;\t|"
_MOST_LINES_ABOVE = 20


class Csv(Followed, kind="csv", item_kind="item", complete=True):
    """A table's rows."""

    url: Annotated[Address, Doc("the file", example="https://example.org/grants.csv")] = field()
    fields: Annotated[Mapping[str, str], Doc("headings, by field", example="{title: Title}")] = field()
    date: Annotated[str | None, Doc("how times are written, as for strptime", example="'%d/%m/%Y'")] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find fields that no item has, and a zone that is none."""
        yield from super().problems()
        yield from unknown_targets(self.fields)
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the file."""
        return Request(url=self.url, accept="text/csv, text/plain;q=0.9, */*;q=0.5")

    def parse(self, page: Page) -> Batch:
        """Read all rows below the headings."""
        try:
            heading, rows = self._table(page)
            places = {target: heading.index(_plain(column)) for target, column in self.fields.items()}
            items: list[RawItem] = []
            rejected: list[Rejected] = []
            for row in rows:
                item = self._item(row, places)
                if any(row[len(heading) :]):
                    rejected.append(
                        Rejected(reason="it has more cells than there are headings", example=shortened(row))
                    )
                elif item.title or item.url:
                    items.append(item)
                elif any(map(str.strip, row)):
                    rejected.append(Rejected(reason="it has neither a title nor an address", example=shortened(row)))
        except csv.Error as error:
            raise ParseError(page.url, f"CSV ({error})", page.body[:400]) from error
        return Batch(items=tuple(items), rejected=tuple(rejected))

    def _table(self, page: Page) -> tuple[list[str], Iterable[list[str]]]:
        """Find the headings, and what divides the cells.

        Raises:
            ParseError: a heading is missing whatever divides them.

        """
        text = decode(page)
        wanted = {_plain(column) for column in self.fields.values()}
        nearest: set[str] = set()
        for delimiter in _DELIMITERS:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for row in islice(rows, _MOST_LINES_ABOVE):
                heading = [_plain(cell) for cell in row]
                if wanted <= set(heading):
                    return heading, rows
                nearest = max(nearest, wanted & set(heading), key=len)
        missing = ", ".join(column for column in self.fields.values() if _plain(column) not in nearest)
        raise ParseError(page.url, f"a table with the headings {missing}", page.body[:400] or "nothing")

    def _item(self, row: Sequence[str], places: Mapping[str, int]) -> RawItem:
        cells = {target: row[place].strip() if place < len(row) else "" for target, place in places.items()}
        return item_of({target: self._value(target, cell) for target, cell in cells.items() if cell})

    def _value(self, target: str, cell: str) -> object:
        if target in TIMES and (self.date or self.zone):
            return RawTime(value=cell, format=self.date, zone=self.zone)
        number = plain_number(cell) if attribute_of(target) is not None else None
        return cell if number is None else number


def _plain(heading: str) -> str:
    return " ".join(heading.split()).casefold()
