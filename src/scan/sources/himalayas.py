"""Remote jobs of every company on Himalayas, the newest.

    - name: himalayas
      kind: himalayas
      most_pages: 5            # twenty jobs each, the newest first

There are some 100,000 in all and the service gives 20 an answer, whatever it is asked for, so only the newest are read.
Attributes: `employment_type`, `seniority`, `categories`, `expires_at`, `remote`, and where given `salary_min`,
`salary_max`, `currency`.

Source: https://himalayas.app/api and https://himalayas.app/docs/data-dictionary, and an answer recorded in May 2026,
where times are in seconds and places are texts; the dictionary says milliseconds and objects. Both are read.
"""

from typing import Annotated, Any, Self

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import salary
from scan.sources.paging import number_in, raised
from scan.sources.rows import Table, present

PAGE_SIZE = 20


class Job(msgspec.Struct, rename="camel"):
    """A job as the API sends it; what is not read is left out."""

    guid: str
    title: str
    company_name: str | None = None
    employment_type: str | None = None
    min_salary: int | float | None = None
    max_salary: int | float | None = None
    currency: str | None = None
    seniority: list[str] | None = None
    location_restrictions: list[Any] | None = None
    categories: list[str] | None = None
    description: str | None = None
    pub_date: int | float | str | None = None
    expiry_date: int | float | str | None = None
    application_link: str | None = None


_JOBS = Table(Job, key="jobs")


class Himalayas(Source, kind="himalayas", item_kind="job", complete=False):
    """Himalayas' newest jobs."""

    most_pages: Annotated[int, Doc("pages read at most, the newest first", within=("1", "100"))] = 5

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the pages of jobs, and the API."""
        return cls() if url.host.removeprefix("www.") == "himalayas.app" and url.part(0) in {"", "jobs"} else None

    def start(self) -> Request:
        """Ask for the newest."""
        return self._request(self.url or f"https://himalayas.app/jobs/api?limit={PAGE_SIZE}&offset=0")

    def parse(self, page: Page) -> Batch:
        """Read one page; a full one is followed by the next."""
        rows = _JOBS.read(page)
        count = len(rows.good) + len(rows.rejected)
        offset = number_in(page.url, "offset") or 0
        more = count >= PAGE_SIZE and offset + count < self.most_pages * PAGE_SIZE
        following = raised(page.url, "offset", count) if more else None
        follow = (self._request(following),) if following else ()
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected, follow=follow)

    def _request(self, url: str) -> Request:
        return Request(url=url, accept="application/json")


def _item(job: Job) -> RawItem:
    return RawItem(
        key=job.guid,
        title=job.title,
        url=job.application_link,
        organization=job.company_name,
        location=tuple(name for place in job.location_restrictions or () if (name := _name(place))) or None,
        text=job.description,
        published_at=job.pub_date,
        attributes=present(
            {
                "employment_type": job.employment_type,
                "seniority": job.seniority,
                "categories": job.categories,
                "expires_at": job.expiry_date,
                "remote": True,
            }
            | salary(job.min_salary, job.max_salary, job.currency)
        ),
    )


def _name(place: object) -> str | None:
    name = place.get("name") if isinstance(place, dict) else place
    return name if isinstance(name, str) else None
