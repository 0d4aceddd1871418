"""The least that fetching and keeping feeds can cost in a Python process: what `scan` is measured against.

    floors.py fetch FEEDS URL DATABASE    fetch with libcurl, 32 at once, hash every body, keep the validators
    floors.py keep FEEDS URL DATABASE     the same, and read RSS with lxml, and insert into SQLite what is not there

Neither has dates, Atom, errors, clean text, searches or anybody to tell: bounds, not promises. They run in an
environment of their own, which has lxml.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pycurl

AT_ONCE = 32
TABLES = """
pragma journal_mode = wal;
pragma synchronous = full;
create table if not exists feed (number integer primary key, etag text, modified text, hash blob);
create table if not exists item (
  feed integer, key text, title text, url text, published text, text text, primary key (feed, key)
) without rowid;
"""


@dataclass
class Transfer:
    """One feed on its way."""

    number: int
    etag: str | None
    modified: str | None
    status: int = 0
    chunks: list[bytes] = field(default_factory=list)

    def header(self, line: bytes) -> None:
        """Keep the validators."""
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "etag":
            self.etag = value.strip()
        elif name.lower() == "last-modified":
            self.modified = value.strip()

    def conditions(self) -> list[str]:
        """Make the request conditional."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return [f"{name}: {value}" for name, value in asked.items() if value]


def fetch(transfers: Iterable[Transfer], url: str) -> Iterator[Transfer]:
    """Fetch all, many at once, and give each as it ends."""
    waiting = iter(transfers)
    multi = pycurl.CurlMulti()
    active: dict[pycurl.Curl, Transfer] = {}

    def start(handle: pycurl.Curl) -> None:
        if transfer := next(waiting, None):
            handle.setopt(pycurl.URL, f"{url}/{transfer.number}.xml")
            handle.setopt(pycurl.HTTPHEADER, transfer.conditions())
            handle.setopt(pycurl.HEADERFUNCTION, transfer.header)
            handle.setopt(pycurl.WRITEFUNCTION, transfer.chunks.append)
            active[handle] = transfer
            multi.add_handle(handle)

    for _ in range(AT_ONCE):
        handle = pycurl.Curl()
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.ACCEPT_ENCODING, "gzip")
        start(handle)
    while active:
        multi.perform()
        _, done, failed = multi.info_read(AT_ONCE)
        if failed:
            raise SystemExit(f"{failed[0][2]}")
        for handle in done:
            transfer = active.pop(handle)
            transfer.status = handle.getinfo(pycurl.RESPONSE_CODE)
            multi.remove_handle(handle)
            start(handle)
            yield transfer
        if not done:
            multi.select(1.0)


def read(body: bytes) -> Iterator[tuple[str | None, ...]]:
    """Read the items of an RSS feed: key, title, address, date, text."""
    from lxml import etree

    for item in etree.fromstring(body).iter("item"):
        values = {child.tag: child.text for child in item}
        yield tuple(values.get(name) for name in ("guid", "title", "link", "pubDate", "description"))


def keep(database: sqlite3.Connection, transfer: Transfer, digest: bytes, *, items: bool) -> None:
    """Store what a feed holds and its validators together."""
    body = b"".join(transfer.chunks)
    if items:
        rows = [(transfer.number, *row) for row in read(body)]
        database.executemany("insert into item values (?, ?, ?, ?, ?, ?) on conflict do nothing", rows)
    row = (transfer.number, transfer.etag, transfer.modified, digest)
    database.execute("insert or replace into feed values (?, ?, ?, ?)", row)


def main(what: str, feeds: str, url: str, path: str) -> None:
    """Scan all feeds once and print how many there were of each status, and how many items are kept."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(TABLES)
    known = {
        number: (etag, modified)
        for number, etag, modified in database.execute("select number, etag, modified from feed")
    }
    statuses: dict[int, int] = {}
    database.execute("begin")
    for transfer in fetch((Transfer(number, *known.get(number, (None, None))) for number in range(int(feeds))), url):
        statuses[transfer.status] = statuses.get(transfer.status, 0) + 1
        if transfer.status == 200:
            digest = hashlib.blake2b(b"".join(transfer.chunks), digest_size=16).digest()
            keep(database, transfer, digest, items=what == "keep")
    database.execute("commit")
    (items,) = database.execute("select count(*) from item").fetchone()
    database.close()
    print(statuses, items)


if __name__ == "__main__":
    main(*sys.argv[1:])
