"""One spreadsheet, to read from and to write to."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from scan.errors import FetchError, SheetError
from scan.page import Page, Request
from scan.sheets.cells import Place, change

if TYPE_CHECKING:  # gspread takes 0.3 s to import
    from gspread.http_client import HTTPClient

Ask = Callable[[Request], Page]
"""Asks one thing, within the limits of the config; raises FetchError where there is no answer."""

READING = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITING = "https://www.googleapis.com/auth/spreadsheets"
"""What a service account asks to be allowed."""

EMULATOR = "SHEETS_EMULATOR_HOST"
"""The environment variable that names another server than Google's, such as http://127.0.0.1:8085, as Google's own
emulators have it. Only tests need it."""

_ADDRESS = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]+)")


class Spreadsheet:
    """A spreadsheet, as a service account sees it. Nothing is asked before it has to be."""

    def __init__(
        self, sheet: str, credentials: str, *, ask: Ask, environ: Mapping[str, str], scope: str = READING
    ) -> None:
        """Make ready.

        Args:
            sheet: its id, or its address.
            credentials: the service account's key, in JSON.
            ask: gets the requests out.
            environ: of the process.
            scope: what it may do.

        """
        found = _ADDRESS.search(sheet)
        self.id = found[1] if found else sheet
        self._credentials = credentials
        self._ask = ask
        self._root = environ.get(EMULATOR)
        self._scope = scope

    def rows(self, tab: str | None) -> list[list[str]]:
        """Read all cells of a tab, or of the first one, as they are shown: rows from the first, without empty ends.

        Raises:
            SheetError: it cannot be read.

        """
        with self._told(tab):
            title = self._sheets()[0]["title"] if tab is None else tab
            values = self._api.values_get(self.id, _quoted(title)).get("values", [])
            return [[str(cell) for cell in row] for row in values]

    def places(self, titles: Sequence[str]) -> dict[str, Place]:
        """Find tabs; and where those will be that are not there yet.

        Raises:
            SheetError: the spreadsheet cannot be read.

        """
        with self._told(None):
            sheets = self._sheets()
            known = {sheet["title"]: sheet for sheet in sheets}
            there = [title for title in titles if title in known]
            ranges = [f"{_quoted(title)}!1:1" for title in there]
            answer = self._api.values_batch_get(self.id, ranges)["valueRanges"] if there else ()
            firsts = [tuple(map(str, one.get("values", [[]])[0])) for one in answer]
            free = count(max((sheet["sheetId"] for sheet in sheets), default=0) + 1)
            places = {title: _place(known[title], first) for title, first in zip(there, firsts, strict=True)}
            return {title: places.get(title) or Place(next(free)) for title in titles}

    def replace(self, title: str, place: Place, rows: Sequence[bytes], *, columns: int) -> None:
        """Write a tab anew, made if need be and with room for everything: in one request, whole or not at all.

        Args:
            title: of the tab.
            place: where it is.
            rows: as `scan.sheets.cells.encoded` writes them.
            columns: of the longest row.

        Raises:
            SheetError: it cannot be written, and is as it was.

        """
        from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL

        with self._told(None):
            body = change(title, place, rows, columns=columns)
            kind = {"Content-Type": "application/json"}
            self._api.request("post", SPREADSHEET_BATCH_UPDATE_URL % self.id, data=body, headers=kind)

    @cached_property
    def _api(self) -> "HTTPClient":
        from scan.sheets.account import api

        return api(self._credentials, scope=self._scope, ask=self._ask, root=self._root)

    @contextmanager
    def _told(self, tab: str | None) -> Iterator[None]:
        """Turn what goes wrong into what its user can do."""
        try:
            yield
        except FetchError as error:
            raise self._error(error, tab) from error
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise SheetError("an answer that is not the Sheets API's") from error

    def _error(self, error: FetchError, tab: str | None) -> SheetError:
        from scan.sheets.account import email

        if error.status == 403:
            whom = email(self._credentials)
            as_what = " as an editor" if self._scope == WRITING else ""
            return SheetError(f"Google refuses ({error.reason}); share the spreadsheet with {whom}{as_what}")
        if error.status == 404:
            return SheetError("there is no such spreadsheet; its id stands in its address, after /d/")
        if error.status == 400 and tab is not None and "range" in error.reason.lower():
            return SheetError(f"no tab is called {tab!r}; {self._tabs()}")
        return SheetError(f"Google Sheets: {error.reason}", retry_after=error.retry_after)

    def _sheets(self) -> list[Any]:
        """Read the properties of every tab, in their order."""
        return [sheet["properties"] for sheet in self._api.fetch_sheet_metadata(self.id)["sheets"]]

    def _tabs(self) -> str:
        try:
            return f"there are {', '.join(sheet['title'] for sheet in self._sheets())}"
        except (FetchError, AttributeError, LookupError, TypeError, ValueError):
            return "a tab's name would be right"


def _place(properties: Any, first: tuple[str, ...]) -> Place:
    grid = properties["gridProperties"]
    return Place(properties["sheetId"], grid["rowCount"], grid["columnCount"], first)


def _quoted(tab: str) -> str:
    """Write a tab's name in A1 notation."""
    return "'" + tab.replace("'", "''") + "'"
