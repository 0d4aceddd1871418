"""Google Sheets, by a service account. The only room that knows gspread, which is imported only when it is needed."""

from scan.sheets.cells import Place, encoded
from scan.sheets.spreadsheet import READING, WRITING, Ask, Spreadsheet

__all__ = ["READING", "WRITING", "Ask", "Place", "Spreadsheet", "encoded"]
