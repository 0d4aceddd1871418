"""feedparser's own tests, 2,106 feeds made to be odd: read whole, and beside what feedparser makes of them by itself.

The figures are published in docs/reliability.md; a loss shows here.
"""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import feedparser
import pytest

from fuzz.pages import assert_led
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page
from tests.sources.building import RECORDED, source

pytestmark = pytest.mark.recorded

CORPUS = RECORDED / "feedparser-tests/tests"
FEED = source("{kind: feed, url: 'https://example.org/feed'}")
PUBLISHED = Path(__file__).parents[2] / "docs/reliability.md"

FIGURES = {
    "entries": (1_217, 1_217),
    "key": (114, 114),
    "title": (215, 216),
    "url": (101, 101),
    "text": (733, 735),
    "published_at": (53, 53),
    "updated_at": (39, 39),
    "author": (47, 47),
    "tags": (37, 37),
}
"""How many values there are, and how many of them are the same."""

REFUSED = 13
"""Files that are no feed."""


def pages() -> Iterator[Page]:
    for path in sorted(CORPUS.rglob("*.xml")):
        yield Page(url="https://example.org/feed", body=path.read_bytes())


def read_by_feedparser(page: Page) -> list[dict[str, Any]]:
    feed = feedparser.parse(io.BytesIO(page.body), sanitize_html=False, resolve_relative_uris=False)
    return [_fields(dict(entry)) for entry in feed.entries]


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Take what an item is made of, as docs/sources.md says it: the longest text, an id that is no address no link."""
    texts = [*(content.get("value") or "" for content in entry.get("content") or ()), entry.get("summary") or ""]
    link, key = entry.get("link") or None, entry.get("id") or None
    names = [tag.get("term") or tag.get("label") for tag in entry.get("tags") or ()]
    updated = entry.get("updated") or None
    return {
        "key": key or link,
        "title": entry.get("title") or None,
        "url": None if link == key and not (link or "").lower().startswith(("http://", "https://")) else link,
        "text": max(texts, key=len) or None,
        "published_at": entry.get("published") or entry.get("created") or updated,
        "updated_at": updated,
        "author": entry.get("author") or None,
        "tags": list(dict.fromkeys(filter(None, names))) or None,
    }


def read_by_scan(item: RawItem) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in ("key", "title", "url", "text", "published_at", "updated_at")}
    return {**own, "author": item.attributes.get("author"), "tags": item.attributes.get("tags")}


@pytest.mark.timeout(120)
def test_every_feed_is_read_as_feedparser_reads_it_but_for_few_values() -> None:
    there: Counter[str] = Counter()
    same: Counter[str] = Counter()
    read = refused = 0
    for page in pages():
        theirs = read_by_feedparser(page)
        try:
            ours = FEED.parse(page).items
        except ParseError:
            refused += 1
            assert theirs == []
            continue
        read += 1
        there["entries"] += len(theirs)
        same["entries"] += min(len(ours), len(theirs))
        for one, other in zip(ours, theirs, strict=True):
            for name, value in read_by_scan(one).items():
                if value is not None or other[name] is not None:
                    there[name] += 1
                    same[name] += value == other[name]
    assert (read, refused) == (2_106 - REFUSED, REFUSED)
    assert {name: (same[name], there[name]) for name in there} == FIGURES


@pytest.mark.timeout(120)
def test_every_feed_gives_clean_items_or_an_error_in_words() -> None:
    for page in pages():
        assert_led(FEED, page)


def test_the_figures_are_published() -> None:
    page = PUBLISHED.read_text("utf-8")
    for name, (same, there) in FIGURES.items():
        assert f"| {name} | {there:,} | {same:,} | {100 * same / there:.1f} % |" in page
    assert f"{REFUSED} are no feed" in page
