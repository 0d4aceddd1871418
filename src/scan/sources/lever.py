"""Jobs of one company on Lever.

    - name: acme
      kind: lever
      site: acme             # the last part of jobs.lever.co/acme
      eu: false              # true for jobs.eu.lever.co
      organization: Acme     # Lever never sends the company's name

Read a hundred at a time. The description is put together of all its parts: the opening, the lists (where the
requirements live), the salary's words, the closing. Attributes: `department`, `team`, `employment_type`, `country`,
`workplace` (remote, hybrid, onsite), `remote`, and where published `salary_min`, `salary_max`, `currency`,
`salary_interval` (year, hour, …).

Source: Lever's Postings API, https://github.com/lever/postings-api (README.md at f61aac5); `createdAt` (milliseconds),
`country` and `workplaceType` are sent but not documented, seen in recorded answers of 2025 and 2026.
"""

import html
import re
from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Limit, Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import interval, whole, workplace
from scan.sources.marks import Marks
from scan.sources.paging import raised
from scan.sources.rows import Table, present

PAGE_SIZE = 100


class Categories(msgspec.Struct):
    """Where a posting belongs; any may be missing."""

    location: str | None = None
    all_locations: list[str] | None = msgspec.field(default=None, name="allLocations")
    department: str | None = None
    team: str | None = None
    commitment: str | None = None


class List(msgspec.Struct):
    """A headed list of the description; `content` is `<li>` elements."""

    text: str | None = None
    content: str | None = None


class SalaryRange(msgspec.Struct):
    """What is paid; zeros for nothing said."""

    min: int | float | None = None
    max: int | float | None = None
    currency: str | None = None
    interval: str | None = None


class Posting(msgspec.Struct, rename="camel"):
    """A posting as the API sends it; what is not read is left out."""

    id: str
    text: str
    hosted_url: str | None = None
    categories: Categories | None = None
    country: str | None = None
    workplace_type: str | None = None
    created_at: int | float | str | None = None
    description: str | None = None
    description_plain: str | None = None
    lists: list[List] | None = None
    additional: str | None = None
    additional_plain: str | None = None
    salary_range: SalaryRange | None = None
    salary_description: str | None = None


_POSTINGS = Table(Posting)

_HOSTS = frozenset(("jobs.lever.co", "api.lever.co", "jobs.eu.lever.co", "api.eu.lever.co"))
_WIDGET = re.compile(r"leverJobsOptions\s*=\s*\{[^{}]*?accountName[\"']?\s*:\s*[\"'](?P<site>[\w.-]+)[\"']")


_LIMIT = Limit(requests=2, within=timedelta(seconds=1))
"""What readers of many boards keep to (jobseek); nothing is documented."""


class Lever(Source, kind="lever", item_kind="job", complete=True, limit=_LIMIT):
    """A company's site on Lever."""

    site: Annotated[str, Doc("the last part of jobs.lever.co/acme", example="acme")]
    eu: Annotated[bool, Doc("the site is on jobs.eu.lever.co")] = False

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know sites, postings and the API, also the EU's."""
        site = {"jobs": url.part(0), "api": url.after("v0", "postings")}.get(url.host.partition(".")[0], "")
        return cls(site=site, eu=".eu." in url.host) if site and url.host in _HOSTS else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know Lever's widget by its settings."""
        del url
        found = _WIDGET.search(marks.code)
        return cls(site=found["site"]) if found else None

    def start(self) -> Request:
        """Ask for the first hundred postings."""
        host = "api.eu.lever.co" if self.eu else "api.lever.co"
        url = f"https://{host}/v0/postings/{quote(self.site, safe='')}?mode=json&skip=0&limit={PAGE_SIZE}"
        return Request(url=self.url or url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read one page; a full one is followed by the next."""
        rows = _POSTINGS.read(page)
        full = len(rows.good) + len(rows.rejected) >= PAGE_SIZE
        return Batch(
            items=tuple(map(_item, rows.good)), rejected=rows.rejected, follow=tuple(_next(page.url)) if full else ()
        )


def _next(url: str) -> list[Request]:
    """Give the page after the one at `url`; none where it isn't asked for in pages."""
    following = raised(url, "skip", PAGE_SIZE)
    return [Request(url=following, accept="application/json")] if following else []


def _item(posting: Posting) -> RawItem:
    categories = posting.categories or Categories()
    return RawItem(
        key=posting.id,
        title=posting.text,
        url=posting.hosted_url,
        location=tuple(categories.all_locations or ()) or categories.location,
        text=_text(posting) or None,
        published_at=posting.created_at,
        attributes=_attributes(posting, categories),
    )


def _text(posting: Posting) -> str:
    parts = [posting.description or html.escape(posting.description_plain or "", quote=False)]
    for one in posting.lists or ():
        parts += [f"<h3>{html.escape(one.text, quote=False)}</h3>" if one.text else "", f"<ul>{one.content or ''}</ul>"]
    parts.append(posting.salary_description or "")
    parts.append(posting.additional or html.escape(posting.additional_plain or "", quote=False))
    return "\n".join(part for part in parts if part)


def _attributes(posting: Posting, categories: Categories) -> dict[str, object]:
    place = workplace(posting.workplace_type)
    return present(
        {
            "department": categories.department,
            "team": categories.team,
            "employment_type": categories.commitment,
            "country": posting.country,
            "workplace": place,
            "remote": place == "remote" if place else None,
        }
        | _salary(posting.salary_range)
    )


def _salary(pay: SalaryRange | None) -> dict[str, object]:
    if pay is None or not (pay.min or pay.max):
        return {}
    return {
        "salary_min": whole(pay.min) if pay.min else None,
        "salary_max": whole(pay.max) if pay.max else None,
        "currency": pay.currency,
        "salary_interval": interval(pay.interval),
    }
