"""Feeds to scan: the same bytes on every machine, on every day."""

import gzip
import html
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

LANGUAGE = """senior junior lead python rust go backend frontend data platform engineer analyst manager remote berlin
paris london hybrid contract permanent cloud kubernetes postgres linux security network mobile research product design
sales support finance operations the of and to in is that for it with as on you will our team work experience skills
benefits café Zürich C++ C# .NET"""
WORDS = LANGUAGE.split()
EPOCH = 1_780_000_000
"""Of every date in the feeds, and of the files, so that ETag and Last-Modified are always the same."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Feeds in a folder, each as `N.xml` and compressed as `N.xml.gz`.

    Attributes:
        feeds: how many.
        items: in each.

    """

    folder: Path
    feeds: int
    items: int

    def names(self) -> Iterator[str]:
        """Give the feeds' file names."""
        return (f"{number}.xml" for number in range(self.feeds))

    def size(self) -> tuple[int, int]:
        """Measure all feeds: bytes as they are, and compressed."""
        paths = [self.folder / name for name in self.names()]
        return sum(path.stat().st_size for path in paths), sum(packed(path).stat().st_size for path in paths)


def packed(path: Path) -> Path:
    """Name the compressed twin of a file."""
    return path.with_name(f"{path.name}.gz")


def generate(corpus: Corpus) -> None:
    """Write what is missing of the feeds."""
    corpus.folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(corpus.names()):
        path = corpus.folder / name
        if not packed(path).exists():
            body = feed(number, corpus.items)
            write(path, body)
            write(packed(path), gzip.compress(body, 6, mtime=0))


def vary(corpus: Corpus, folder: Path, change: Callable[[int, bytes], bytes]) -> Corpus:
    """Write a corpus whose feeds are another's, each changed: `change` is given a feed's number and its bytes."""
    varied = Corpus(folder, corpus.feeds, corpus.items)
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(corpus.names()):
        path = folder / name
        if not packed(path).exists():
            body = change(number, (corpus.folder / name).read_bytes())
            write(path, body)
            write(packed(path), gzip.compress(body, 6, mtime=0))
    return varied


def dated(_: int, body: bytes) -> bytes:
    """Write a feed anew, with the same items: what a server does that writes the time into every answer."""
    return body.replace(b"<description>Jobs<", b"<description>Jobs, written again<", 1)


def edited(number: int, body: bytes) -> bytes:
    """Change one item of every second feed: one in a hundred, where a feed has fifty."""
    return body.replace(b"<![CDATA[<p>", b"<![CDATA[<p>Edited. ", 1) if number % 2 else dated(number, body)


def write(path: Path, body: bytes) -> None:
    """Write a file as of the fixed time; a file with that name is whole."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(body)
    os.utime(draft, (EPOCH, EPOCH))
    draft.rename(path)


def feed(number: int, items: int) -> bytes:
    """Write one RSS 2.0 feed, the newest item first."""
    entries = "".join(item(number, position) for position in reversed(range(items)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>Feed {number}</title><link>https://example.org/{number}</link><description>Jobs</description>\n"
        f"{entries}</channel></rss>\n"
    ).encode()


def item(number: int, position: int) -> str:
    """Write one item of some 700 bytes; each has a word of its own that no other item of its feed has."""
    chance = random.Random(f"{number}/{position}")
    words = chance.choices(WORDS, k=60)
    title = html.escape(" ".join(words[:6]).title())
    text = html.escape(" ".join(words[6:]))
    address = f"https://example.org/{number}/jobs/{position}"
    published = formatdate(EPOCH - 3600 * (1000 - position) - number, usegmt=True)
    return (
        f"<item><title>{title} #{position}</title><link>{address}?ref=rss&amp;page=1</link>"
        f'<guid isPermaLink="false">urn:example:{number}:{position}</guid><pubDate>{published}</pubDate>'
        f"<category>{chance.choice(WORDS[:20])}</category>"
        f'<description><![CDATA[<p>{text} word{position}</p><p>Apply <a href="{address}">here</a>.</p>]]></description>'
        "</item>\n"
    )
