"""Boards, feeds and pages with long texts: of ten sources six are boards of Greenhouse's, whose JSON holds HTML that is
escaped twice, two are RSS, one is Atom and one is a web page. An item has 2 KB of HTML.

The proportions and the size are those of the prototype on which the budgets were set.
"""

import html
import json
import random
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from bench.cases import AGAIN, EDITED
from bench.corpus import EPOCH, Corpus

COMMON_WORDS = """the of and to a in is that for it as with be by on not but at are this have from or an they which you
all her there would their we when who will no more if out so what up about into can only other new some could these two
may first then do any like my now over such our most made after also many before must well back through years where much
your way down should because each just people how good make very still see own work get here between both being under
never know same another while last might great go come since against right take few use during without again place
around small found engineer software python senior data platform remote team product design manager cloud backend
frontend kubernetes postgres experience skills benefits salary equity build systems customers health"""
COMMON = COMMON_WORDS.split()
SOUNDS = """ba be bi bo bu ca ce co da de di do fa fe fi ga ge go ha he hi ka ke ko la le li lo lu ma me mi mo na ne ni
no pa pe pi po ra re ri ro sa se si so su ta te ti to tu va ve vi wa we wi ya yo za zo tion ment ing er est ly ous
able"""
SYLLABLES = SOUNDS.split()
SPECIAL = ("café", "naïve", "Zürich", "München", "C++", "C#", ".NET", "we\u2019re", "\u2013", "R&D", "東京")
PLACES = ("Remote", "Berlin", "New York, NY", "München", "London", "Paris")
TEXT = 2048
"""Bytes of an item's HTML, about."""
KINDS = (*("json",) * 6, "rss", "rss", "atom", "html")


def boards(folder: Path, number: int, items: int) -> Corpus:
    """Describe a corpus of so many sources of so many items."""
    return Corpus(
        folder=folder / f"boards-{number}-{items}",
        names=tuple(f"{one}.{KINDS[one % len(KINDS)]}" for one in range(number)),
        items=items,
        make=lambda one: source(one, items),
        changes={AGAIN: again, EDITED: lambda one, body: again(one, body).replace(*edit(one % items), 1)},
        changed={EDITED: number},
    )


def again(_: int, body: bytes) -> bytes:
    """Write a source anew, with the same items: only what stands before them is another."""
    return body.replace(b"Jobs at ", b"All jobs at ", 1)


def edit(position: int) -> tuple[bytes, bytes]:
    """Change one item of a source: what to replace by what."""
    return f"number{position}.".encode(), f"number{position}, edited.".encode()


def searches(number: int) -> list[dict[str, Any]]:
    """Make searches for rare words: about one item in a hundred matches one of two hundred."""
    chance = random.Random("searches")
    words = rare()[2000:]
    return [
        {"name": f"s{one}", "any": chance.sample(words, 3), "all": [chance.choice(words)], "none": ["unpaid"]}
        for one in range(number)
    ]


@dataclass(frozen=True, slots=True)
class Posting:
    """One item, before it is written down in a source's way."""

    key: str
    title: str
    place: str
    body: str
    url: str
    time: int


@cache
def rare() -> list[str]:
    """Make words that no language has; those at the beginning are taken more often."""
    chance = random.Random("words")
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(12_000)]


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Give all words, and for each the chance that a text's next word is this or one before it.

    Most of a text is common words; one word in a hundred is not plain.
    """
    common, other = len(COMMON), len(rare())
    chances = [
        *(0.69 * one / common for one in range(1, common + 1)),
        *(0.69 + 0.3 * sqrt(one / other) for one in range(1, other + 1)),
        *(0.99 + 0.01 * one / len(SPECIAL) for one in range(1, len(SPECIAL) + 1)),
    ]
    return [*COMMON, *rare(), *SPECIAL], chances


def sentences(chance: random.Random, number: int) -> list[str]:
    """Make sentences as a text has them."""
    known, chances = vocabulary()
    words = chance.choices(known, cum_weights=chances, k=13 * number)
    return [" ".join(words[start : start + 13]).capitalize() + "." for start in range(0, len(words), 13)]


def posting(source: int, position: int) -> Posting:
    """Make one item; its text has a word of its own that no other item of its source has."""
    chance = random.Random(f"{source}/{position}")
    parts = [f"<p><strong>About us</strong>: number{position}.</p>\n"]
    size = 0
    while size < TEXT * 0.9:
        said = [html.escape(one, quote=False) for one in sentences(chance, 4)]
        listed = "".join(f"<li>{one}</li>\n" for one in said)
        flowing = " ".join(said).replace(" team ", " <em>team</em> ")
        parts.append(f"<ul>\n{listed}</ul>" if chance.random() < 0.3 else f"<p>{flowing}&nbsp;</p>\n")
        size += len(parts[-1])
    return Posting(
        key=f"{source}-{position}",
        title=sentences(chance, 1)[0][:40].title(),
        place=chance.choice(PLACES),
        body=f'<div class="content-intro">{"".join(parts)}</div>',
        url=f"https://boards.example.com/s{source}/jobs/{position}",
        time=EPOCH - 3600 * position,
    )


def source(number: int, items: int) -> bytes:
    """Write one source, as its kind is written."""
    writer = {"json": greenhouse, "rss": rss, "atom": atom, "html": page}[KINDS[number % len(KINDS)]]
    return writer(number, [posting(number, position) for position in range(items)]).encode()


def greenhouse(number: int, postings: list[Posting]) -> str:
    """Write a board as Greenhouse's API gives it."""
    jobs = [
        {
            "absolute_url": one.url,
            "data_compliance": [{"type": "gdpr", "requires_consent": False, "retention_period": None}],
            "internal_job_id": 7 * number,
            "location": {"name": one.place},
            "metadata": [{"id": 4001, "name": "Employment", "value": "Full-time", "value_type": "single_select"}],
            "id": 1000 * number + position,
            "updated_at": "2026-10-01T09:00:00-04:00",
            "requisition_id": one.key,
            "title": one.title,
            "company_name": f"Company {number}",
            "first_published": "2026-09-01T00:00:00-04:00",
            "content": html.escape(one.body),
            "departments": [{"id": 9, "name": "Engineering", "child_ids": [], "parent_id": None}],
            "offices": [{"id": 3, "name": one.place, "location": one.place, "child_ids": [], "parent_id": None}],
        }
        for position, one in enumerate(postings)
    ]
    board = {"name": f"Jobs at {number}", "jobs": jobs, "meta": {"total": len(jobs)}}
    return json.dumps(board, ensure_ascii=False, separators=(",", ":"))


def rss(number: int, postings: list[Posting]) -> str:
    """Write an RSS 2.0 feed."""
    entries = "".join(
        f"<item><title>{html.escape(one.title)}</title><link>{one.url}</link>"
        f'<guid isPermaLink="false">{one.key}</guid><pubDate>{formatdate(one.time, usegmt=True)}</pubDate>'
        f"<category>jobs</category><description><![CDATA[{one.body}]]></description></item>\n"
        for one in postings
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>Jobs at {number}</title><link>https://f{number}.example.com/</link><description>d</description>\n"
        f"{entries}</channel></rss>\n"
    )


def atom(number: int, postings: list[Posting]) -> str:
    """Write an Atom feed."""
    entries = "".join(
        f"<entry><title>{html.escape(one.title)}</title><link href={one.url!r}/><id>urn:{one.key}</id>"
        "<author><name>Ann</name></author><updated>2026-10-01T10:00:00Z</updated>"
        f'<content type="html">{html.escape(one.body)}</content></entry>\n'
        for one in postings
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Jobs at {number}</title><id>urn:f{number}</id><updated>2026-10-01T00:00:00Z</updated>\n"
        f"{entries}</feed>\n"
    )


def page(number: int, postings: list[Posting]) -> str:
    """Write a web page with a list."""
    entries = "".join(
        f'<li class="job card" data-id="{one.key}">'
        f'<h3 class=title><a href="{one.url}">{html.escape(one.title)}</a></h3>'
        f"<span class=location>{one.place}</span><div class=desc>{one.body}</div></li>\n"
        for one in postings
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Jobs at {number}</title></head>"
        f"<body><nav><a href=/>Home</a></nav><main><ul class=jobs>\n{entries}</ul></main></body></html>\n"
    )
