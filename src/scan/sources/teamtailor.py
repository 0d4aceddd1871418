"""Jobs of one company on Teamtailor.

    - name: acme
      kind: teamtailor
      company: acme          # the first part of acme.teamtailor.com
      na: false              # true for acme.na.teamtailor.com
      organization: Acme     # Teamtailor sends the site's title only

A careers site on a host of the company's own answers too: `url: https://jobs.example.org/jobs.rss?per_page=100&offset=0`.
Read a hundred at a time, with descriptions. Attributes: `department`, `role`, `division`, `offices` (the names of the
locations), `workplace` (remote, hybrid, onsite), `remote`.

Source: recorded feeds of 2026 of Teamtailor's careers sites, `/jobs.rss`: RSS 2.0 and elements of its own (`tt:`).
"""

from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import quote

from scan.declare import Address, Doc
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import place
from scan.sources.marks import Marks
from scan.sources.paging import raised
from scan.sources.rows import present, shortened
from scan.sources.subdomain import label_problem
from scan.sources.xml import text_at, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PAGE_SIZE = 100

_ACCEPT = "application/rss+xml, application/xml, text/xml"
_TT = "{https://teamtailor.com/locations}"
_WORKPLACES = {"fully": "remote", "hybrid": "hybrid", "none": "onsite"}


class Teamtailor(Source, kind="teamtailor", item_kind="job", complete=True):
    """A company's careers site on Teamtailor."""

    company: Annotated[str, Doc("the first part of acme.teamtailor.com", example="acme", check=label_problem)]
    na: Annotated[bool, Doc("the site is on acme.na.teamtailor.com")] = False

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the pages of a company's site, and its feed."""
        company = url.tenant("teamtailor.com")
        american = url.tenant("na.teamtailor.com")
        return cls(company=company or american or "", na=company is None) if company or american else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know a site on the company's own host, where the feed is too, by its scripts."""
        if not url.owner or not marks.loads_from("teamtailor-cdn.com", "careersite"):
            return None
        return cls(company=url.owner, url=Address(f"{url.origin}/jobs.rss?per_page={PAGE_SIZE}&offset=0"))

    def start(self) -> Request:
        """Ask for the first hundred jobs."""
        host = f"{quote(self.company, safe='')}{'.na' if self.na else ''}.teamtailor.com"
        return Request(url=self.url or f"https://{host}/jobs.rss?per_page={PAGE_SIZE}&offset=0", accept=_ACCEPT)

    def parse(self, page: Page) -> Batch:
        """Read one page; a full one is followed by the next."""
        channel = tree(page, "rss").find("channel")
        if channel is None:
            raise ParseError(page.url, "<rss> with a <channel>", page.body[:400])
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for element in channel.iterfind("item"):
            title = text_at(element, "title")
            if title:
                items.append(_item(element, title))
            else:
                rejected.append(Rejected(reason="it has no title", example=shortened(" ".join(element.itertext()))))
        full = len(items) + len(rejected) >= PAGE_SIZE
        following = raised(page.url, "offset", PAGE_SIZE) if full else None
        return Batch(
            items=tuple(items),
            rejected=tuple(rejected),
            follow=(Request(url=following, accept=_ACCEPT),) if following else (),
            truncated=f"{PAGE_SIZE} jobs or more, and no offset=0 in the address to ask for the others by"
            if full and not following
            else None,
        )


def _item(element: "Element", title: str) -> RawItem:
    remote = text_at(element, "remoteStatus")
    places = list(element.iterfind(f"{_TT}locations/{_TT}location"))
    return RawItem(
        key=text_at(element, "guid"),
        title=title,
        url=text_at(element, "link"),
        location=tuple(one for one in map(_place, places) if one) or None,
        text=text_at(element, "description"),
        published_at=text_at(element, "pubDate"),
        attributes=present(
            {
                "department": text_at(element, f"{_TT}department"),
                "role": text_at(element, f"{_TT}role"),
                "division": text_at(element, f"{_TT}division"),
                "offices": [name for one in places if (name := text_at(one, f"{_TT}name"))],
                "workplace": _WORKPLACES.get(remote or ""),
                "remote": remote == "fully" if remote else None,
            }
        ),
    )


def _place(location: "Element") -> str | None:
    """Say where it is; what the company calls it ("North office") only if that is all there is."""
    city, country = text_at(location, f"{_TT}city"), text_at(location, f"{_TT}country")
    return place(city, country) or text_at(location, f"{_TT}name")
