"""The lists of objects in a JSON answer: where they are, and their rows as columns."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scan.guess.columns import Column, Value
from scan.guess.vocabulary import words_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEPTH, _ROW_DEPTH = 6, 3
_MOST_LISTS, _MOST_ROWS, _MOST_COLUMNS = 200, 60, 150
_FEWEST_KEYED = 3


@dataclass(frozen=True)
class Array:
    """A list of objects.

    Attributes:
        path: JMESPath from the answer; empty for the answer itself.
        words: of its name; empty for the answer itself.
        rows: all of them.
        within: a list whose rows hold this one, where it is joined together of several.

    """

    path: str
    words: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    within: "Array | None" = None

    def columns(self) -> list[Column]:
        """Give the columns of the first rows."""
        rows = self.rows[:_MOST_ROWS]
        leaves = [dict(_leaves(row, "", (), 0)) for row in rows]
        named = dict.fromkeys(name for leaf in leaves for name in leaf)
        return [
            Column(path, words, tuple(leaf.get((path, words)) for leaf in leaves))
            for path, words in list(named)[:_MOST_COLUMNS]
        ]


def arrays(answer: object) -> list[Array]:
    """Find every list of objects, the outer ones first."""
    found: list[Array] = []
    waiting: list[tuple[str, tuple[str, ...], object, int, Array | None]] = [("", (), answer, 0, None)]
    while waiting and len(found) < _MOST_LISTS:
        path, words, value, depth, within = waiting.pop(0)
        array = _array(path, words, value, within)
        if array is not None:
            found.append(array)
            if depth < _DEPTH:
                waiting += _inside(array, depth)
        if isinstance(value, dict) and depth < _DEPTH:
            waiting += ((joined(path, name), words_of(name), inner, depth + 1, within) for name, inner in value.items())
    return found


def _array(path: str, words: tuple[str, ...], value: object, within: Array | None) -> Array | None:
    if isinstance(value, list) and value and _mostly_objects(value):
        return Array(path, words, [row for row in value if isinstance(row, dict)], within)
    if isinstance(value, dict) and len(value) >= _FEWEST_KEYED and _are_alike(list(value.values())):
        return Array(f"values({path or '@'})", words, list(value.values()), within)
    return None


def _inside(array: Array, depth: int) -> Iterator[tuple[str, tuple[str, ...], object, int, Array | None]]:
    """Join the lists that the rows of a list hold under one name."""
    names = dict.fromkeys(name for row in array.rows[:_MOST_ROWS] for name, inner in row.items() if _is_list(inner))
    for name in names:
        rows = [one for row in array.rows for one in row.get(name) or () if isinstance(one, dict)]
        yield f"{array.path}[].{quoted(name)}[]", words_of(name), rows, depth + 2, array


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _mostly_objects(values: Sequence[object]) -> bool:
    return sum(isinstance(value, dict) for value in values) * 2 >= len(values)


def _are_alike(values: Sequence[object]) -> bool:
    """Tell whether these are rows under keys of their own: objects with the same names, mostly."""
    if not all(isinstance(value, dict) and len(value) > 1 for value in values):
        return False
    names = [frozenset(value) for value in values if isinstance(value, dict)]
    shared = frozenset.intersection(*names)
    return len(shared) * 2 >= max(map(len, names))


def _leaves(value: Mapping[str, Any], path: str, words: tuple[str, ...], depth: int) -> "Iterator[tuple[Any, Value]]":
    for name, inner in value.items():
        place, called = joined(path, name), (*words, *words_of(name))
        if inner is None or isinstance(inner, (str, int, float)):
            yield (place, called), inner
        elif isinstance(inner, dict) and depth < _ROW_DEPTH:
            yield from _leaves(inner, place, called, depth + 1)
        elif isinstance(inner, list) and inner:
            yield from _of_list(inner, place, called)


def _of_list(values: Sequence[object], path: str, words: tuple[str, ...]) -> "Iterator[tuple[Any, Value]]":
    """Give a list of texts, or the names in a list of objects."""
    if all(isinstance(value, str) for value in values):
        yield (path, words), tuple(str(value) for value in values)
    elif all(isinstance(value, dict) for value in values):
        for name in ("name", "title", "city"):
            named = tuple(
                value[name] for value in values if isinstance(value, dict) and isinstance(value.get(name), str)
            )
            if len(named) == len(values):
                yield (f"{path}[].{name}", (*words, name)), named
                yield (f"{path}[0].{name}", (*words, name)), named[0]


def joined(path: str, name: str) -> str:
    """Lead a path on to a name."""
    return f"{path}.{quoted(name)}" if path else quoted(name)


def quoted(name: str) -> str:
    """Write a name as JMESPath does."""
    return name if _NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)
