"""Jobs of one company on BambooHR.

    - name: acme
      kind: bamboohr
      tenant: acme           # the first part of acme.bamboohr.com
      organization: Acme     # BambooHR's list has no name

One answer lists the whole board, `meta.totalCount` says how many jobs there are. The list has neither dates nor
descriptions. A board that is not public leads to a login page, and the source fails. Attributes: `department`,
`employment_type`, `workplace` (remote, hybrid, onsite), `remote`.

Source: recorded answers of 2026 of `/careers/list`; what its `locationType` means ("0" onsite, "1" remote, "2" hybrid),
that private boards redirect to /login.php: colophon-group/jobseek.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import place
from scan.sources.rows import Table, count_in, present
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
