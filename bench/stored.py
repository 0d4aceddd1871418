"""`python -m bench.stored DATABASE ITEMS`: give the sources of a database items that have left, until it has so many.

What a profile comes to in years: nothing that an unchanged run has to look at.
"""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import event, func, select

from scan.store.database import Store
from scan.store.direct import Row, insert_rows
from scan.store.schema import items, sources, texts

AT_ONCE = 100_000
NAMES = [column.name for column in items.columns]
AWAY = timedelta(days=30)
TEXT = "What somebody wrote about it, in a sentence that says little, and in another one. "
FASTER = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000")
"""Nothing is lost with a database that is made anew; 400 MB of it fit into the memory of whoever measures."""


def fill(store: Store, total: int) -> None:
    """Add what is missing, the sources in turn, as time would have it."""
    with store.reading() as connection:
        there = connection.execute(select(func.count()).select_from(items)).scalar_one()
        last = connection.execute(select(func.max(items.c.id))).scalar_one()
        rows = connection.execute(select(sources.c.id)).scalars().all()
    numbers = iter(range(last + 1, last + 1 + total - there))
    while some := list(islice(numbers, AT_ONCE)):
        with store.writing() as connection:
            insert_rows(connection, items, left(some, rows, datetime.now(UTC)))
            insert_rows(connection, texts, ((number, f"{number} {TEXT}") for number in some))


def left(numbers: Iterable[int], source_ids: Sequence[int], now: datetime) -> Iterator[Row]:
    """Make the rows of items that are out of their feeds' windows."""
    for number in numbers:
        digest = number.to_bytes(16, "big")
        known: dict[str, object] = {
            "id": number,
            "source_id": source_ids[number % len(source_ids)],
            "key": f"urn:example:left:{number}",
            "raw_hash": digest,
            "content_hash": digest,
            "revision": 0,
            "episode": 0,
            "first_seen_at": now - 2 * AWAY,
            "last_seen_at": now - AWAY,
            "kind": "article",
            "title": f"Somebody who does the work of {number}",
            "url": f"https://example.org/left/{number}",
            "attributes": {},
        }
        yield tuple(known.get(name) for name in NAMES)


def hasten(raw: sqlite3.Connection, _: object) -> None:
    """Trade safety and memory for speed."""
    for pragma in FASTER:
        raw.execute(pragma).close()


def main(database: str, total: str) -> None:
    """Open, fill, close."""
    store = Store.open(f"sqlite:///{database}", create=False)
    event.listen(store.engine, "connect", hasten)
    store.engine.dispose()
    fill(store, int(total))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
