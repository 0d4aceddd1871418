"""Entries that may read a JSON answer: the list that looks like items, and which of its columns are which fields."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scan.guess.arrays import Array, arrays
from scan.guess.columns import Column
from scan.guess.fields import Chosen, choose, worth
from scan.guess.guesses import Guess
from scan.guess.paging import pages_of
from scan.guess.vocabulary import HOLDS_ITEMS, HOLDS_OTHERS
from scan.page import Page

_MOST = 3
_OF_OTHERS, _OF_ITEMS, _OF_ONE = 0.15, 1.3, 0.6
_SINGLE = ("single",)
_FULL = 1.1
"""Points of a list that is surely one of items."""


@dataclass(frozen=True)
class _Found:
    array: Array
    chosen: Chosen
    points: float


def guess_answer(page: Page, answer: object, url: str, now: datetime) -> list[Guess]:
    """Guess entries of kind json, the best first.

    Args:
        page: where the answer came from.
        answer: its plain values.
        url: as the entry is to have it.
        now: to tell times from other numbers.

    """
    found = [_judged(array, now) for array in arrays(answer)]
    if isinstance(answer, dict):
        found.append(_judged(Array("", _SINGLE, [answer]), now))
    best = sorted((one for one in found if one.points > 0), key=lambda one: -one.points)[:_MOST]
    return [_guess(page, answer, url, one, now) for one in best]


def mapped(rows: list[Mapping[str, Any]], now: datetime) -> dict[str, str]:
    """Map the columns of rows that are known to be the items: what a portal's dataset needs."""
    return {target: column.path for target, column in choose(Array("", (), rows).columns(), now).items()}


def _judged(array: Array, now: datetime) -> _Found:
    chosen = choose(array.columns(), now)
    if array.words == _SINGLE and not {"url", "published_at"} & chosen.keys():
        return _Found(array, {}, 0.0)
    points = worth(chosen, now) * _called(array) * (1 + math.log2(len(array.rows)) / 8)
    if array.within is not None:
        outer = choose(array.within.columns(), now)
        points *= 1.0 if len(array.within.rows) == 1 or "title" not in outer else 0.4
    return _Found(array, chosen, points)


def _called(array: Array) -> float:
    """Weigh a list by what it is called, and what encloses it is."""
    if array.words == _SINGLE:
        return _OF_ONE
    telling = set(array.words)
    if telling & HOLDS_OTHERS:
        return _OF_OTHERS
    return _OF_ITEMS if telling & HOLDS_ITEMS or not array.path else 1.0


def _guess(page: Page, answer: object, url: str, found: _Found, now: datetime) -> Guess:
    items = {"items": found.array.path} if found.array.path else {}
    fields = {"fields": {target: written(column, target, now, "path") for target, column in found.chosen.items()}}
    single = Guess(
        kind="json",
        keys={"url": url, **items, **fields},
        because=_described(found.array),
        belief=min(0.9, 0.3 + 0.5 * found.points / _FULL),
    )
    paged = pages_of(page, answer, len(found.array.rows))
    if paged is None:
        return single
    template, pages = paged
    keys = {"url": template if template and url == page.url else url, **items, **fields, "pages": pages}
    if template and url != page.url:
        return single
    return Guess(
        kind="json",
        keys=keys,
        because=f"{single.because}, which goes on",
        belief=single.belief + 0.02,
        otherwise=(single,),
    )


def _described(array: Array) -> str:
    if array.words == _SINGLE:
        return "a single object"
    return f"a list of {len(array.rows)} objects{f' at {array.path}' if array.path else ''}"


def written(column: Column, target: str, now: datetime, reach: str) -> str | dict[str, object]:
    """Write how a field is taken: a path, or a mapping where its date must be told how to be read.

    Args:
        column: the field's.
        target: the field.
        now: to tell what is a time.
        reach: the key of the long form's path.

    """
    if target.startswith("attributes.") and column.is_amount:
        return {reach: column.path, "number": True}
    form = column.date_form(now) if target in {"published_at", "updated_at"} else None
    return {reach: column.path, "date": form} if form else column.path
