"""Feeds: RSS with short items, as blogs and small boards have them."""

import html
import random
from email.utils import formatdate
from pathlib import Path

from bench.cases import AGAIN, EDITED, NEW
from bench.corpus import EPOCH, Corpus

LANGUAGE = """senior junior lead python rust go backend frontend data platform engineer analyst manager remote berlin
paris london hybrid contract permanent cloud kubernetes postgres linux security network mobile research product design
sales support finance operations the of and to in is that for it with as on you will our team work experience skills
benefits café Zürich C++ C# .NET"""
WORDS = LANGUAGE.split()


def feeds(folder: Path, number: int, items: int) -> Corpus:
    """Describe a corpus of so many feeds of so many items."""
    return Corpus(
        folder=folder / f"feeds-{number}-{items}",
        names=tuple(f"{one}.xml" for one in range(number)),
        items=items,
        make=lambda one: feed(one, items),
        changes={NEW: add, AGAIN: again, EDITED: edit},
        changed={NEW: len(range(0, number, 100)), EDITED: number // 2},
    )


def add(number: int, body: bytes) -> bytes:
    """Give every hundredth feed a new item."""
    if number % 100:
        return body
    before, items = body.split(b"<item>", 1)
    return before + item(number, body.count(b"<item>")).encode() + b"<item>" + items


def again(_: int, body: bytes) -> bytes:
    """Write a feed anew, with the same items."""
    return body.replace(b"<description>Jobs<", b"<description>Jobs, written again<", 1)


def edit(number: int, body: bytes) -> bytes:
    """Change one item of every second feed: one in a hundred, where a feed has fifty."""
    return body.replace(b"<![CDATA[<p>", b"<![CDATA[<p>Edited. ", 1) if number % 2 else again(number, body)


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
