"""JSON Feed. Source: https://www.jsonfeed.org/version/1.1/, and feeds recorded of both versions."""

from typing import Any

import msgspec

from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.feed.entry import Entry
from scan.sources.rows import Table, load


class Author(msgspec.Struct):
    """Who wrote it."""

    name: str | None = None


class Item(msgspec.Struct):
    """An item as the format has it; what is not read is left out."""

    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: Author | None = None
    authors: list[Author] | None = None
    tags: list[str] | None = None


_ITEMS = Table(Item, key="items")


def parse(page: Page) -> Batch:
    """Read one page of a JSON Feed.

    Raises:
        ParseError: it is not JSON, or has no items.

    """
    rows = _ITEMS.read(page)
    following = _next_url(page)
    follow = (Request(url=following, accept="application/feed+json, application/json"),) if following else ()
    return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected, follow=follow)


def _next_url(page: Page) -> str | None:
    if b"next_url" not in page.body:
        return None
    feed: Any = load(page)
    following = feed.get("next_url") if isinstance(feed, dict) else None
    return following if isinstance(following, str) and following else None


def _item(item: Item) -> RawItem:
    names = [author.name for author in (*(item.authors or ()), *filter(None, [item.author])) if author.name]
    texts = [(item.content_html or "", False), (item.content_text or item.summary or "", True)]
    return Entry(
        id=_id(item.id),
        link=item.url or item.external_url,
        title=item.title,
        author=", ".join(dict.fromkeys(names)),
        published=item.date_published,
        updated=item.date_modified,
        texts=texts[:1] if item.content_html else texts[1:],
        tags=item.tags or [],
    ).item()


def _id(value: str | float | None) -> str | None:
    """Write a number as text, as the format asks of readers."""
    return (
        str(int(value)) if isinstance(value, float) and value == int(value) else None if value is None else str(value)
    )
