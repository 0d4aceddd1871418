import codecs
from typing import Any

import msgspec
import pytest

from scan.errors import ParseError
from scan.sources.rows import EXAMPLE_LENGTH, Table, load, shortened
from tests.sources.building import page


class Row(msgspec.Struct):
    """A row with an id."""

    id: int


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": "\\ud800x"}', {"a": "\ud800x"}),
        (b'{"a": NaN, "b": Infinity, "c": -Infinity, "d": 1e999}', dict.fromkeys("abcd")),
        (b'{"a": "x\ny"}', {"a": "x\ny"}),
        (codecs.BOM_UTF8 + b"[1]", [1]),
        (codecs.BOM_UTF16_LE + "[1]".encode("utf-16-le"), [1]),
        ("[1]".encode("utf-16-be"), [1]),
        (b'["\xff"]', ["\ufffd"]),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"[" + b"9" * 30 + b"]", [int("9" * 30)]),
        (b"[NaN, " + b"9" * 5000 + b"]", [None, "9" * 5000]),
    ],
)
def test_what_other_readers_take_is_taken(body: bytes, expected: object) -> None:
    assert load(page(body)) == expected


@pytest.mark.parametrize(
    "body", [b"", b"nothing", b"[1", b"{'a': 1}", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe["]
)
def test_what_is_no_json_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError, match="expected JSON"):
        load(page(body))


def test_one_odd_row_does_not_cost_the_others() -> None:
    rows = Table(Row, key="rows").read(page('{"rows": [{"id": 1}, {"id": "x"}, 5, {"id": 2, "more": NaN}]}'))
    assert [row.id for row in rows.good] == [1, 2]
    assert [rejected.example for rejected in rows.rejected] == ['{"id": "x"}', "5"]
    assert "Expected `int`, got `str`" in rows.rejected[0].reason


@pytest.mark.parametrize("body", ["[]", "{}", '{"rows": null}', '{"rows": {}}', '"rows"', "null"])
def test_rows_that_are_not_where_they_should_be_are_a_parse_error(body: str) -> None:
    with pytest.raises(ParseError, match='a JSON object with a list "rows"'):
        Table(Row, key="rows").read(page(body))


def test_a_bare_array_is_read_and_anything_else_is_not() -> None:
    table = Table(Row)
    assert [row.id for row in table.read(page('[{"id": 1}]')).good] == [1]
    with pytest.raises(ParseError, match="a JSON array"):
        table.read(page('{"ok": false, "error": "Document not found"}'))


@pytest.mark.parametrize("odd", ["", ', {"id": "x"}'])
def test_the_total_is_read_either_way(odd: str) -> None:
    def total(answer: Any) -> int:
        return int(answer["meta"]["count"])

    table = Table(Row, key="rows", total=total)
    assert table.read(page(f'{{"rows": [{{"id": 1}}{odd}], "meta": {{"count": 7}}}}')).total == 7


def test_an_example_is_one_short_line() -> None:
    assert shortened({"a": "x\n" * 500}).startswith('{"a": "x\\nx')
    assert len(shortened({"a": "x" * 5000})) == EXAMPLE_LENGTH
    assert "\n" not in shortened("<li>\n\n one\n</li>")
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert shortened(deep) == "list"
