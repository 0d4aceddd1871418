"""`python -m bench.stored DATABASE ITEMS`: give the sources of a database items that have left, until it has so many.

What a profile comes to in years: nothing that an unchanged run has to look at.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import func, select

from scan.store.connection import Row, insert_rows
from scan.store.database import Store
from scan.store.schema import items, sources
from scan.store.sqlite import SQLite
from scan.store.statement import inserting

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
            insert_rows(connection, inserting("items"), left(some, rows, datetime.now(UTC)))
            insert_rows(connection, inserting("texts"), ((number, f"{number} {TEXT}") for number in some))


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


def hasten(store: Store, *pragmas: str) -> None:
    """Trade safety and memory for speed, on all connections from now on."""
    assert isinstance(store.database, SQLite)
    store.database.close()
    store.database.pragmas += pragmas


def main(database: str, total: str) -> None:
    """Open, fill, close."""
    store = Store.open(f"sqlite:///{database}", create=False)
    hasten(store, *FASTER)
    fill(store, int(total))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
