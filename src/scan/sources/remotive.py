"""Remote jobs of every company on Remotive.

    - name: remotive
      kind: remotive
      category: software-dev   # a category's slug; all jobs if left out

The service lists all its active jobs, 24 hours late, and asks that whoever shows them links back and names Remotive;
the items' addresses are its own. Its times have no zone and are read as UTC. Attributes: `category`, `employment_type`,
`salary` (words), `tags`, `remote`.

Source: https://github.com/remotive-com/remote-jobs-api (README.md at 191c504), and answers recorded in 2026.
"""

from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import urlencode

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Limit, Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.rows import Table, count_in, present


class Job(msgspec.Struct):
    """A job as the API sends it; what is not read is left out."""

    id: int | str
    title: str
    url: str | None = None
    company_name: str | None = None
    category: str | None = None
    tags: list[str] | None = None
    job_type: str | None = None
    publication_date: str | None = None
    candidate_required_location: str | None = None
    salary: str | None = None
    description: str | None = None


_LIMIT = Limit(requests=4, within=timedelta(days=1), apart=timedelta(seconds=30))
"""Four fetches a day, and not more than two in a minute, as the README asks."""

_JOBS = Table(Job, key="jobs", beside=("job-count",), total=count_in("job-count"))


class Remotive(Source, kind="remotive", item_kind="job", complete=True, limit=_LIMIT):
    """Remotive's jobs."""

    category: Annotated[str | None, Doc("only this category's jobs, by its slug", example="software-dev")] = None
    search: Annotated[str | None, Doc("only jobs with these words in title or description")] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the API with what it is asked for, and the site's pages."""
        if url.host.removeprefix("www.") not in {"remotive.com", "remotive.io"}:
            return None
        asked = url.query if url.part(0) == "api" else {}
        return cls(category=asked.get("category"), search=asked.get("search"))

    def start(self) -> Request:
        """Ask for them all."""
        asked = {"category": self.category, "search": self.search}
        query = urlencode({name: value for name, value in asked.items() if value})
        url = "https://remotive.com/api/remote-jobs" + (f"?{query}" if query else "")
        return Request(url=self.url or url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the list."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected, total=rows.total)


def _item(job: Job) -> RawItem:
    return RawItem(
        key=job.id,
        title=job.title,
        url=job.url,
        organization=job.company_name,
        location=job.candidate_required_location or None,
        text=job.description,
        published_at=job.publication_date,
        attributes=present(
            {
                "category": job.category,
                "employment_type": job.job_type,
                "salary": job.salary,
                "tags": job.tags,
                "remote": True,
            }
        ),
    )
