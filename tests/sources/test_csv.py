import pytest

from scan.errors import ParseError
from scan.model import RawItem
from scan.sources import Source
from scan.sources.cells import plain_number
from tests.sources.building import page, source

TABLE: Source = source("""
kind: csv
url: https://example.org/table.csv
fields: {key: Id, title: Title, attributes.amount: Amount}
""")


def items(text: str | bytes) -> tuple[RawItem, ...]:
    return TABLE.parse(page(text)).items


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_divides_the_cells_is_found_by_the_headings(delimiter: str, end: str) -> None:
    lines = (["id", " TITLE ", "x, y; z", "Amount"], ["1", "One", "", "3"])
    text = end.join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines)
    (item,) = items(text)
    assert (item.key, item.title, item.attributes) == ("1", "One", {"amount": 3})


def test_a_mark_at_the_start_and_lines_above_do_not_matter() -> None:
    (item,) = items("\ufeffA table\n\nId,Title,Amount\n1,Café,\n")
    assert (item.title, item.attributes) == ("Café", {})
    (item,) = items("Id;Title;Amount\n1;Café;\n".encode("cp1252"))
    assert item.title == "Café"


def test_a_heading_that_is_missing_is_named() -> None:
    with pytest.raises(ParseError, match="headings Amount, found"):
        items("Id,Title\n1,One\n")


def test_a_line_end_within_quotes_is_none() -> None:
    (item,) = items('Id,Title,Amount\n1,"One\ntwo ""three""",5\n')
    assert item.title == 'One\ntwo "three"'


def test_headings_without_rows_are_an_empty_list() -> None:
    assert items("Id,Title,Amount\n") == ()


def test_a_cell_that_is_too_long_is_a_parse_error() -> None:
    with pytest.raises(ParseError, match="field larger than field limit"):
        items("Id,Title,Amount\n1," + "x" * 200_000)


def test_fields_and_zones_that_are_none_are_problems() -> None:
    odd = source("{kind: csv, url: 'https://e.org/', fields: {titel: Title}, zone: Nowhere}")
    assert [problem.path for problem in odd.problems()] == [("fields", "titel"), ("zone",)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-12", -12), ("12.50", 12.5), ("007", None), ("1,200", None), ("1e5", None), ("", None), ("12.", None)],
)
def test_only_what_json_would_take_for_a_number_is_one(text: str, number: float | None) -> None:
    assert plain_number(text) == number
