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
      pages: {next: "a.next"}                        # the link to the next page, where there is one

A field is CSS, `CSS@attribute`, `@attribute` of the item's own element, `.` for its own text, or a mapping of `select`,
`attr`, `date` (as for strptime), `zone`, `pattern` (RE2; its first group, or the whole match), `fixed` (a text that is
the same for every item) and, of an attribute, `number` (1234.5 of "$ 1,234.50") or `currency` (USD of the same).
Without `title`, the element's text is the title; without `url`, there is none. Links, those in attributes as well
(`@href`, `@src`), are relative to the page's `<base>`, else to the page. An item that links to the very page it is on
is rejected; if all do, the source fails.

With `pages:` the list goes on as with kind `json`, its paths being CSS here: `next: a.next` is the link to the next
page, `cursor: "#more@data-after"` what `{cursor}` is there, `total: .count` holds how many items there are (the largest
number in it); or `{page}` in the address or the body counts up. A next page on another site is not asked for: such a
link is one to share the page, and the list is cut short. `method: POST` sends `body:` as it is, or, if it is a mapping,
as a form.

Finding no items is no error: whether it is suspicious depends on how many there were before.

Source: selectors as lexbor reads them, https://lexbor.com/modules/selectors/ (`:has()`, `:is()`, `:not()`,
`:nth-child()`, and `:lexbor-contains("text" i)`).
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from scan.declare import Address, Doc, Problem
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.asking import Ask
from scan.sources.base import Batch
from scan.sources.document import Room, absolute, base_of, document
from scan.sources.fields import item_of, unknown_targets, zone_problem, zoned
from scan.sources.follow import Followed
from scan.sources.following import Pages, place_problem
from scan.sources.picks import Pick, compiles, picked, picked_on, short, text_of
from scan.sources.rows import shortened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class Html(Followed, kind="html", item_kind="item", complete=True):
    """Elements of a web page."""

    url: Annotated[Address, Doc("the page", example="https://example.org/meetings")] = field()
    items: Annotated[str, Doc("CSS of the items' elements", example="tr:has(a)")] = field()
    fields: Annotated[
        Mapping[str, str | Pick], Doc("what to read within an item's element, by field", example="{title: td.title}")
    ] = field()
    pages: Annotated[Pages | None, Doc("how the list goes on")] = None
    method: Annotated[Literal["GET", "POST"], Doc("how to ask")] = "GET"
    body: Annotated[str | Mapping[str, Any] | None, Doc("what to send; a mapping is sent as a form")] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find selectors and patterns that do not compile, and fields that no item has."""
        yield from super().problems()
        yield from unknown_targets(self.fields)
        if not compiles(self.items):
            yield Problem(("items",), f"not a CSS selector: {self.items!r}")
        for target, pick in self.fields.items():
            yield from short(pick).problems(target)
        if self.pages:
            yield from self.pages.problems(self._ask.template, _css_problem)
        yield from place_problem(self._ask.template, self.pages)
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the first page."""
        return self.pages.first(self._ask) if self.pages else self._ask.request({})

    def parse(self, page: Page) -> Batch:
        """Read the items of one page."""
        tree = document(page)
        base, room = base_of(tree, page.url), Room(page)
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for element in tree.css(self.items):
            item = room.take(self._item(element, base, base or page.url))
            if item.url is not None and absolute(base or page.url, item.url) == page.url.partition("#")[0]:
                rejected.append(Rejected(reason="it links to the page itself", example=shortened(element.html or "")))
            else:
                items.append(item)
        batch = Batch(items=tuple(items), rejected=tuple(rejected))
        if self.pages is None or tree.root is None:
            return batch
        look = _Document(tree.root, base or page.url, page.url)
        return _on_site(self.pages.continued(batch, page, look, self._ask), page.url)

    @property
    def _ask(self) -> Ask:
        accept = "text/html, application/xhtml+xml"
        return Ask(url=self.url, accept=accept, method=self.method, body=self.body, form=True)

    def _item(self, element: "LexborNode", base: str, found_at: str) -> RawItem:
        values = {target: self._value(target, short(pick), element, found_at) for target, pick in self.fields.items()}
        if "title" not in self.fields:
            values["title"] = html.escape(text_of(element), quote=False)
        return item_of(values, base=base)

    def _value(self, target: str, pick: Pick, element: "LexborNode", found_at: str) -> object:
        return zoned(picked_on(pick, element, target, found_at), target, self.zone)


@dataclass(frozen=True, slots=True)
class _Document:
    """A web page, asked by CSS."""

    root: "LexborNode"
    base: str
    url: str

    def value(self, expression: str) -> object:
        return picked(short(expression), self.root, "key")

    def link(self, expression: str) -> str | None:
        """Give where a link leads; None for one to the page itself."""
        pick = short(expression)
        link = picked(Pick(select=pick.select, attr=pick.attr or "href"), self.root, "url")
        following = absolute(self.base, link).partition("#")[0] if isinstance(link, str) else None
        return following if following != self.url.partition("#")[0] else None


def _on_site(batch: Batch, url: str) -> Batch:
    """Take out a next page that is on another site: what was picked is no link to it."""
    astray = next((one.url for one in batch.follow if not _same_site(one.url, url)), None)
    if astray is None:
        return batch
    reason = f"the next page would be on another site, {astray}; see that pages.next picks the right link"
    return msgspec.structs.replace(batch, follow=(), truncated=reason)


def _same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of one host, or one's host is within the other's."""
    try:
        hosts = [f".{(urlsplit(url).hostname or '').removeprefix('www.')}" for url in (one, other)]
    except ValueError:  # no address at all
        return False
    return hosts[0].endswith(hosts[1]) or hosts[1].endswith(hosts[0])


def _css_problem(expression: str) -> str | None:
    select = short(expression).select
    return None if not select or compiles(select) else f"not a CSS selector: {select!r}"
