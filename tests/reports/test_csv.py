"""Items as CSV."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scan.flat import ITEM_COLUMNS
from scan.model import StoredItem
from scan.reports import csv as module
from scan.reports.csv import Csv
from tests.reports.samples import Memory, a_view, stored


def rows(report: Csv, memory: Memory, *names: str) -> list[dict[str, str]]:
    text = b"".join(report.render(a_view(memory, *names))).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_there_is_a_line_an_item_in_the_order_of_the_sources() -> None:
    memory = Memory(items=[stored(1, "acme"), stored(2, "beta"), stored(3, "acme"), stored(4, "removed")])
    found = rows(Csv(to=Path("items.csv")), memory, "beta", "acme")
    assert [row["key"] for row in found] == ["job-2", "job-1", "job-3"]
    assert tuple(found[0]) == ITEM_COLUMNS
    assert found[0]["first_seen_at"] == "2026-11-22T08:00:00Z"
    assert found[0]["gone_at"] == ""


def test_the_manual_names_the_columns() -> None:
    assert module.__doc__ is not None
    said = module.__doc__.partition("heads: ")[2].partition(". ")[0]
    assert tuple(re.findall("`(.*?)`", said)) == ITEM_COLUMNS


def test_attributes_have_columns_of_their_own_where_asked_for() -> None:
    attributes = {"rent": 950.5, "beds": None, "tags": ["a", "b"], "cats": True}
    report = Csv(to=Path("items.csv"), attributes=("rent", "beds", "tags", "cats", "other"))
    (row,) = rows(report, Memory(items=[stored(attributes=attributes)]))
    own = {name.removeprefix("attributes."): value for name, value in row.items() if name.startswith("attributes.")}
    assert own == {"rent": "950.5", "beds": "", "tags": '["a", "b"]', "cats": "true", "other": ""}


def test_what_a_spreadsheet_would_execute_is_defused() -> None:
    hostile = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "＝1"]  # noqa: RUF001 - the wide ones too
    items = [stored(number, title=title, attributes={"note": title}) for number, title in enumerate(hostile)]
    found = rows(Csv(to=Path("items.csv"), attributes=("note",)), Memory(items=items))
    assert [row["title"] for row in found] == [f"'{title}" for title in hostile]
    assert [row["attributes.note"] for row in found] == [f"'{title}" for title in hostile]


def test_hostile_texts_stay_in_their_cells() -> None:
    title = 'He said "buy; now",\nthen "left"'
    (row,) = rows(Csv(to=Path("items.csv")), Memory(items=[stored(title=title)]))
    assert row["title"] == title


def test_items_are_written_while_they_are_read() -> None:
    read: list[int] = []

    class Endless(Memory):
        def listed(self, source: str) -> Iterator[StoredItem]:
            del source
            while True:
                read.append(len(read))
                yield stored(len(read))

    parts = Csv(to=Path("items.csv")).render(a_view(Endless()))
    for _ in range(10):
        next(parts)
    assert len(read) < 20


def test_times_are_utc(tmp_path: Path) -> None:
    offset = datetime.fromisoformat("2026-11-23T09:00:00+01:00")
    (row,) = rows(Csv(to=tmp_path), Memory(items=[stored(first_seen_at=offset)]))
    assert row["first_seen_at"] == "2026-11-23T08:00:00Z"
