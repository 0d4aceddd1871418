"""Jobs of one company on Ashby.

    - name: acme
      kind: ashby
      board: acme            # the last part of jobs.ashbyhq.com/acme, as it is written there (case counts)
      organization: Acme     # Ashby never sends the company's name

One answer lists the whole board. Jobs that the company doesn't list are left out. Attributes: `department`, `team`,
`employment_type`, `workplace` (remote, hybrid, onsite), `remote`, and where published `salary_min`, `salary_max`,
`currency`, `salary_interval` (year, hour, …).

Source: Ashby's public job posting API, https://developers.ashbyhq.com/docs/public-job-posting-api, and 450 boards
recorded in October 2025 (stapply-ai/ats-scrapers at 43ece6f) and 2026: `isRemote` is null in a sixth of the jobs,
`workplaceType` is newer and often missing, an empty board answers 200 with no jobs.
"""

from typing import Annotated, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import interval, whole, workplace
from scan.sources.rows import Table, present


class Place(msgspec.Struct):
    """One more location of a job."""

    location: str | None = None


class Component(msgspec.Struct, rename="camel"):
    """A part of what is paid: `Salary`, `Bonus`, `Commission`, `EquityPercentage` and others."""

    compensation_type: str | None = None
    interval: str | None = None
    currency_code: str | None = None
    min_value: int | float | None = None
    max_value: int | float | None = None


class Compensation(msgspec.Struct, rename="camel"):
    """What is paid."""

    summary_components: list[Component] | None = None


class Job(msgspec.Struct, rename="camel"):
    """A job as the API sends it; what is not read is left out."""

    id: str
    title: str
    is_listed: bool | None = None
    job_url: str | None = None
    location: str | None = None
    secondary_locations: list[Place] | None = None
    published_at: str | None = None
    description_html: str | None = None
    description_plain: str | None = None
    department: str | None = None
    team: str | None = None
    employment_type: str | None = None
    is_remote: bool | None = None
    workplace_type: str | None = None
    compensation: Compensation | None = None


_JOBS = Table(Job, key="jobs")


class Ashby(Source, kind="ashby", item_kind="job", complete=True):
    """A company's board on Ashby."""

    board: Annotated[str, Doc("the last part of jobs.ashbyhq.com/acme", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs, embeds and the API."""
        places = {"jobs.ashbyhq.com": url.part(0), "api.ashbyhq.com": url.after("posting-api", "job-board")}
        board = places.get(url.host)
        return cls(board=board) if board and board != "api" else None

    def start(self) -> Request:
        """Ask for the whole board."""
        board = quote(self.board, safe="")
        url = self.url or f"https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true"
        return Request(url=url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the board."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(_item(job) for job in rows.good if job.is_listed is not False), rejected=rows.rejected)


def _item(job: Job) -> RawItem:
    places = (job.location, *(place.location for place in job.secondary_locations or ()))
    return RawItem(
        key=job.id,
        title=job.title,
        url=job.job_url,
        location=tuple(place for place in places if place) or None,
        text=job.description_html or job.description_plain,
        markup="html" if job.description_html else "plain",
        published_at=job.published_at,
        attributes=_attributes(job),
    )


def _attributes(job: Job) -> dict[str, object]:
    return present(
        {
            "department": job.department,
            "team": job.team,
            "employment_type": job.employment_type,
            "workplace": workplace(job.workplace_type),
            "remote": job.is_remote,
        }
        | _salary(job.compensation)
    )


def _salary(compensation: Compensation | None) -> dict[str, object]:
    for part in (compensation.summary_components if compensation else None) or ():
        if part.compensation_type == "Salary" and (part.min_value or part.max_value):
            return {
                "salary_min": whole(part.min_value) if part.min_value else None,
                "salary_max": whole(part.max_value) if part.max_value else None,
                "currency": part.currency_code,
                "salary_interval": interval(part.interval),
            }
    return {}
