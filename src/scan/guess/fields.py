"""Which column is which field of an item."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from scan.guess.columns import Column, fit
from scan.guess.vocabulary import ATTRIBUTES

_ENOUGH = {"title": 0.1, "url": 0.25, "key": 0.45, "published_at": 0.25}
_ENOUGH_OF_OTHERS = 0.35
_WORTH = {
    "title": 2.0,
    "url": 1.5,
    "key": 0.8,
    "published_at": 0.8,
    "updated_at": 0.2,
    "organization": 0.4,
    "location": 0.4,
    "text": 0.5,
}
"""In the order in which fields are chosen."""

_MOST_ATTRIBUTES, _WORTH_OF_ATTRIBUTE = 4, 0.05

_NONE = Column("", (), ())

Chosen = Mapping[str, Column]
"""Columns by field."""


def choose(columns: Sequence[Column], now: datetime) -> dict[str, Column]:
    """Choose a column for each field that has one; the surest first, none twice."""
    chosen: dict[str, Column] = {}
    pairs = [(fit(column, target, now), target, column) for target in _WORTH for column in columns]
    order = list(_WORTH)
    for sureness, target, column in sorted(pairs, key=lambda pair: (-pair[0], order.index(pair[1]))):
        enough = sureness >= _ENOUGH.get(target, _ENOUGH_OF_OTHERS)
        if enough and target not in chosen and all(column is not other for other in chosen.values()):
            chosen[target] = column
    if "title" not in chosen and fit(chosen.get("text", _NONE), "title", now) >= _ENOUGH["title"]:
        chosen["title"] = chosen.pop("text")
    if "title" not in chosen and "url" not in chosen:
        return {}
    ordered = {target: chosen[target] for target in ("key", *_WORTH) if target in chosen}
    return ordered | _attributes(columns, chosen.values())


def worth(chosen: Chosen, now: datetime) -> float:
    """Tell how much of an item the columns make: 0 to 1."""
    got = sum(weight * fit(chosen[target], target, now) for target, weight in _WORTH.items() if target in chosen)
    more = sum(target not in _WORTH for target in chosen)
    return got / sum(_WORTH.values()) + _WORTH_OF_ATTRIBUTE * more


def _attributes(columns: Iterable[Column], taken: Iterable[Column]) -> dict[str, Column]:
    used = {id(column) for column in taken}
    found: dict[str, Column] = {}
    for column in columns:
        name = "_".join(word for word in column.words if word != "name")
        telling = len(column.words) <= 2 and not ATTRIBUTES.isdisjoint(column.words) and "id" not in column.words
        scalar = not any(isinstance(value, tuple) for value in column.present)
        varied = len(set(column.present)) > 1 and column.filled >= 0.5 and column.length < 60
        if telling and scalar and varied and id(column) not in used and len(found) < _MOST_ATTRIBUTES and name:
            found.setdefault(f"attributes.{name}", column)
    return found
