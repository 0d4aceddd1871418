"""Reports in Google Sheets: each tab anew, in one request."""

from scan.errors import ReportError, SheetError
from scan.page import Page, Request
from scan.publish.world import LONGEST, World
from scan.reports.sheets import Sheets, Tab
from scan.reports.view import View
from scan.sheets import WRITING, Place, Spreadsheet, encoded

_TELLING = 5
"""Heads by which a tab is known to be a report's."""


def write(report: Sheets, view: View, world: World) -> str:
    """Write a report's tabs; one's failure is not the other's.

    Returns:
        What was done, in words.

    Raises:
        ReportError: a tab could not be written, or holds something else.

    """

    def ask(request: Request) -> Page:
        return world.ask(request, LONGEST / 2)

    sheet = Spreadsheet(report.sheet, report.credentials, ask=ask, environ=world.environ, scope=WRITING)
    try:
        places = sheet.places(report.titles)
    except SheetError as error:
        raise ReportError(str(error)) from error
    done: list[str] = []
    wrong: list[str] = []
    for tab in report.tabs(view):
        try:
            done.append(f"{tab.title}: {_write(sheet, tab, places[tab.title], world)} rows")
        except (SheetError, ReportError) as error:
            wrong.append(f"{tab.title}: {error}")
    if wrong:
        raise ReportError("; ".join((*wrong, *done)))
    return ", ".join(done)


def _write(sheet: Spreadsheet, tab: Tab, place: Place, world: World) -> int:
    """Write one tab; returns how many rows there are beneath the heads."""
    if place.first[:_TELLING] not in ((), tab.heads[:_TELLING]):
        found = ", ".join(map(str, place.first[:_TELLING]))
        raise ReportError(f"holds something else, which begins with {found[:100]!r}; empty it, or name another tab")
    rows = list(world.patience()(map(encoded, (tab.heads, *tab.rows))))
    sheet.replace(tab.title, place, rows, columns=tab.columns)
    return len(rows) - 1
