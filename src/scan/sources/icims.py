"""Jobs of one company on iCIMS.

    - name: acme
      kind: icims
      site: acme             # what follows careers- in careers-acme.icims.com, or the whole host
      organization: Acme     # the list has no name

The list is a web page, read a page of it at a time; its text is a line or two, and not on every site. Dates and
descriptions are on the jobs' own pages; see The pages of single items. Attributes: `requisition_id`, and what else the
company shows, by its label (`category`, `position_type`, …); of a job's own page `valid_through`, `salary_min`,
`salary_max`, `currency`, `salary_interval`.

Source: recorded pages of 2026 (omoji-personal/careerkit at 9f81533; jobwatch 0.6.0).
"""

import re
from typing import TYPE_CHECKING, Annotated, Self

from scan.declare import Doc
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Detail, Source
from scan.sources.document import Room, absolute, document, host_of
from scan.sources.paging import number_in, raised
from scan.sources.posting import posting_on
from scan.sources.rows import present, shortened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_PLACES = frozenset(("location", "locations", "job_location", "job_locations"))
_IDS = ("id", "job_id", "requisition_id")
_PAGE_OF = re.compile(r"Page\s+(\d{1,6})\s+of\s+(\d{1,6})")
_GIVES = frozenset({"text", "published_at"})
_SAID = frozenset({"valid_through", "salary_min", "salary_max", "currency", "salary_interval"})
_KEY = re.compile(r"/jobs/(\d+)/")


class Icims(Source, kind="icims", item_kind="job", complete=True):
    """A company's board on iCIMS."""

    site: Annotated[str, Doc("what follows careers-, or the whole host", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know lists and jobs; a host that doesn't begin with careers- is the site's name whole."""
        label = url.tenant("icims.com")
        if not label or "-" not in label:
            return None
        return cls(site=label.removeprefix("careers-") if label.startswith("careers-") else url.host)

    def start(self) -> Request:
        """Ask for the first page."""
        return self._request(self.url or f"https://{self._host}/jobs/search?ss=1&pr=0&in_iframe=1")

    def parse(self, page: Page) -> Batch:
        """Read one page; the next follows if the page says that there is one."""
        tree = document(page)
        cards = tree.css("li.iCIMS_JobCardItem")
        if not cards and tree.css_first(".iCIMS_ListingsPage, .iCIMS_SearchResultsHeader") is None:
            raise ParseError(page.url, "a list of jobs as iCIMS makes it", page.body[:400])
        hosts, room = {self._host.lower(), host_of(page.url)}, Room(page)
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for card in cards:
            item = _item(card, page.url)
            if item is not None and host_of(item.url or "") in hosts:
                items.append(room.take(item))
            else:
                reason = "it leads to another site" if item else "it has no title or no address"
                rejected.append(Rejected(reason=reason, example=shortened(card.html or "")))
        more = _goes_on(tree, number_in(page.url, "pr") or 0)
        following = raised(page.url, "pr", 1) if more else None
        return Batch(
            items=tuple(items),
            rejected=tuple(rejected),
            follow=(self._request(following),) if following else (),
            truncated="there are further pages, and no pr=0 in the address to ask for them by"
            if more and not following
            else None,
        )

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for the page of one job."""
        return Detail(request=self._request(f"{item.url}?in_iframe=1"), gives=_GIVES) if item.url else None

    def parse_detail(self, page: Page) -> RawItem:
        """Read what the page of one job says for search engines; its place and its title are better in the list."""
        job = posting_on(page)
        attributes = {name: value for name, value in job.attributes.items() if name in _SAID}
        return RawItem(text=job.text, published_at=job.published_at, attributes=attributes)

    @property
    def _host(self) -> str:
        return self.site if "." in self.site else f"careers-{self.site}.icims.com"

    def _request(self, url: str) -> Request:
        return Request(url=url, accept="text/html, application/xhtml+xml")


def _goes_on(tree: "LexborHTMLParser", number: int) -> bool:
    """Tell whether another page follows: by "Page 1 of 2", else by the links to other pages."""
    heading = tree.css_first(".iCIMS_SubHeader_Jobs")
    if heading is not None and (found := _PAGE_OF.search(heading.text())):
        return int(found[1]) < int(found[2])
    links = (link.attributes.get("href") or "" for link in tree.css(".iCIMS_Paging a[href*='pr=']"))
    return any((number_in(link, "pr") or 0) > number for link in links)


def _item(card: "LexborNode", page_url: str) -> RawItem | None:
    link, heading = card.css_first("a.iCIMS_Anchor"), card.css_first(".title h2, .title h3, .title h4")
    href = link.attributes.get("href") if link else None
    title = _text(heading) if heading else ""
    if not href or not title:
        return None
    url = absolute(page_url, href).partition("?")[0]
    key = _KEY.search(url)
    facts = _facts(card)
    summary = card.css_first(".description")
    places = [place.strip() for name in facts if name in _PLACES for place in facts[name].split("|")]
    ids = [facts[name] for name in _IDS if name in facts]
    others: dict[str, object] = {name: fact for name, fact in facts.items() if name not in _PLACES and name not in _IDS}
    return RawItem(
        key=key[1] if key else None,
        title=title,
        url=url,
        location=tuple(filter(None, places)) or None,
        text=summary.inner_html if summary else None,
        attributes=present(others | {"requisition_id": ids[0] if ids else None}),
    )


def _facts(card: "LexborNode") -> dict[str, str]:
    """Read what is labelled: `<span class="field-label">ID</span><span>2026-1</span>`, and `<dt>`, `<dd>`."""
    labels = [label for label in card.css("span.field-label, dt") if label.parent and label.parent.tag != "a"]
    facts: dict[str, str] = {}
    for label in labels:
        value = label.next
        while value is not None and (value.tag or "-").startswith("-"):
            value = value.next
        name = re.sub(r"\W+", "_", _text(label).lower()).strip("_")
        if name and value is not None and _text(value):
            facts.setdefault(name, _text(value))
    return facts


def _text(node: "LexborNode") -> str:
    return " ".join(node.text(separator=" ").split())
