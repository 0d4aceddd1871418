"""What a sheet is to show: the two tabs, without a network."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from scan.declare import SecretText
from scan.reports.sheets import ITEM_HEADS, LONGEST_CELL, LONGEST_ERROR, MOST_CELLS, Cell, Row, Sheets
from scan.reports.view import View
from tests.reports.samples import Memory, a_view, stored

KEY = SecretText("key")
BOTH = Sheets(sheet="book", credentials=KEY, items_tab="Availability", attributes=("rent", "pets"))


def rows(report: Sheets, view: View) -> dict[str, list[list[Cell]]]:
    return {tab.title: [list(tab.heads), *(list(row) for row in tab.rows)] for tab in report.tabs(view)}


def in_chicago(view: View) -> View:
    return replace(view, zone=ZoneInfo("America/Chicago"))


def test_the_status_tab_sums_up_and_tells_of_each_source() -> None:
    view = in_chicago(a_view(None, "loft", "cafe", "dach", "new", "off"))
    loft, cafe, dach, new, off = (dict(source) for source in view.sources)
    cafe |= {"consecutive_failures": 3, "error": "x" * 500, "last_attempt_at": "2026-11-23T02:05:00Z"}
    dach |= {"suspicious_since": "2026-11-23T02:05:00Z", "error": "no items, 40 before", "items": 40}
    new |= {"last_attempt_at": None, "items": 0}
    off |= {"enabled": False}
    view = in_chicago(a_view(None, sources=[loft, cafe, dach, new, off]))

    assert rows(BOTH, view)["Scan Status"] == [
        ["Date", "Sources", "Successes", "Failures", "Items"],
        ["2026-11-23 02:00", 4, 1, 1, 44],
        [],
        ["Name", "Kind", "Status", "Items", "Last scanned", "Error"],
        ["loft", "greenhouse", "ok", 2, "2026-11-23 02:00", ""],
        ["cafe", "greenhouse", "failed", 2, "2026-11-22 20:05", "x" * LONGEST_ERROR],
        ["dach", "greenhouse", "suspicious", 40, "2026-11-23 02:00", "no items, 40 before"],
        ["new", "greenhouse", "not scanned", 0, None, ""],
    ]


def test_the_items_tab_has_what_is_listed_now_as_texts_numbers_and_truths() -> None:
    attributes = {"rent": 1200.5, "pets": True}
    hostile = stored(2, title="=IMPORTXML(1)", attributes={"rent": ["a", "ü"], "pets": 2**60}, location=None)
    view = in_chicago(a_view(Memory(items=[stored(1, attributes=attributes), hostile]), "acme"))

    seen = "2026-11-22 02:00"
    assert rows(BOTH, view)["Availability"] == [
        [*ITEM_HEADS, "rent", "pets"],
        ["acme", "Job 1", "Acme", None, "https://example.org/1", None, seen, 1200.5, True],
        ["acme", "=IMPORTXML(1)", "Acme", None, "https://example.org/2", None, seen, '["a", "ü"]', str(2**60)],
    ]


def test_what_a_sheet_has_no_room_for_is_cut_and_counted() -> None:
    report = Sheets(sheet="b", credentials=KEY, status_tab=None, attributes=tuple(f"a{n}" for n in range(9_993)))
    items = [stored(number, attributes={"a1": "y" * (LONGEST_CELL + 1)}) for number in range(30)]

    (tab,) = report.tabs(a_view(Memory(items=items), "acme"))
    found: list[Row] = list(tab.rows)

    assert (len(found) + 1) * tab.columns <= MOST_CELLS
    assert len(found) == 19
    assert found[-1] == ["and 12 more items, which a sheet has no room for: scan items --csv has them all"]
    assert max(len(str(cell)) for cell in found[0]) == LONGEST_CELL


@pytest.mark.parametrize(
    ("status_tab", "items_tab", "problem"),
    [
        ("A", "B", []),
        ("A", None, []),
        (None, None, ["nothing is to be written; name a status_tab or an items_tab"]),
        ("", "", ["nothing is to be written; name a status_tab or an items_tab"]),
        ("A", "a", ["is the status_tab, too; name another"]),
    ],
)
def test_tabs_have_different_names(status_tab: str | None, items_tab: str | None, problem: list[str]) -> None:
    report = Sheets(sheet="b", credentials=KEY, status_tab=status_tab, items_tab=items_tab)
    assert [one.message for one in report.problems()] == problem
    assert "key" not in repr(report)
