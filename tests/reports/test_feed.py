"""Matches as an Atom feed: valid whatever the items hold, and the same as long as nothing is matched."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from scan.reports.feed import Feed
from tests.reports.samples import NOW, Memory, a_view, matched

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
ATOM = "{http://www.w3.org/2005/Atom}"

HOSTILE = [
    "</title><script>alert(1)</script>",
    "]]> & <![CDATA[ x",
    "a\x00b\x1b[31mc\ufffe\uffff\ud800d",
    "\u202ereversed\u2066",
    "&lt;b&gt;escaped&lt;/b&gt; &#x41; &copy;",
    "🦀 née — „Zitat“",
    '"><a href="javascript:alert(1)">',
    "x" * 10_000,
]


def a_feed(**keys: Any) -> Feed:
    return Feed(to=Path("matches.xml"), **keys)


def written(memory: Memory, **keys: Any) -> bytes:
    return b"".join(a_feed(**keys).render(a_view(memory)))


def read(document: bytes) -> Any:
    """Read a feed as a reader does, once it has been found valid."""
    tree = etree.fromstring(document)
    SCHEMA.assertValid(tree)
    ids = [element.text for element in tree.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    for entry in tree.iter(f"{ATOM}entry"):  # what the schema cannot say: 4.1.1 and 4.1.2
        assert entry.find(f"{ATOM}author") is not None or tree.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content") is not None
    feed = feedparser.parse(document)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def test_the_newest_matches_are_told_with_their_reasons() -> None:
    memory = Memory(
        met=[matched(1, title="Go & Rust", location="Berlin", published_at=NOW), matched(2, organization=None)]
    )
    feed = read(written(memory, title="Jobs for me", url="https://example.org/matches.xml"))
    assert (feed.feed.title, feed.feed.links[0].href) == ("Jobs for me", "https://example.org/matches.xml")
    assert feed.feed.updated == "2026-11-23T07:00:00Z"
    first, second = feed.entries
    assert (first.title, first.link, first.author) == ("Go & Rust", "https://example.org/1", "Acme")
    assert (first.published, first.updated) == ("2026-11-23T08:00:00Z", "2026-11-23T07:00:00Z")
    assert first.tags[0].term == "backend"
    assert "<p>backend (new): python in title</p><p>Acme · Berlin · acme</p>" in first.content[0].value
    assert second.author == "acme"


def test_a_feed_without_matches_is_valid() -> None:
    feed = read(written(Memory()))
    assert (feed.feed.title, feed.entries) == ("Matches of scan", [])


def test_postings_that_another_source_had_before_are_left_out_and_the_rest_is_as_many_as_asked_for() -> None:
    memory = Memory(met=[matched(number, duplicate=number % 2 == 0) for number in range(1, 11)])
    assert [entry.title for entry in read(written(memory, max_items=3)).entries] == ["Job 1", "Job 3", "Job 5"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts(text: str) -> None:
    hostile = matched(1, search="s", title=text, text=text, organization=text, location=text, source="acme")
    document = written(Memory(met=[hostile]))
    (entry,) = read(document).entries
    html = entry.content[0].value
    assert "<script" not in html
    assert "<a " not in html
    assert "\x1b" not in document.decode()
    assert len(entry.title) <= 400


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "https://exa mple.org/", "file:///etc/passwd", "//x"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    (entry,) = read(written(Memory(met=[matched(1, url=url)]))).entries
    assert "links" not in entry


def test_an_entry_keeps_its_identity_whatever_becomes_of_its_item() -> None:
    def ids(*rows: Any) -> list[str]:
        return [entry.id for entry in read(written(Memory(met=list(rows)))).entries]

    first = ids(matched(1))
    assert first == ids(matched(1, title="Another title", url=None, revision=7))
    assert first[0].startswith("urn:uuid:")
    other = [matched(1, search="other"), matched(1, at=NOW - timedelta(days=1)), matched(2), matched(1, source="beta")]
    assert len({*first, *ids(*other)}) == 5


def test_the_feed_stays_the_same_while_nothing_is_matched() -> None:
    memory = Memory(met=[matched(1), matched(2)])
    assert written(memory) == written(memory)


def test_an_address_that_nobody_could_read_it_at_is_refused() -> None:
    assert [problem.path for problem in a_feed(url="file:///srv/matches.xml").problems()] == [("url",)]
    assert list(a_feed(url="https://example.org/matches.xml").problems()) == []


def test_long_texts_are_cut() -> None:
    (entry,) = read(written(Memory(met=[matched(1, text="word " * 50_000)]))).entries
    assert len(entry.content[0].value) < 5000
    assert entry.content[0].value.endswith("<p>…</p>")
