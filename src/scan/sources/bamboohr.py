"""Jobs of one company on BambooHR.

    - name: acme
      kind: bamboohr
      tenant: acme           # the first part of acme.bamboohr.com
      organization: Acme     # BambooHR's list has no name

One answer lists the whole board, `meta.totalCount` says how many jobs there are. A board that is not public leads to a
login page, and the source fails. Dates and descriptions are on the jobs' own pages; see The pages of single items.

Attributes: `department`, `employment_type`, `workplace` (remote, hybrid, onsite), `remote`; of a job's own page
`salary` (words), `experience`.

Source: recorded answers of 2026 of `/careers/list`; what its `locationType` means ("0" onsite, "1" remote, "2" hybrid),
that private boards redirect to /login.php: colophon-group/jobseek. What `/careers/{id}/detail` answers
(`result.jobOpening` with `description`, `datePosted`, `compensation`, `minimumExperience`) several projects read alike;
there is no recording of it here.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Detail, Source
from scan.sources.beside import beside
from scan.sources.jobs import place
from scan.sources.rows import One, Table, count_in, present
from scan.sources.subdomain import label_problem

_WORKPLACES = {"0": "onsite", "1": "remote", "2": "hybrid"}


class Place(msgspec.Struct):
    """Where a job is; in either of two places of a row, and any part may be null."""

    city: str | None = None
    state: str | None = None
    province: str | None = None
    country: str | None = None


class Job(msgspec.Struct, rename="camel"):
    """A job as the list has it; what is not read is left out."""

    id: str | int
    job_opening_name: str
    department_label: str | None = None
    employment_status_label: str | None = None
    location: Place | None = None
    ats_location: Place | None = None
    is_remote: bool | None = None
    location_type: str | int | None = None


class WholeJob(msgspec.Struct, rename="camel"):
    """A job as its own page has it, as far as the list lacks it."""

    description: str | None = None
    date_posted: str | None = None
    compensation: str | None = None
    minimum_experience: str | None = None


class Opening(msgspec.Struct, rename="camel"):
    """What is around it."""

    job_opening: WholeJob


class Answer(msgspec.Struct):
    """And around that."""

    result: Opening


_OPENING = One(Answer, "a job of BambooHR")


def _total(beside: Mapping[str, Any]) -> int | None:
    meta = beside.get("meta")
    return count_in("totalCount")(meta) if isinstance(meta, dict) else None


_JOBS = Table(Job, key="result", total=_total)


class BambooHr(Source, kind="bamboohr", item_kind="job", complete=True):
    """A company's board on BambooHR."""

    tenant: Annotated[str, Doc("the first part of acme.bamboohr.com", example="acme", check=label_problem)]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs and what is embedded."""
        tenant = url.tenant("bamboohr.com")
        return cls(tenant=tenant) if tenant and not tenant.startswith("images") else None

    def start(self) -> Request:
        """Ask for the whole board."""
        return Request(url=self.url or f"{self._site()}/list", accept="application/json")

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for one job."""
        url = beside(self.start().url, f"{quote(str(item.key), safe='')}/detail")
        return Detail(request=Request(url=url, accept="application/json"), gives=frozenset({"text", "published_at"}))

    def parse_detail(self, page: Page) -> RawItem:
        """Read one job."""
        job = _OPENING.read(page).result.job_opening
        return RawItem(
            text=job.description,
            published_at=job.date_posted,
            attributes=present({"salary": job.compensation, "experience": job.minimum_experience}),
        )

    def parse(self, page: Page) -> Batch:
        """Read the board."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(map(self._item, rows.good)), rejected=rows.rejected, total=rows.total)

    def _site(self) -> str:
        return f"https://{self.tenant}.bamboohr.com/careers"

    def _item(self, job: Job) -> RawItem:
        kind = _WORKPLACES.get(str(job.location_type))
        return RawItem(
            key=job.id,
            title=job.job_opening_name,
            url=f"{self._site()}/{job.id}",
            location=_location(job.ats_location) or _location(job.location),
            attributes=present(
                {
                    "department": job.department_label,
                    "employment_type": job.employment_status_label,
                    "workplace": kind,
                    "remote": job.is_remote if job.is_remote is not None else kind == "remote" if kind else None,
                }
            ),
        )


def _location(where: Place | None) -> str | None:
    return place(where.city, where.state, where.province, where.country) if where else None
