"""Google Sheets, by a service account. The only room that knows gspread, which is imported only when it is needed."""

from scan.sheets.spreadsheet import Ask, Spreadsheet

__all__ = ["Ask", "Spreadsheet"]
