"""What a config takes out of a row of JSON, by JMESPath."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from scan.declare import Doc, Problem
from scan.model import RawItem, Rejected
from scan.sources.fields import TIMES, attribute_of, item_of, zoned
from scan.sources.paths import EVALUATION, compiled, path_problem
from scan.sources.refining import Refined
from scan.sources.rows import shortened

T = TypeVar("T")

_NOUNS = {dict: "an object, not a text", list: "a list, not a text", bool: "true or false, not a text"}


@dataclass(frozen=True, kw_only=True)
class Take(Refined):
    """A field's value within a row: the long form."""

    path: Annotated[str | None, Doc("JMESPath within the row", example="price.amount")] = None

    def problems(self, target: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't fit the field."""
        if self.path is not None and (message := path_problem(self.path)):
            yield Problem(("fields", target), message)
        if (self.path is None) == (self.fixed is None):
            yield Problem(("fields", target), "a field has either a path or a fixed text")
        yield from super().problems(target)


@lru_cache(maxsize=10_000)
def long(take: str | Take) -> Take:
    """Give the long form of a field."""
    return Take(path=take) if isinstance(take, str) else take


def taken(
    rows: Iterable[object], fields: Mapping[str, str | Take], zone: str | None
) -> tuple[tuple[RawItem, ...], tuple[Rejected, ...]]:
    """Make items of rows; those with a value that a field cannot take are left out.

    Args:
        rows: JSON values.
        fields: what to take, by the item's field.
        zone: the IANA zone of times without one.

    """
    return each_taken(rows, lambda row: item_in(row, fields, zone))


def each_taken(rows: Iterable[T], read: Callable[[T], RawItem]) -> tuple[tuple[RawItem, ...], tuple[Rejected, ...]]:
    """Make items of rows by a function that may raise what `item_in` raises."""
    items: list[RawItem] = []
    rejected: list[Rejected] = []
    for row in rows:
        try:
            items.append(read(row))
        except EVALUATION as error:
            rejected.append(Rejected(reason=str(error), example=shortened(row)))
    return tuple(items), tuple(rejected)


def item_in(row: object, fields: Mapping[str, str | Take], zone: str | None) -> RawItem:
    """Make an item of a row.

    Raises:
        EVALUATION: a value is none that its field can take.

    """
    return item_of({target: _value(target, long(take), row, zone) for target, take in fields.items()})


def _value(target: str, take: Take, row: object, zone: str | None) -> object:
    value = take.fixed if take.path is None else compiled(take.path).search(row)
    if value is None or (attribute_of(target) is not None and not isinstance(value, str)):
        return value
    if target == "location" and isinstance(value, list):
        return tuple(_text(target, place) for place in value if place is not None)
    if target in TIMES and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = take.matched(_text(target, value))
    if not take.reads and target not in TIMES:
        return text
    return zoned(take.finished(text, target), target, zone)


def _text(target: str, value: Any) -> str:
    """Write a scalar as text.

    Raises:
        TypeError: it is a list or an object.

    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{target} is {_NOUNS.get(type(value), 'not a text')}")
    return str(int(value)) if value == int(value) else str(value)
