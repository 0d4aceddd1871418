"""What a web page says of itself in schema.org's words: postings, events, products, articles.

    - name: concerts
      kind: jsonld
      url: https://example.org/concerts
      types: [Event]         # default: JobPosting, Event, Product and Article
      zone: Europe/Berlin    # of times that carry none; default UTC

Many pages carry such data for search engines, in scripts of type `application/ld+json`. A type stands for all that are
named after it: `Event` for `MusicEvent`, `Article` for `NewsArticle` (and `BlogPosting`). They are found wherever they
are nested: `@graph`, lists, `mainEntity`. Scripts that are not quite JSON are mended; one that is past mending is
counted as an odd row. A page without any such script is an error: that is different from an empty list.

A list that only links (`types: [ListItem]`) is completed by `follow: {jsonld: true}`; see The pages of single items.
An item without an address of its own is on the page itself, if it is the only one. Attributes: `type`; of a job
`employment_type`, `department`, `valid_through`, `workplace` (remote), `remote`, `salary_min`, `salary_max`,
`currency`, `salary_interval`; of an event `starts_at`, `ends_at`, `event_status`; of a product `price`, `currency`,
`availability`, `sku`; of an article `author`, `section`, `keywords`.

Source: https://schema.org/docs/documents.html, and job pages recorded in 2025 and 2026.
"""

from collections.abc import Iterable
from dataclasses import field
from typing import Annotated

import msgspec

from scan.declare import Address, Doc, Problem
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.document import base_of, document
from scan.sources.fields import zone_problem
from scan.sources.follow import Followed
from scan.sources.rows import shortened
from scan.sources.schema_org import item_of
from scan.sources.structured import scripts, things

_TYPES = ("JobPosting", "Event", "Product", "Article")
_ALSO = {"Article": ("BlogPosting",)}


class JsonLd(Followed, kind="jsonld", item_kind="item", complete=True):
    """A page's structured data."""

    url: Annotated[Address, Doc("the page", example="https://example.org/concerts")] = field()
    types: Annotated[tuple[str, ...], Doc("schema.org's names of what is wanted", example="[Event]")] = _TYPES
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="Europe/Berlin")] = None

    def problems(self) -> Iterable[Problem]:
        """Find a zone that there isn't."""
        yield from super().problems()
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the page."""
        return Request(url=self.url, accept="text/html, application/xhtml+xml")

    def parse(self, page: Page) -> Batch:
        """Read the things that the page describes."""
        tree = document(page)
        values, broken = scripts(page, tree)
        wanted = [name for one in self.types for name in (one, *_ALSO.get(one, ()))]
        base = base_of(tree, page.url)
        items: list[RawItem] = []
        rejected = list(broken)
        for node in things(values, wanted):
            item = item_of(node, base=base, zone=self.zone)
            if item.title or item.url:
                items.append(item)
            else:
                rejected.append(Rejected(reason="it has neither a name nor an address", example=shortened(node)))
        if len(items) == 1 and items[0].url is None:
            items = [msgspec.structs.replace(items[0], url=page.url)]
        return Batch(items=tuple(_told_apart(items)), rejected=tuple(rejected))


def _told_apart(items: list[RawItem]) -> Iterable[RawItem]:
    """Take the ids from things that share one and are not the same: some pages give the employer's to every job."""
    titles: dict[object, set[str | None]] = {}
    for item in items:
        titles.setdefault(item.key, set()).add(item.title)
    return (msgspec.structs.replace(item, key=None) if len(titles[item.key]) > 1 else item for item in items)
