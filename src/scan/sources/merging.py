"""Rows that are one item."""

from collections.abc import Iterable

import msgspec

from scan.model import RawItem


def merge(items: Iterable[RawItem]) -> tuple[RawItem, ...]:
    """Make one item of those with one key: all their locations, the first of everything else.

    Some services list a job once for each of its places. Items without a key are left as they are.
    """
    merged: dict[object, RawItem] = {}
    for number, item in enumerate(items):
        name = number if item.key is None else str(item.key)
        merged[name] = _joined(merged[name], item) if name in merged else item
    return tuple(merged.values())


def _joined(first: RawItem, second: RawItem) -> RawItem:
    places = tuple(dict.fromkeys((*_places(first), *_places(second))))
    if places == _places(first):
        return first
    return msgspec.structs.replace(first, location=places if len(places) > 1 else places[0])


def _places(item: RawItem) -> tuple[str, ...]:
    if isinstance(item.location, str):
        return (item.location,)
    return item.location or ()
