"""Remote jobs of every company on Jobicy, the newest hundred.

    - name: jobicy
      kind: jobicy
      tag: python              # only jobs with this word in title or description; all if left out
      every: 2h                # Jobicy asks for once an hour at most; its jobs are three hours late anyway

Attributes: `industries`, `employment_types`, `level`, `remote`, and where given `salary_min`, `salary_max`, `currency`,
`salary_interval` (year, hour, …).

Source: https://github.com/Jobicy/remote-jobs-api (README.md at 09c62ab), and answers recorded in 2026, whose texts hold
entities (`Product &amp; Operations`).
"""

from typing import Annotated, Self
from urllib.parse import urlencode

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import interval, salary
from scan.sources.rows import Table, present


class Job(msgspec.Struct, rename="camel"):
    """A job as the API sends it; what is not read is left out."""

    id: int | str
    job_title: str
    url: str | None = None
    company_name: str | None = None
    job_industry: list[str] | None = None
    job_type: list[str] | None = None
    job_geo: str | None = None
    job_level: str | None = None
    job_excerpt: str | None = None
    job_description: str | None = None
    pub_date: str | None = None
    salary_min: int | float | None = None
    salary_max: int | float | None = None
    salary_currency: str | None = None
    salary_period: str | None = None


_JOBS = Table(Job, key="jobs")


class Jobicy(Source, kind="jobicy", item_kind="job", complete=False):
    """Jobicy's newest jobs."""

    tag: Annotated[str | None, Doc("only jobs with this word, of 3 to 50 letters", example="python")] = None
    industry: Annotated[str | None, Doc("only this industry's jobs, by its slug", example="engineering")] = None
    geo: Annotated[str | None, Doc("only this region's jobs, by its slug", example="europe")] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the API with what it is asked for, and the site's pages."""
        if url.host.removeprefix("www.") != "jobicy.com":
            return None
        asked = url.query if url.part(0) == "api" else {}
        return cls(tag=asked.get("tag"), industry=asked.get("industry"), geo=asked.get("geo"))

    def start(self) -> Request:
        """Ask for as many as there may be."""
        asked = {"count": 100, "tag": self.tag, "industry": self.industry, "geo": self.geo}
        query = urlencode({name: value for name, value in asked.items() if value})
        return Request(url=self.url or f"https://jobicy.com/api/v2/remote-jobs?{query}", accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the list."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected)


def _item(job: Job) -> RawItem:
    return RawItem(
        key=job.id,
        title=job.job_title,
        url=job.url,
        organization=job.company_name,
        location=job.job_geo or None,
        text=job.job_description or job.job_excerpt,
        published_at=job.pub_date,
        attributes=present(
            {
                "industries": job.job_industry,
                "employment_types": job.job_type,
                "level": job.job_level,
                "remote": True,
            }
            | salary(job.salary_min, job.salary_max, job.salary_currency, interval(job.salary_period))
        ),
    )
