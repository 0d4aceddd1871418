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
the same for every item), `number` (of an attribute: 1234.5 of "$ 1,234.50"). Without `title`, the element's text is
the title; without `url`, there is none. Links, those in attributes as well (`@href`, `@src`), are relative to the
page's `<base>`, else to the page. An item that links to the very page it is on is rejected.

Finding no items is no error: whether it is suspicious depends on how many there were before.

Source: selectors as lexbor reads them, https://lexbor.com/modules/selectors/ (`:has()`, `:is()`, `:not()`,
`:nth-child()`, and `:lexbor-contains("text" i)`).
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urldefrag

from scan.declare import Address, Doc, Problem
from scan.model import RawItem, RawTime, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch, Source
from scan.sources.document import absolute, base_of, document
from scan.sources.fields import attribute_of, item_of, unknown_targets
from scan.sources.picks import Pick, compiles, picked, short, text_of
from scan.sources.rows import shortened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LINKS = frozenset({"href", "src"})


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
        tree = document(page)
        base = base_of(tree, page.url)
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for element in tree.css(self.items):
            item = self._item(element, base, base or page.url)
            if item.url is not None and absolute(base or page.url, item.url) == urldefrag(page.url).url:
                rejected.append(Rejected(reason="it links to the page itself", example=shortened(element.html or "")))
            else:
                items.append(item)
        return Batch(
            items=tuple(items), rejected=tuple(rejected), follow=tuple(self._next(tree, base or page.url, page.url))
        )

    def _item(self, element: "LexborNode", base: str, found_at: str) -> RawItem:
        values = {target: _value(short(pick), element, target, found_at) for target, pick in self.fields.items()}
        if "title" not in self.fields:
            values["title"] = html.escape(text_of(element), quote=False)
        return item_of(values, base=base)

    def _next(self, tree: "LexborHTMLParser", base: str, url: str) -> Iterable[Request]:
        if self.next is None or tree.root is None:
            return
        pick = short(self.next)
        link = picked(Pick(select=pick.select, attr=pick.attr or "href"), tree.root, "url")
        following = urldefrag(absolute(base, link)).url if isinstance(link, str) else None
        if following and following != urldefrag(url).url:
            yield Request(url=following, accept="text/html, application/xhtml+xml")


def _value(pick: Pick, element: "LexborNode", target: str, found_at: str) -> str | float | RawTime | None:
    """Pick a field's value; a link among the attributes is made absolute, which an item's own address becomes later."""
    value = picked(pick, element, target)
    link = (
        isinstance(value, str) and (pick.attr or "").lower() in _LINKS and pick.pattern is None and pick.fixed is None
    )
    return absolute(found_at, str(value)) if link and attribute_of(target) is not None else value
