r"""The pages that a site's sitemap lists, and the sitemaps that an index lists.

    - name: acme-pages
      kind: sitemap
      url: https://example.org/sitemap.xml
      include: ['/jobs/\d+']             # RE2: only addresses in which one of these is found
      exclude: ["/login$"]               # and none of these
      maps: ["jobs"]                     # of an index, only sitemaps in whose address one of these is found

An item is an address; its title is made of the address (`/jobs/Senior-Engineer/27` is "Senior Engineer"). Sitemaps
list much that is no item: `include` says what is. Where the site says when a page was last changed, another date makes
the item a changed one (attribute `lastmod`); `lastmod: false` for sites that write today's date on every page. Packed
sitemaps (.gz) are unpacked, up to 50 MB each.

Source: https://www.sitemaps.org/protocol.html, and sitemaps recorded in 2026.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Annotated

import msgspec

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.document import path_of
from scan.sources.follow import Followed
from scan.sources.patterns import compiled, pattern_problem
from scan.sources.rows import present, shortened
from scan.sources.xml import tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_BYTES = 50 * 1024 * 1024
_GZIP_WINDOW = 31
_ACCEPT = "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.5"


class Sitemap(Followed, kind="sitemap", item_kind="item", complete=True):
    """A site's pages."""

    url: Annotated[Address, Doc("the sitemap, or the index", example="https://example.org/sitemap.xml")] = field()
    include: Annotated[tuple[str, ...], Doc("RE2: only addresses in which one is found", example='["/jobs/"]')] = ()
    exclude: Annotated[tuple[str, ...], Doc("RE2: no addresses in which one is found", example='["/login$"]')] = ()
    maps: Annotated[tuple[str, ...], Doc("RE2: of an index, only these sitemaps", example='["jobs"]')] = ()
    lastmod: Annotated[bool, Doc("another date of change makes an item a changed one")] = True

    def problems(self) -> Iterable[Problem]:
        """Find patterns that do not compile."""
        yield from super().problems()
        for name in ("include", "exclude", "maps"):
            for number, pattern in enumerate(getattr(self, name)):
                if message := pattern_problem(pattern):
                    yield Problem((name, number), message)

    def start(self) -> Request:
        """Ask for the sitemap."""
        return Request(url=self.url, accept=_ACCEPT)

    def parse(self, page: Page) -> Batch:
        """Read the addresses of pages, or those of further sitemaps."""
        root = tree(_unpacked(page), "urlset", "sitemapindex")
        items: list[RawItem] = []
        follow: list[Request] = []
        rejected: list[Rejected] = []
        for entry in root:
            parts = {_name(child): (child.text or "").strip() for child in entry}
            address = parts.get("loc", "")
            if _name(entry) not in {"url", "sitemap"}:
                continue
            if not address:
                rejected.append(Rejected(reason="it has no address", example=shortened(parts)))
            elif _name(entry) == "url" and self._wants(address):
                items.append(self._item(address, parts.get("lastmod", "")))
            elif _name(entry) == "sitemap" and (not self.maps or _any(self.maps, address)):
                follow.append(Request(url=address, accept=_ACCEPT))
        skipped = len(root) - len(items) - len(rejected)
        return Batch(items=tuple(items), rejected=tuple(rejected), follow=tuple(follow), skipped=skipped)

    def _wants(self, address: str) -> bool:
        return (not self.include or _any(self.include, address)) and not _any(self.exclude, address)

    def _item(self, address: str, changed: str) -> RawItem:
        return RawItem(
            title=_title(address),
            url=address,
            updated_at=changed or None,
            attributes=present({"lastmod": changed if self.lastmod else None}),
        )


def _unpacked(page: Page) -> Page:
    """Unpack a sitemap that is packed.

    Raises:
        ParseError: it is broken, ends early, or grows too large.

    """
    if not page.body.startswith(b"\x1f\x8b"):
        return page
    unpacking = zlib.decompressobj(_GZIP_WINDOW)
    try:
        body = unpacking.decompress(page.body, _MOST_BYTES)
    except zlib.error as error:
        raise ParseError(page.url, "gzip", page.body[:400]) from error
    if not unpacking.eof:
        raise ParseError(page.url, f"a whole gzip of at most {_MOST_BYTES} bytes", page.body[:400])
    return msgspec.structs.replace(page, body=body)


def _name(element: "Element") -> str:
    """Name an element without its namespace: both http: and https: are written, or none."""
    return str(element.tag).rpartition("}")[2]


def _title(address: str) -> str | None:
    """Take the last part of the path that has words, its hyphens made spaces; None where there is none.

    A single word says little ("jobs"): what follows it is added ("jobs 31415").
    """
    parts = path_of(address).split("/")
    words = [" ".join(re.split(r"[-_+\s]+", re.sub(r"\.[a-z]{3,5}$", "", part))).strip() for part in parts]
    last = next((at for at in reversed(range(len(words))) if re.search(r"[^\W\d]{2}", words[at])), None)
    if last is None:
        return None
    return words[last] if " " in words[last] else " ".join(filter(None, words[last:]))


def _any(patterns: tuple[str, ...], address: str) -> bool:
    return any(compiled(pattern).search(address) for pattern in patterns)
