"""Jobs of one company on Breezy HR.

    - name: acme
      kind: breezy
      company: acme          # the first part of acme.breezy.hr

One answer lists the whole board. A company that is not there leads to Breezy's own site, and the source fails.
Descriptions are on the jobs' own pages; see The pages of single items. Attributes: `department`, `employment_type`,
`salary` (words), `remote`.

Source: an answer of `/json` recorded on Breezy's own trial board (prettyirrelevant/hunt at 8d80282), where a job may
have one `location`, several `locations`, or both; that jobs' pages describe themselves as a JobPosting, or else in a
`div.description`: colophon-group/jobseek (apps/crawler/src/core/monitors/breezy.py at 1b94785).
"""

from typing import Annotated, Self

import msgspec

from scan.declare import Address, Doc
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Detail, Source
from scan.sources.document import absolute, document
from scan.sources.marks import Marks
from scan.sources.posting import posting_on
from scan.sources.rows import Table, present
from scan.sources.subdomain import label_problem


class Named(msgspec.Struct):
    """A company, a type of employment."""

    name: str | None = None


class Place(msgspec.Struct):
    """Where a job is, `Chaos, FL`."""

    name: str | None = None
    is_remote: bool | None = None


class Job(msgspec.Struct):
    """A job as the list has it; what is not read is left out."""

    id: str
    name: str
    url: str | None = None
    published_date: str | None = None
    type: Named | None = None
    location: Place | None = None
    locations: list[Place] | None = None
    department: str | None = None
    salary: str | None = None
    company: Named | None = None


_JOBS = Table(Job)


class Breezy(Source, kind="breezy", item_kind="job", complete=True):
    """A company's board on Breezy HR."""

    company: Annotated[str, Doc("the first part of acme.breezy.hr", example="acme", check=label_problem)]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs and their JSON."""
        company = url.tenant("breezy.hr")
        return cls(company=company) if company else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know a board on the company's own host, where the JSON is too, by its scripts."""
        portal = any(mark.host == "assets-cdn.breezy.hr" and mark.part(0) == "breezy-portal" for mark in marks.loads)
        return cls(company=url.owner, url=Address(f"{url.origin}/json")) if portal and url.owner else None

    def start(self) -> Request:
        """Ask for the whole board."""
        return Request(url=self.url or f"https://{self.company}.breezy.hr/json", accept="application/json")

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for the page of one job."""
        url = absolute(self.start().url, item.url) if item.url else None
        return Detail(request=Request(url=url, accept="text/html, application/xhtml+xml")) if url else None

    def parse_detail(self, page: Page) -> RawItem:
        """Read the description of one job, wherever its page has it."""
        try:
            return RawItem(text=posting_on(page).text)
        except ParseError:
            block = document(page).css_first("div.description")
            if block is None:
                raise
            return RawItem(text=block.inner_html)

    def parse(self, page: Page) -> Batch:
        """Read the board."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected)


def _item(job: Job) -> RawItem:
    places = job.locations or ([job.location] if job.location else [])
    remote = [place.is_remote for place in places if place.is_remote is not None]
    return RawItem(
        key=job.id,
        title=job.name,
        url=job.url,
        organization=job.company.name if job.company else None,
        location=tuple(place.name for place in places if place.name) or None,
        published_at=job.published_date,
        attributes=present(
            {
                "department": job.department,
                "employment_type": job.type.name if job.type else None,
                "salary": job.salary,
                "remote": any(remote) if remote else None,
            }
        ),
    )
