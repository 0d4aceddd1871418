"""JSON answers: read typed and fast, or, where something is odd, leniently and row by row."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from scan.errors import ParseError, printable
from scan.model import Rejected
from scan.page import Page

EXAMPLE_LENGTH = 200
"""Characters of a rejected row that are shown."""

_LONGEST_NUMBER = 4300
"""Digits; Python refuses to read longer ones (PYTHONINTMAXSTRDIGITS)."""

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Rows(Generic[R]):
    """The rows of one answer.

    Attributes:
        good: in the answer's order.
        rejected: the rows that are not of the expected shape.
        total: how many there are in all, as the answer says.
        beside: what stands beside the list, of the names asked for.

    """

    good: list[R]
    rejected: tuple[Rejected, ...] = ()
    total: int | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)


class Table(Generic[R]):
    """Where the rows of an answer are, and what each is like.

    Args:
        row: a msgspec struct.
        key: the name they are listed under; None for a bare array.
        beside: names of what stands beside the list and is wanted, as plain values.
        total: of those, how many rows there are in all.

    """

    def __init__(
        self,
        row: type[R],
        *,
        key: str | None = None,
        beside: tuple[str, ...] = ("meta",),
        total: Callable[[Mapping[str, Any]], int | None] = lambda _: None,
    ) -> None:
        self._row, self._key, self._beside, self._total = row, key, beside, total
        whole: Any = list[row] if key is None else _envelope(key, row, beside)  # type: ignore[valid-type] # made of a value
        self._decoder = msgspec.json.Decoder(whole)

    def read(self, page: Page) -> Rows[R]:
        """Read all rows.

        Raises:
            ParseError: this is not JSON, or the rows are not where they should be.

        """
        try:
            answer = self._decoder.decode(page.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._read_leniently(page)
        if self._key is None:
            return Rows(answer)
        beside = {name: getattr(answer, f"beside_{number}") for number, name in enumerate(self._beside)}
        return Rows(answer.rows, total=self._total(beside), beside=beside)

    def _read_leniently(self, page: Page) -> Rows[R]:
        answer = load(page)
        rows = answer if self._key is None else answer.get(self._key) if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            expected = "a JSON array" if self._key is None else f'a JSON object with a list "{self._key}"'
            raise ParseError(page.url, expected, page.body[:400])
        good, rejected = typed(rows, self._row)
        beside = {name: answer.get(name) for name in self._beside} if isinstance(answer, dict) else {}
        return Rows(good, rejected, self._total(beside), beside)


class One(Generic[R]):
    """An answer that is one object.

    Args:
        shape: a msgspec struct.
        noun: what it is, for people.

    """

    def __init__(self, shape: type[R], noun: str) -> None:
        self._shape, self._noun = shape, noun
        self._decoder = msgspec.json.Decoder(shape)

    def read(self, page: Page) -> R:
        """Read it.

        Raises:
            ParseError: this is not JSON, or another object.

        """
        try:
            return self._decoder.decode(page.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            answer = load(page)
        try:
            return msgspec.convert(answer, self._shape)
        except (msgspec.ValidationError, RecursionError) as error:
            raise ParseError(page.url, f"{self._noun} ({error})", page.body[:400]) from error


def typed(rows: Iterable[object], row: type[R]) -> tuple[list[R], tuple[Rejected, ...]]:
    """Make plain values rows of a struct; those that are not of its shape are left out."""
    good: list[R] = []
    rejected: list[Rejected] = []
    for one in rows:
        try:
            good.append(msgspec.convert(one, row))
        except (msgspec.ValidationError, RecursionError) as error:
            rejected.append(Rejected(reason=str(error), example=shortened(one)))
    return good, tuple(rejected)


def _envelope(key: str, row: type, beside: tuple[str, ...]) -> type:
    """Make a struct of the rows and what stands beside them; their names need not be Python's."""
    names = {"rows": key} | {f"beside_{number}": name for number, name in enumerate(beside)}
    wanted: list[tuple[str, Any, Any]] = [(field, Any, None) for field in names if field != "rows"]
    return msgspec.defstruct("Envelope", [("rows", list[row]), *wanted], rename=names)  # type: ignore[valid-type] # as above


def count_in(name: str) -> Callable[[Mapping[str, Any]], int | None]:
    """Make a `Table`'s `total` of a name beside the list; what is no count is none."""

    def total(beside: Mapping[str, Any]) -> int | None:
        count = beside.get(name)
        return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None

    return total


def load(page: Page) -> Any:
    r"""Read a JSON answer into plain values.

    What other readers take is taken: NaN and infinite numbers (as None), unpaired surrogates (`"\ud800"`), raw line
    breaks in texts, any UTF with or without its mark, bytes that are not UTF-8 (as U+FFFD).

    Raises:
        ParseError: this is not JSON, or nested too deeply.

    """
    try:
        if not page.body.startswith(_BOMS):
            return msgspec.json.decode(page.body)
    except RecursionError as error:
        raise ParseError(page.url, "JSON nested less deeply", page.body[:400]) from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        text = page.body.decode(json.detect_encoding(page.body), "replace")
        return json.loads(text, strict=False, parse_float=_float, parse_int=_int, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ParseError(page.url, "JSON", page.body[:400] or "nothing") from error


def _float(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _int(text: str) -> int | str:
    return int(text) if len(text) < _LONGEST_NUMBER else text


def shortened(row: object) -> str:
    """Show the start of an odd row, on one printable line."""
    try:
        text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = type(row).__name__
    return printable(" ".join(text[: 2 * EXAMPLE_LENGTH].split()))[:EXAMPLE_LENGTH]


def present(attributes: Mapping[str, object]) -> dict[str, object]:
    """Leave out what a service sends empty: null, the empty text, the empty list."""
    return {name: value for name, value in attributes.items() if value or value == 0}
