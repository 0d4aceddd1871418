"""Items and searches for the tests of matching."""

from collections.abc import Mapping
from datetime import UTC, datetime

from scan.match.matcher import Matcher
from scan.match.search import Search, Words
from scan.model import Item, Reason

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def an_item(
    title: str = "",
    *,
    text: str = "",
    organization: str | None = None,
    location: str | None = None,
    url: str | None = None,
    published_at: datetime | None = None,
    attributes: Mapping[str, object] | None = None,
) -> Item:
    return Item(
        source="acme",
        key="1",
        kind="job",
        title=title,
        text=text,
        organization=organization,
        location=location,
        url=url,
        published_at=published_at,
        attributes=attributes or {},
        content_hash=b"",
    )


def reasons_of(search: Search, item: Item) -> tuple[Reason, ...] | None:
    """Match one search on one item; None where it doesn't hold."""
    matches = Matcher([search], now=NOW).match(item)
    return matches[0][1] if matches else None


def holds(search: Search, item: Item) -> bool:
    return reasons_of(search, item) is not None


def finds(word: str, title: str) -> bool:
    return holds(Search(name="one", words=Words(any=(word,))), an_item(title))
