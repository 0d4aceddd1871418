"""The items that are listed now as CSV, for spreadsheets and programs.

    - kind: csv
      to: items.csv
      attributes: [rent, beds]     # optional: columns of their own, after the others

One line an item, in the order of the config's sources, the oldest first, under one line of heads: `id`, `source`,
`key`, `kind`, `title`, `organization`, `location`, `url`, `published_at`, `first_seen_at`, `last_seen_at`, `changed_at`
and `gone_at`. It is written as RFC 4180 says, in UTF-8; times are UTC. What a spreadsheet would execute as a formula
has an apostrophe in front.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from scan.declare import Doc
from scan.flat import ITEM_COLUMNS, csv_lines, item
from scan.model import StoredItem
from scan.reports.base import FileReport
from scan.reports.view import View


class Csv(FileReport, kind="csv"):
    """Items as CSV."""

    attributes: Annotated[
        tuple[str, ...], Doc("attributes that have a column of their own", example="[rent, beds]")
    ] = ()

    def render(self, view: View) -> Iterator[bytes]:
        """Write a line an item."""
        columns = (*ITEM_COLUMNS, *(f"attributes.{name}" for name in self.attributes))
        yield from (line.encode() for line in csv_lines(columns, map(self._row, view.items())))

    def _row(self, stored: StoredItem) -> dict[str, Any]:
        row = item(stored)
        return {**row, **{f"attributes.{name}": row["attributes"].get(name) for name in self.attributes}}
