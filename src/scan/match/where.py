"""`where:`, a condition in CEL (https://cel.dev). It sees the item and the run's time, nothing else: CEL has
neither input nor output.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from scan.match.complaint import place, readable, readable_type
from scan.match.fold import plain
from scan.match.limits import excess
from scan.model import Item

_TEXTS = ("source", "key", "kind", "title", "text", "organization", "location", "url")
_TIMES = ("published_at", "updated_at")
_NAMES = (*_TEXTS, *_TIMES, "now", "attributes")

_TEXT = r"""[rR]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CONSTANT = re.compile(rf"(?P<call>\b(?:duration|timestamp)\(\s*{_TEXT}\s*\))|\.matches\(\s*(?P<pattern>{_TEXT})\s*\)")
_LARGEST_INT = (1 << 63) - 1
_DEEPEST = 20


class Verdict(NamedTuple):
    """Whether a condition held, and if it could not be evaluated, why."""

    held: bool
    note: str | None = None


class Values(NamedTuple):
    """One item, laid out for conditions.

    Attributes:
        missing: the times that the item doesn't have.
        activation: CEL's own form of it.

    """

    missing: frozenset[str]
    activation: Any


def check(text: str) -> None:
    """Find what is wrong with a condition.

    Raises:
        ValueError: what it is, and at which column.

    """
    if complaint := excess(text):
        raise ValueError(complaint)
    result = _compile(text).return_type().name()
    if result not in {"BOOL", "DYN"}:
        raise ValueError(f"gives {readable_type(result)}; a condition must be true or false")
    _check_constants(text)


class Where:
    """One condition.

    CEL has no time that may be missing. So a condition is checked with times, and compiled once more, with names that
    can be anything, for the items that lack one.

    Raises:
        ValueError: as `check`.

    """

    def __init__(self, text: str) -> None:
        check(text)
        self._text = text
        self._compiled: dict[frozenset[str], Any] = {}

    def holds(self, values: Values) -> Verdict:
        """Evaluate on one item. What can't be evaluated (a missing attribute) doesn't hold."""
        if values.missing not in self._compiled:
            self._compiled[values.missing] = _compile(self._text, values.missing)
        try:
            value = self._compiled[values.missing].eval(values.activation)
            held = value.plain_value()
        except RuntimeError as error:  # the one thing CEL raises
            return Verdict(held=False, note=readable(str(error)))
        if isinstance(held, bool):
            return Verdict(held=held)
        if value.type().name() == "ERROR":
            return Verdict(held=False, note=readable(str(held)))
        return Verdict(held=False, note=f"gave {readable_type(value.type().name())}, neither true nor false")


class Verdicts:
    """What the conditions of all searches say of one item. Nothing is evaluated before it is asked for."""

    __slots__ = ("_item", "_now", "_values", "_wheres")

    def __init__(self, wheres: Mapping[str, Where], item: Item, now: datetime) -> None:
        self._wheres = wheres
        self._item = item
        self._now = now
        self._values: Values | None = None

    def of(self, search: str) -> Verdict:
        """Evaluate the condition of a search, by its name; one without any holds."""
        where = self._wheres.get(search)
        if where is None:
            return Verdict(held=True)
        if self._values is None:
            self._values = _lay_out(self._item, self._now)
        return where.holds(self._values)


def _lay_out(item: Item, now: datetime) -> Values:
    """Make an item's values CEL's. Missing texts are empty, missing times are null."""
    data: dict[str, object] = {name: plain(getattr(item, name) or "") for name in _TEXTS}
    data |= {name: getattr(item, name) for name in _TIMES}
    data |= {"now": now, "attributes": _cel_value(item.attributes, depth=0)}
    missing = frozenset(name for name in _TIMES if data[name] is None)
    return Values(missing, _environment(missing).Activation(data))


def _cel_value(value: object, *, depth: int) -> object:
    """Make a JSON value one that CEL accepts: it refuses integers of more than 64 bits, and half characters."""
    match value:
        case str():
            return plain(value)
        case int() if abs(value) > _LARGEST_INT:
            return _LARGEST_INT if value > 0 else -_LARGEST_INT
        case Mapping() | list() | tuple() if depth >= _DEEPEST:
            return None
        case Mapping():
            return {plain(str(key)): _cel_value(inner, depth=depth + 1) for key, inner in value.items()}
        case list() | tuple():
            return [_cel_value(inner, depth=depth + 1) for inner in value]
        case _:
            return value


@cache
def _environment(missing: frozenset[str]) -> Any:
    """Declare the names. A constant, but one that takes half a millisecond and the library."""
    from cel_expr_python import cel  # only searches with `where` pay for it

    of = cel.Type
    variables = dict.fromkeys(_TEXTS, of.STRING) | dict.fromkeys((*_TIMES, "now"), of.TIMESTAMP)
    variables |= dict.fromkeys(missing, of.DYN) | {"attributes": of.Map(of.STRING, of.DYN)}
    return cel.NewEnv(variables=variables)


def _compile(text: str, missing: frozenset[str] = frozenset()) -> Any:
    """Compile a condition for items that lack some times.

    Raises:
        ValueError: it doesn't compile.

    """
    try:
        return _environment(missing).compile(text)
    except RuntimeError as error:
        message = readable(str(error))
        if "undeclared reference" in message:
            message += f"; there are {', '.join(_NAMES)}"
        raise ValueError(message) from error


def _check_constants(text: str) -> None:
    """Evaluate what is constant: CEL would find a bad duration or pattern only when an item comes along."""
    for constant in _CONSTANT.finditer(text):
        call = constant["call"] or f"''.matches({constant['pattern']})"
        value = _compile(call).eval()
        if value.type().name() == "ERROR":
            start = constant.start()
            line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
            hint = "; durations are written '90m' or '336h'" if call.startswith("duration") else ""
            reason = f"{constant[0].lstrip('.')}: {readable(str(value.plain_value()))}{hint}"
            raise ValueError(f"{place(line, column)}: {reason}")
