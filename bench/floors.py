"""The least that scanning can cost in a Python process: what `scan` is measured against.

    floors.py WHAT URLS WORDS DATABASE

URLS is a file with the addresses of all sources, WORDS one with the words of all searches, a line each. WHAT is one of

    fetch    fetch with libcurl, 32 at once, gunzip, hash every body, keep the validators
    parse    the same, and parse in C: msgspec, libxml2, lexbor
    keep     the same, and insert the items into SQLite as they are, those that are not there yet
    work     the same, and for each item what `scan` has to do as well, by the fastest that could be found: import the
             libraries that `scan` is built on; hash each item and compare with what is known; its HTML to text by
             lexbor; fold, and look for all words by one automaton; and insert into two tables

None has dates, errors, clean text, conditions, a log or anybody to tell: bounds, not promises.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import pycurl

AT_ONCE = 32
BATCH = 500
"""Items that are written in one transaction."""

TABLES = """
pragma journal_mode = wal;
pragma synchronous = full;
create table if not exists source (id integer primary key, etag text, modified text, hash blob);
create table if not exists kept (
  source integer, key text, title text, url text, published text, text text, primary key (source, key)
) without rowid;
create table if not exists item (
  id integer primary key, source integer not null, key text not null, url text, title text, hash blob,
  first_seen integer, changed integer, unique (source, key)
);
create table if not exists item_text (id integer primary key, text text);
"""


class Item(NamedTuple):
    """An item as its source has it; the text is HTML."""

    key: str
    title: str
    url: str
    published: str
    text: str

    @property
    def digest(self) -> bytes:
        """Tell it from what it was before."""
        said = f"{self.title}\x1f{self.url}\x1f{self.published}\x1f{self.text}"
        return hashlib.blake2b(said.encode(), digest_size=16).digest()


class Parse(Protocol):
    """Reads a body."""

    def __call__(self, body: bytes) -> list[Item]:
        """Give its items."""


@dataclass
class Transfer:
    """One source on its way."""

    id: int
    url: str
    etag: str | None = None
    modified: str | None = None
    hash: bytes | None = None
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


def fetch(transfers: Iterable[Transfer]) -> Iterator[Transfer]:
    """Fetch all, many at once, and give each as it ends."""
    waiting = iter(transfers)
    multi = pycurl.CurlMulti()
    active: dict[pycurl.Curl, Transfer] = {}

    def start(handle: pycurl.Curl) -> None:
        if transfer := next(waiting, None):
            handle.setopt(pycurl.URL, transfer.url)
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


def parser(kind: str) -> Parse:
    """Make what reads one kind of source; each imports what it needs."""
    return {"xml": rss, "rss": rss, "atom": atom, "json": greenhouse, "html": page}[kind]()


def greenhouse() -> Parse:
    """Read JSON into structs; of five entities, what is escaped twice is made HTML."""
    import msgspec

    class Location(msgspec.Struct, gc=False):
        name: str = ""

    class Job(msgspec.Struct, gc=False):
        id: int
        title: str
        absolute_url: str
        content: str
        updated_at: str
        location: Location

    class Board(msgspec.Struct):
        jobs: list[Job]

    decode = msgspec.json.Decoder(Board).decode
    entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}

    def parse(body: bytes) -> list[Item]:
        items = []
        for job in decode(body).jobs:
            text = job.content
            for escaped, plain in entities.items():
                text = text.replace(escaped, plain)
            items.append(Item(str(job.id), job.title, job.absolute_url, job.updated_at, text))
        return items

    return parse


def rss() -> Parse:
    """Read RSS."""
    from lxml import etree

    def parse(body: bytes) -> list[Item]:
        entries = ({child.tag: child.text for child in entry} for entry in etree.fromstring(body).iter("item"))
        return [Item(one["guid"], one["title"], one["link"], one["pubDate"], one["description"]) for one in entries]

    return parse


def atom() -> Parse:
    """Read Atom."""
    from lxml import etree

    space = "{http://www.w3.org/2005/Atom}"
    id_, title, updated, content, link = (f"{space}{name}" for name in ("id", "title", "updated", "content", "link"))

    def parse(body: bytes) -> list[Item]:
        items = []
        for entry in etree.fromstring(body).iter(f"{space}entry"):
            one = {child.tag: child for child in entry}
            texts = (one[id_].text, one[title].text, one[link].get("href"), one[updated].text, one[content].text)
            items.append(Item(*texts))
        return items

    return parse


def page() -> Parse:
    """Read a web page's list."""
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    def one(entry: LexborNode, selector: str) -> LexborNode:
        found = entry.css_first(selector)
        assert found is not None
        return found

    def parse(body: bytes) -> list[Item]:
        items = []
        for entry in LexborHTMLParser(body).css("li.job"):
            link = one(entry, "a")
            text = one(entry, ".desc").inner_html
            items.append(
                Item(entry.attributes["data-id"] or "", link.text(), link.attributes["href"] or "", "", text or "")
            )
        return items

    return parse


def import_stack() -> None:
    """Import what `scan` is built on, as the prototype did that the budgets were set against.

    An ordinary run has learned to do without SQLAlchemy since.
    """
    import click  # noqa: F401
    import sqlalchemy  # noqa: F401
    import yaml  # noqa: F401


class Work:
    """What is done for each item, beside parsing."""

    def __init__(self, database: sqlite3.Connection, words: Sequence[str]) -> None:
        import ahocorasick_rs
        from selectolax.lexbor import LexborHTMLParser

        self.database = database
        self.find = ahocorasick_rs.AhoCorasick([word.casefold() for word in words]).find_matches_as_indexes
        self.document = LexborHTMLParser
        (self.last,) = database.execute("select coalesce(max(id), 0) from item").fetchone()
        self.found = self.written = 0

    def absorb(self, source: int, items: Sequence[Item]) -> None:
        """Store what is new and what is another than before."""
        query = "select key, id, hash from item where source = ?"
        known = {key: (number, digest) for key, number, digest in self.database.execute(query, (source,))}
        new, texts, changed = [], [], []
        for item in items:
            number, before = known.get(item.key, (0, b""))
            digest = item.digest
            if digest == before:
                continue
            if not number:
                self.last += 1
                new.append((self.last, source, item.key, item.url, item.title, digest, 0, 0))
            else:
                changed.append((item.url, item.title, digest, number))
            texts.append((number or self.last, self.look(item)))
        self.database.executemany("insert into item values (?, ?, ?, ?, ?, ?, ?, ?)", new)
        self.database.executemany("update item set url = ?, title = ?, hash = ? where id = ?", changed)
        self.database.executemany("insert or replace into item_text values (?, ?)", texts)
        self.written += len(texts)

    def look(self, item: Item) -> str:
        """Give an item's text, and look for every word in it."""
        body = self.document(item.text).body
        text = body.text(separator=" ") if body else ""
        self.found += len(self.find(f"{item.title}\n{text}".casefold()))
        return text


def main(what: str, urls: str, words: str, path: str) -> None:
    """Scan all once and print how many there were of each status, and how many items are kept."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(TABLES)
    work = None
    if what == "work":
        import_stack()
        work = Work(database, Path(words).read_text(encoding="utf-8").splitlines())
    known = {number: rest for number, *rest in database.execute("select id, etag, modified, hash from source")}
    transfers = (
        Transfer(number, url, *known.get(number, ()))
        for number, url in enumerate(Path(urls).read_text(encoding="utf-8").splitlines())
    )
    statuses: dict[int, int] = {}
    parsers: dict[str, Parse] = {}
    waiting = 0
    database.execute("begin")
    for transfer in fetch(transfers):
        statuses[transfer.status] = statuses.get(transfer.status, 0) + 1
        if transfer.status != 200:
            continue
        body = b"".join(transfer.chunks)
        digest = hashlib.blake2b(body, digest_size=16).digest()
        if what != "fetch" and digest != transfer.hash:
            kind = transfer.url.rpartition(".")[2]
            parse = parsers.get(kind) or parsers.setdefault(kind, parser(kind))
            items = parse(body)
            if what == "keep":
                rows = ((transfer.id, one.key, one.title, one.url, one.published, one.text) for one in items)
                database.executemany("insert into kept values (?, ?, ?, ?, ?, ?) on conflict do nothing", rows)
            elif work is not None:
                work.absorb(transfer.id, items)
            waiting += len(items)
        row = (transfer.id, transfer.etag, transfer.modified, digest)
        database.execute("insert or replace into source values (?, ?, ?, ?)", row)
        if waiting >= BATCH:
            database.execute("commit")
            database.execute("begin")
            waiting = 0
    database.execute("commit")
    database.close()
    print(statuses, work and (work.written, work.found))


if __name__ == "__main__":
    main(*sys.argv[1:])
