"""The items, as the page's script reads them: rows of JSON, written as they are read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from scan.channels.clean import one_line, web_link
from scan.channels.digest import facts
from scan.model import StoredItem
from scan.reports.view import View

LEFT_WITHIN = timedelta(days=7)
"""Items that are not listed any more are shown for this long."""

_MOST_LEFT = 500
_A_CHUNK = 200


def share(counts: Iterable[int], room: int) -> int:
    """Give the most items that each source may show, so that all together fit; what one leaves, the others take.

    Args:
        counts: how many items each source has.
        room: for all of them.

    """
    waiting = sorted(count for count in counts if count)
    for place, count in enumerate(waiting):
        each = room // (len(waiting) - place)
        if count > each:
            return each
        room -= count
    return max(waiting, default=0)


def data(view: View, names: Sequence[str], most: int) -> Iterator[str]:
    """Write the JSON that goes into the page, bit by bit: `{"sources": [names], "items": [rows]}`.

    Args:
        view: what is known.
        names: of the sources.
        most: items of one source.

    """
    rows = _rows(view, {name: place for place, name in enumerate(names)}, most) if most else iter(())
    yield f'{{"sources":{_text(names)},"items":['
    before = ""
    while chunk := list(islice(rows, _A_CHUNK)):
        yield before + ",\n".join(map(_text, chunk))
        before = ",\n"
    yield "]}"


def _rows(view: View, places: Mapping[str, int], most: int) -> Iterator[list[Any]]:
    for name, place in places.items():
        yield from (_row(stored, place, view) for stored in view.known.newest(name, limit=most))
    for stored in view.known.left_since(view.now - LEFT_WITHIN, limit=_MOST_LEFT):
        if stored.item.source in places:
            yield _row(stored, places[stored.item.source], view, left=stored.last_seen_at)


def _row(stored: StoredItem, place: int, view: View, left: datetime | None = None) -> list[Any]:
    """Lay one out: its source's place, title, link, facts, when it was first seen, and when last if that is over."""
    item = stored.item
    row = [
        place,
        one_line(item.title) or "(without a title)",
        web_link(item.url) or "",
        " · ".join(filter(None, facts(item, (), view.zone))),
        int(stored.first_seen_at.timestamp()),
    ]
    return [*row, int(left.timestamp())] if left else row


def _text(value: object) -> str:
    """Write JSON in which no HTML parser sees the end of the script that it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
