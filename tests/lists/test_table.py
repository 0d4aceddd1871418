import pytest

from scan.errors import ListError
from scan.lists.pages import of_page
from scan.lists.table import MOST_ROWS, Table, of_cells
from scan.page import Page


def csv(text: str | bytes, **headers: str) -> Table:
    body = text.encode() if isinstance(text, str) else text
    return of_page(Page(url="https://example.org/a.csv", body=body, headers=headers))


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "a;b\r\n1;2", "a\tb\n1\t2", "a|b\n1|2", "\ufeffa,b\n 1 , 2 ", '"a","b"\n"1",2']
)
def test_cells_are_found_whatever_divides_them(text: str) -> None:
    assert csv(text) == Table(headings=("a", "b"), rows=((2, ("1", "2")),))


def test_a_comma_inside_a_cell_divides_nothing() -> None:
    assert csv('name;place\n"Loft, The";"a ""b"""').rows == ((2, ("Loft, The", 'a "b"')),)


def test_rows_are_numbered_as_a_spreadsheet_does_and_empty_ones_passed_over() -> None:
    table = of_cells([[], ["", " "], [" Name ", "The  Site", ""], [], ["a"], ["", ""], ["b", "c", "d", "beyond"]])

    assert table.headings == ("Name", "The Site", "")
    assert table.rows == ((5, ("a", "", "")), (7, ("b", "c", "d")))


def test_columns_are_found_by_their_heading_whatever_its_case_and_spaces() -> None:
    assert Table(headings=("Name", "The Site", "", "x", "X"), rows=()).columns == {"name": 0, "the site": 1}


def test_another_character_set_is_understood() -> None:
    assert csv("name\nCafé\n".encode("cp1252")).rows == ((2, ("Café",)),)


@pytest.mark.parametrize(
    ("text", "headers", "why"),
    [
        ("", {}, "no rows; a row of headings and one for each source would be right"),
        ("a,b\n\n,\n", {}, "no rows"),
        ("\n <!DOCTYPE html>", {}, "a web page, and no CSV"),
        ("a,b\n1,2", {"content-type": "text/html; charset=utf-8"}, "a web page, and no CSV"),
        ("a\n" + "b\n" * (MOST_ROWS + 1), {}, f"more than {MOST_ROWS} rows"),
        ('a\n"' + "b" * 200_000, {}, "no CSV: field larger than"),
    ],
)
def test_what_is_no_table_is_refused(text: str, headers: dict[str, str], why: str) -> None:
    with pytest.raises(ListError) as raised:
        csv(text, **headers)
    assert why in str(raised.value)


def test_who_gives_a_sheet_s_own_address_is_told_how_sheets_are_read() -> None:
    page = Page(url="https://docs.google.com/spreadsheets/d/1/edit", body=b"<html>")
    with pytest.raises(ListError, match="give the sheet's id as sheet:"):
        of_page(page)


@pytest.mark.timeout(10)
def test_the_columns_of_a_very_wide_table_are_found_in_linear_time() -> None:
    assert of_cells([["a", *["b"] * 60_000], ["1"]]).columns == {"a": 0}
