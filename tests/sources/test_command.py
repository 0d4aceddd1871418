import pytest

from scan.errors import ParseError
from scan.model import RawItem, RawTime
from scan.page import Program
from scan.sources import Source
from tests.sources.building import page, source


def program(more: str = "") -> Source:
    return source(f"{{kind: command, run: [list-it, --all]{more}}}")


def test_the_program_is_asked_with_what_its_entry_says() -> None:
    request = program(", timeout: 90s, env: {TOKEN: x}").start()
    assert request.url == "command:list-it"
    assert request.program == Program(argv=("list-it", "--all"), seconds=90, environ={"TOKEN": "x"})


def test_nothing_printed_is_an_empty_list() -> None:
    for nothing in ("", "\n\n", "  \n"):
        batch = program().parse(page(nothing))
        assert (batch.items, batch.rejected) == ((), ())


def test_what_a_line_holds_besides_an_items_fields_is_an_attribute() -> None:
    (item,) = program().parse(page('{"title": "One", "rent": 5, "attributes": {"beds": 2, "rent": 6}}')).items
    assert item == RawItem(title="One", attributes={"rent": 6, "beds": 2})


def test_lines_with_other_names_are_read_as_fields_says() -> None:
    adapter = program(", zone: Europe/Berlin, fields: {title: a.name, published_at: at}")
    (item,) = adapter.parse(page('{"a": {"name": "One"}, "at": "2026-05-01", "more": 1}')).items
    assert item == RawItem(title="One", published_at=RawTime(value="2026-05-01", zone="Europe/Berlin"))


def test_one_odd_line_never_costs_the_others_and_nothing_but_odd_ones_is_another_format() -> None:
    batch = program().parse(page('{"title": "One"}\nWARNING: cache is old\n{"title": "Two"}\n'))
    assert [item.title for item in batch.items] == ["One", "Two"]
    assert [one.example for one in batch.rejected] == ["WARNING: cache is old"]
    with pytest.raises(ParseError, match="expected JSON objects, one a line, found 'usage: list-it'"):
        program().parse(page("usage: list-it\n"))


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("{kind: command, run: []}", ("run",)),
        ("{kind: command, run: ['']}", ("run",)),
        ('{kind: command, run: [a, "b\\0"]}', ("run",)),
        ("{kind: command, run: [a], env: {'A=B': c}}", ("env", "A=B")),
        ("{kind: command, run: [a], fields: {titel: b}}", ("fields", "titel")),
        ("{kind: command, run: [a], zone: Mars}", ("zone",)),
    ],
)
def test_what_is_wrong_with_an_entry_is_found_before_it_runs(entry: str, path: tuple[str, ...]) -> None:
    assert [problem.path for problem in source(entry).problems()] == [path]
