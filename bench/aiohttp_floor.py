"""A scan without its duties, as one would write it in an afternoon: the floor that the first budgets were set against.

    aiohttp_floor.py URLS WORDS DATABASE

URLS is a file with the addresses of feeds; WORDS are not looked for. aiohttp fetches, 32 at once, lxml parses, and the
items go into a table of SQLite where they are not there yet. It runs in an environment of its own.
"""

import asyncio
import sqlite3
import sys
from pathlib import Path

import aiohttp  # type: ignore[import-not-found]
from lxml import etree

AT_ONCE = 32
FIELDS = ("guid", "title", "link", "pubDate", "description")
TABLES = """
pragma journal_mode = wal;
pragma synchronous = normal;
create table if not exists source (url text primary key, etag text, modified text) without rowid;
create table if not exists item (
  source text, guid text, title text, link text, published text, body text, primary key (source, guid)
) without rowid;
"""


def conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    """Make a request conditional."""
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in asked.items() if value}


def keep(database: sqlite3.Connection, url: str, body: bytes) -> None:
    """Store what is new."""
    rows = []
    for entry in etree.fromstring(body).iter("item"):
        values = {child.tag: child.text for child in entry}
        rows.append((url, *map(values.get, FIELDS)))
    database.executemany("insert into item values (?, ?, ?, ?, ?, ?) on conflict do nothing", rows)


async def scan(database: sqlite3.Connection, urls: list[str]) -> None:
    """Scan all feeds once."""
    known = {url: conditions(*rest) for url, *rest in database.execute("select url, etag, modified from source")}
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def one(url: str) -> None:
            async with gate, session.get(url, headers=known.get(url, {})) as answer:
                body = await answer.read()
            if answer.status == 304:
                return
            answer.raise_for_status()
            keep(database, url, body)
            row = (url, answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
            database.execute("insert or replace into source values (?, ?, ?)", row)

        await asyncio.gather(*map(one, urls))


def main(urls: str, _: str, path: str) -> None:
    """Open, scan, close."""
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    asyncio.run(scan(database, Path(urls).read_text(encoding="utf-8").splitlines()))
    database.commit()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
