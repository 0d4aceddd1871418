"""An awesome list: the links in the bullets of a Markdown page.

    - name: selfhosted
      kind: awesome
      url: https://raw.githubusercontent.com/awesome-selfhosted/awesome-selfhosted/master/README.md
      section: Analytics           # optional: only what stands under this heading

Each `- [Title](address) - text` is an item; one under two headings is one item. The heading is its attribute `section`.
"""

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Annotated, Self

from scan.declare import Address, Doc
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources import Batch, Source
from scan.sources.addresses import URL

_HEADING = re.compile(r"#+\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"\s*[-*+]\s+\[([^\]]+)\]\(([^)\s]+)\)\s*[-–—:]?\s*(.*)")  # noqa: RUF001 - dashes of all kinds


class Awesome(Source, kind="awesome", item_kind="item", complete=True):
    """Links of an awesome list."""

    url: Annotated[Address, Doc("the Markdown page", example="https://example.org/README.md")] = field()
    section: Annotated[str | None, Doc("only what stands under this heading", example="Analytics")] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the Markdown page of a list whose repository is called so; for `scan probe`."""
        named = url.host == "raw.githubusercontent.com" and url.part(1).startswith("awesome-")
        page = Address("/".join((url.origin, *url.path)))
        return cls(url=page) if named and page.endswith(".md") else None

    def start(self) -> Request:
        """Ask for the page."""
        return Request(url=self.url, accept="text/markdown, text/plain;q=0.9, */*;q=0.5")

    def parse(self, page: Page) -> Batch:
        """Read every bullet that begins with a link."""
        items = {item.url: item for item in self._items(page.body.decode("utf-8", "replace"))}
        if not items:
            raise ParseError(page.url, "bullets such as - [Title](address)", page.body)
        return Batch(items=tuple(items.values()))

    def _items(self, text: str) -> Iterator[RawItem]:
        heading = ""
        for line in text.splitlines():
            if found := _HEADING.match(line):
                heading = found[1]
            elif (found := _BULLET.match(line)) and self.section in {None, heading}:
                title, url, about = found.groups()
                yield RawItem(title=title, url=url, text=about, markup="plain", attributes={"section": heading})
