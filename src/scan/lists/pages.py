"""Tables as files and servers give them: CSV. Pure."""

import csv
import io

from scan.errors import ListError
from scan.lists.table import Table, of_cells
from scan.page import Page
from scan.sources.charset import decode

_DELIMITERS = ",;\t|"
_SHEETS = "docs.google.com/spreadsheets/"


def of_page(page: Page) -> Table:
    """Read CSV, whatever divides its cells.

    Raises:
        ListError: it is not CSV.

    """
    text = decode(page)
    if "html" in page.content_type or text.lstrip()[:1] == "<":
        more = "; give the sheet's id as sheet:, with credentials:" if _SHEETS in page.url else ""
        raise ListError(f"a web page, and no CSV{more}")
    try:
        return of_cells(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise ListError(f"no CSV: {error}") from error


def _delimiter(text: str) -> str:
    """Find what divides the headings: what makes most cells of them."""
    first = next((line for line in text.splitlines() if line.strip(' \t,;|"')), "")
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))
