r"""Any web page that lists things.

    - name: council
      kind: html
      url: https://example.org/meetings
      items: "table.meetings tr:has(a)"              # CSS: one element an item
      fields:
        title: "td.title"                            # CSS within the element: its text
        url: "a[href$='.pdf']@href"                  # @: an attribute
        published_at: {select: "td.date", date: "%B %d, %Y", zone: America/Chicago}
        attributes.committee: "td.committee"
        attributes.number: {select: "td.title", pattern: "No\\. (\\d+)"}
      next: "a.next@href"                            # the link to the next page, where there is one

A field is CSS, `CSS@attribute`, `@attribute` of the item's own element, `.` for its own text, or a mapping of `select`,
`attr`, `date` (as for strptime), `zone`, `pattern` (RE2; its first group, or the whole match), `fixed` (a text that is
the same for every item). Without `title`, the element's text is the title; without `url`, there is none. Links are
relative to the page's `<base>`, else to the page. An item that links to the very page it is on is rejected.

Finding no items is no error: whether it is suspicious depends on how many there were before.

Source: selectors as lexbor reads them, https://lexbor.com/modules/selectors/ (`:has()`, `:is()`, `:not()`,
`:nth-child()`, and `:lexbor-contains("text" i)`).
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urldefrag, urljoin

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch, Source
from scan.sources.charset import decode
from scan.sources.fields import item_of, unknown_targets
from scan.sources.nesting import MAX_DEPTH, too_deep
from scan.sources.picks import Pick, compiles, picked, short, text_of
from scan.sources.rows import shortened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_OTHER_TYPES = ("application/json", "application/pdf", "application/zip", "image/", "video/", "audio/")


class Html(Source, kind="html", item_kind="item", complete=True):
    """Elements of a web page."""

    url: Annotated[Address, Doc("the page", example="https://example.org/meetings")] = field()
    items: Annotated[str, Doc("CSS of the items' elements", example="tr:has(a)")] = field()
    fields: Annotated[
        Mapping[str, str | Pick], Doc("what to read within an item's element, by field", example="{title: td.title}")
    ] = field()
    next: Annotated[str | None, Doc("CSS of the link to the next page", example="a.next@href")] = None

    def problems(self) -> Iterable[Problem]:
        """Find selectors and patterns that do not compile, and fields that no item has."""
        yield from unknown_targets(self.fields)
        if not compiles(self.items):
            yield Problem(("items",), f"not a CSS selector: {self.items!r}")
        for target, pick in self.fields.items():
            yield from short(pick).problems(target)
        if self.next is not None:
            yield from (Problem(("next",), found.message) for found in short(self.next).problems("next"))

    def start(self) -> Request:
        """Ask for the page."""
        return Request(url=self.url, accept="text/html, application/xhtml+xml")

    def parse(self, page: Page) -> Batch:
        """Read the items of one page."""
        document = _document(page)
        base = _base(document, page.url)
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for element in document.css(self.items):
            item = self._item(element, base)
            if item.url is not None and _absolute(base or page.url, item.url) == urldefrag(page.url).url:
                rejected.append(Rejected(reason="it links to the page itself", example=shortened(element.html or "")))
            else:
                items.append(item)
        return Batch(
            items=tuple(items), rejected=tuple(rejected), follow=tuple(self._next(document, base or page.url, page.url))
        )

    def _item(self, element: "LexborNode", base: str) -> RawItem:
        values = {target: picked(short(pick), element, target) for target, pick in self.fields.items()}
        if "title" not in self.fields:
            values["title"] = html.escape(text_of(element), quote=False)
        return item_of(values, base=base)

    def _next(self, document: "LexborHTMLParser", base: str, url: str) -> Iterable[Request]:
        if self.next is None or document.root is None:
            return
        pick = short(self.next)
        link = picked(Pick(select=pick.select, attr=pick.attr or "href"), document.root, "url")
        following = urldefrag(_absolute(base, link)).url if isinstance(link, str) else None
        if following and following != urldefrag(url).url:
            yield Request(url=following, accept="text/html, application/xhtml+xml")


def _document(page: Page) -> "LexborHTMLParser":
    from selectolax.lexbor import LexborHTMLParser  # 21 ms that only sources of this kind pay

    text = decode(page)
    if "<" not in text or page.content_type.startswith(_OTHER_TYPES):
        raise ParseError(page.url, "HTML", page.body[:400] or "nothing")
    if too_deep(text):
        raise ParseError(page.url, f"HTML nested at most {MAX_DEPTH} deep", page.body[:400])
    return LexborHTMLParser(text.encode("utf-8", "replace"))


def _base(document: "LexborHTMLParser", url: str) -> str:
    element = document.css_first("base[href]")
    href = element.attributes.get("href") if element else None
    return _absolute(url, href.strip()) if href else ""


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link
