"""Workday's filters, by which a list that is too long is read in parts.

Source: recorded answers of several boards (a filter may stand within a group of filters), and what
colophon-group/jobseek does (apps/crawler/src/core/monitors/workday.py at 00c7590).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

_NEARLY_ALL = 0.95
"""Of what the filter that covers most covers; among those the one with the fewest values costs the fewest requests."""

_DEEPEST = 6
"""Groups within groups."""


class Facet(msgspec.Struct, frozen=True):
    """One filter: how many jobs there are of each of its values. A job may have several values, or none."""

    name: str
    counts: Mapping[str, int]

    @property
    def covered(self) -> int:
        """How many jobs have a value, those with several counted as often."""
        return sum(self.counts.values())


def split(answer: object, *, limit: int, applied: Collection[str]) -> Facet | None:
    """Choose the filter by which to read a list in parts; None if there is none left.

    Args:
        answer: what Workday says of its filters.
        limit: parts should have fewer jobs than this.
        applied: the filters that are applied already.

    """
    facets = [one for one in _facets(answer, 0) if one.name not in applied and len(one.counts) > 1]
    most = max((one.covered for one in facets), default=0)
    covering = [one for one in facets if one.covered >= _NEARLY_ALL * most]
    small = [one for one in covering if max(one.counts.values()) < limit]
    return min(small or covering, key=lambda one: len(one.counts), default=None)


def _facets(value: Any, depth: int) -> Iterator[Facet]:
    """Find every filter with counted values, in whatever groups they are."""
    if depth > _DEEPEST or not isinstance(value, list):
        return
    for one in value:
        if not isinstance(one, dict):
            continue
        values = one.get("values")
        name = one.get("facetParameter")
        counts = {
            each["id"]: each["count"]
            for each in (values if isinstance(values, list) else ())
            if isinstance(each, dict) and isinstance(each.get("id"), str) and _is_count(each.get("count"))
        }
        if isinstance(name, str) and counts:
            yield Facet(name, counts)
        yield from _facets(values, depth + 1)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
