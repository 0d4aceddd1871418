"""Jobs of every company on Arbeitnow, mostly in Germany.

    - name: arbeitnow
      kind: arbeitnow
      most_pages: 5            # a hundred jobs each, the newest first

Pages are counted: the links that the service sends may lead elsewhere. Some descriptions are escaped once more than
others; both are read. Attributes: `remote`, `tags`, `employment_types`.

Source: https://www.arbeitnow.com/api/job-board-api, as recorded in 2026.
"""

from typing import Annotated, Self

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.paging import number_in, raised
from scan.sources.rows import Table, present


class Job(msgspec.Struct):
    """A job as the API sends it; what is not read is left out."""

    slug: str
    title: str
    company_name: str | None = None
    description: str | None = None
    remote: bool | None = None
    url: str | None = None
    tags: list[str] | None = None
    job_types: list[str] | None = None
    location: str | None = None
    created_at: int | float | str | None = None


_JOBS = Table(Job, key="data")


class Arbeitnow(Source, kind="arbeitnow", item_kind="job", complete=False):
    """Arbeitnow's newest jobs."""

    most_pages: Annotated[int, Doc("pages read at most, the newest first", within=("1", "100"))] = 5

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the site's pages and the API."""
        return cls() if url.host.removeprefix("www.") == "arbeitnow.com" else None

    def start(self) -> Request:
        """Ask for the newest."""
        return self._request(self.url or "https://www.arbeitnow.com/api/job-board-api?page=1")

    def parse(self, page: Page) -> Batch:
        """Read one page; the next follows until one is empty."""
        rows = _JOBS.read(page)
        more = rows.good and (number_in(page.url, "page") or 1) < self.most_pages
        following = raised(page.url, "page", 1) if more else None
        follow = (self._request(following),) if following else ()
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected, follow=follow)

    def _request(self, url: str) -> Request:
        return Request(url=url, accept="application/json")


def _item(job: Job) -> RawItem:
    text = job.description or ""
    return RawItem(
        key=job.slug,
        title=job.title,
        url=job.url,
        organization=job.company_name,
        location=job.location or None,
        text=text or None,
        markup="escaped" if "&lt;" in text and "<" not in text else "html",
        published_at=job.created_at,
        attributes=present({"remote": job.remote, "tags": job.tags, "employment_types": job.job_types}),
    )
