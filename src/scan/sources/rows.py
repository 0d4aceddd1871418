"""JSON answers: read typed and fast, or, where something is odd, leniently and row by row."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from scan.errors import ParseError
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

    """

    good: list[R]
    rejected: tuple[Rejected, ...] = ()
    total: int | None = None


class Table(Generic[R]):
    """Where the rows of an answer are, and what each is like.

    Args:
        row: a msgspec struct.
        key: the name they are listed under; None for a bare array.
        total: of an answer decoded to plain values, how many rows there are in all.

    """

    def __init__(
        self, row: type[R], *, key: str | None = None, total: Callable[[Any], int | None] = lambda _: None
    ) -> None:
        self._row, self._key, self._total = row, key, total
        whole: Any = list[row] if key is None else _envelope(key, row)  # type: ignore[valid-type] # made of a value
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
        return Rows(getattr(answer, self._key), total=self._total({"meta": answer.meta}))

    def _read_leniently(self, page: Page) -> Rows[R]:
        answer = load(page)
        rows = answer if self._key is None else answer.get(self._key) if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            expected = "a JSON array" if self._key is None else f'a JSON object with a list "{self._key}"'
            raise ParseError(page.url, expected, page.body[:400])
        good: list[R] = []
        rejected: list[Rejected] = []
        for row in rows:
            try:
                good.append(msgspec.convert(row, self._row))
            except (msgspec.ValidationError, RecursionError) as error:
                rejected.append(Rejected(reason=str(error), example=shortened(row)))
        return Rows(good, tuple(rejected), None if self._key is None else self._total(answer))


def _envelope(key: str, row: type) -> type:
    return msgspec.defstruct("Envelope", [(key, list[row]), ("meta", Any, None)])  # type: ignore[valid-type] # as above


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
    """Show the start of an odd row, on one line."""
    try:
        text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = type(row).__name__
    return " ".join(text[: 2 * EXAMPLE_LENGTH].split())[:EXAMPLE_LENGTH]


def present(attributes: Mapping[str, object]) -> dict[str, object]:
    """Leave out what a service sends empty: null, the empty text, the empty list."""
    return {name: value for name, value in attributes.items() if value or value == 0}
