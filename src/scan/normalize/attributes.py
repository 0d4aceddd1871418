"""What is special to a kind: JSON values, cleaned and bounded."""

import math
from collections.abc import Iterable, Mapping
from operator import itemgetter

from scan.normalize.text import one_line

MAX_DEPTH = 8
"""Levels of mappings and lists; what lies deeper is null."""

MAX_SIZE = 16_000
"""Characters of all keys and values together; an entry that does not fit is left out."""

_MAX_KEY = 100
_MAX_VALUE = 2_000
_INT64 = 2**63
_PRINTABLE_INT = 10**1000
_MAX_ORDINARY = 300
_MOST_ORDINARY = MAX_SIZE // (_MAX_KEY + _MAX_ORDINARY)
"""Texts with names that have room, however long each is."""

_ODD = object()
_LEFT_OUT = object()
_SEQUENCES = (list, tuple)


def clean_attributes(attributes: Mapping[str, object]) -> dict[str, object]:
    """Clean texts and keys, sort keys, make numbers what JSON and a database can hold. Again changes nothing."""
    return _ordinary(attributes) or _Cleaner().mapping(attributes, MAX_DEPTH - 1)


def _ordinary(attributes: Mapping[str, object]) -> dict[str, object] | None:
    """Clean what most attributes are, in half the time: short texts and numbers, and lists and mappings of them.

    None where there is more to it, or so much that there might be no room.
    """
    cleaned: dict[str, object] = {}
    many = len(attributes)
    for name, value in attributes.items():
        if not _is_name(name):
            return None
        if isinstance(value, _SEQUENCES):
            each = [_scalar(one) for one in value]
            if _ODD in each:
                return None
            cleaned[name] = each
            many += len(each)
        elif type(value) is dict:
            held = {below: _scalar(one) for below, one in value.items() if _is_name(below)}
            if len(held) < len(value) or _ODD in held.values():
                return None
            cleaned[name] = dict(sorted(held.items())) if len(held) > 1 else held
            many += len(held)
        else:
            cleaned[name] = one = _scalar(value)
            if one is _ODD:
                return None
    if many > _MOST_ORDINARY:
        return None
    return dict(sorted(cleaned.items())) if len(cleaned) > 1 else cleaned


def _is_name(key: object) -> bool:
    """Tell whether a key is a clean text already; two that are stay two."""
    if type(key) is not str or not key.isascii() or len(key) > _MAX_KEY:
        return False
    return key.isidentifier() or (key != "" and _scalar(key) == key)


def _scalar(value: object) -> object:
    """Clean a value that is sure to fit in with all others and has nothing but its white space to clean."""
    if isinstance(value, str):
        if len(value) > _MAX_ORDINARY or not (value.isascii() and value.isprintable()) or "&" in value or "<" in value:
            return _ODD
        return " ".join(value.split())
    return value if value is None or (isinstance(value, int) and -_INT64 <= value < _INT64) else _ODD


def digits(number: int) -> str:
    """Write a whole number; one too long for Python to write in decimals, in hexadecimals."""
    return str(number) if -_PRINTABLE_INT < number < _PRINTABLE_INT else hex(number)


def _name(key: object) -> str:
    """Clean a key; nearly all are names already, with nothing to clean."""
    written = str(key)
    if written.isascii() and written.isidentifier() and len(written) <= _MAX_KEY:
        return written
    return one_line(written, _MAX_KEY)


class _Cleaner:
    """One walk over the attributes of one item; `room` is what is left of its size."""

    def __init__(self) -> None:
        self.room = MAX_SIZE

    def mapping(self, values: Mapping[str, object], depth: int) -> dict[str, object]:
        named = [(_name(key), value) for key, value in values.items()]
        if len(named) > 1:
            named.sort(key=itemgetter(0))
        cleaned = {key: self.value(value, depth) for key, value in named if key and self.takes(len(key))}
        if _LEFT_OUT in cleaned.values():
            return {key: value for key, value in cleaned.items() if value is not _LEFT_OUT}
        return cleaned

    def sequence(self, values: Iterable[object], depth: int) -> list[object]:
        cleaned = [self.value(value, depth) for value in values if self.takes(1)]
        return [value for value in cleaned if value is not _LEFT_OUT] if _LEFT_OUT in cleaned else cleaned

    def value(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, _SEQUENCES):  # before `Mapping`, which is asked of a class in Python
            return self.sequence(value, depth - 1) if depth else None
        if isinstance(value, int):
            return value if -_INT64 <= value < _INT64 else self.text(digits(value))
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if depth and isinstance(value, Mapping):
            return self.mapping(value, depth - 1)
        return None

    def text(self, text: str) -> object:
        line = one_line(text, _MAX_VALUE)
        size = len(line)
        if size > self.room:
            return _LEFT_OUT
        self.room -= size
        return line

    def takes(self, size: int) -> bool:
        """Use up room for `size` characters, if there is as much."""
        if size > self.room:
            return False
        self.room -= size
        return True
