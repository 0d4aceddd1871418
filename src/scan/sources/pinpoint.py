"""Jobs of one company on Pinpoint.

    - name: acme
      kind: pinpoint
      company: acme          # the first part of acme.pinpointhq.com
      organization: Acme     # Pinpoint never sends the company's name

One answer lists the whole board, with descriptions put together of their headed parts; no date of publication is sent.
A board on a host of the company's own answers too: `url: https://careers.example.org/postings.json`. (Behind such a
board, a company's name that was guessed can answer with an empty list.) Attributes: `department`, `division`,
`employment_type`, `requisition_id`, `deadline`, `workplace` (remote, hybrid, onsite), `remote`, and where the company
shows them `salary_min`, `salary_max`, `currency`, `salary_interval` (year, hour, …).

Source: an answer of `/postings.json` recorded in 2026 (omoji-personal/careerkit at 9f81533), with a `path` for a `url`.
"""

from typing import Annotated, Self

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import headed, interval, place, salary, workplace
from scan.sources.rows import Table, present
from scan.sources.subdomain import label_problem


class Named(msgspec.Struct):
    """A department, a division."""

    name: str | None = None


class Place(msgspec.Struct):
    """Where a job is."""

    name: str | None = None
    city: str | None = None
    province: str | None = None


class Job(msgspec.Struct):
    """The opening behind a posting."""

    requisition_id: str | int | None = None
    department: Named | None = None
    division: Named | None = None


class Posting(msgspec.Struct):
    """A posting as the list has it; what is not read is left out."""

    id: str | int
    title: str
    url: str | None = None
    path: str | None = None
    description: str | None = None
    key_responsibilities_header: str | None = None
    key_responsibilities: str | None = None
    skills_knowledge_expertise_header: str | None = None
    skills_knowledge_expertise: str | None = None
    benefits_header: str | None = None
    benefits: str | None = None
    workplace_type: str | None = None
    employment_type: str | None = None
    compensation_minimum: int | float | None = None
    compensation_maximum: int | float | None = None
    compensation_currency: str | None = None
    compensation_frequency: str | None = None
    compensation_visible: bool | None = None
    deadline_at: str | None = None
    job: Job | None = None
    department: Named | None = None
    location: Place | None = None


_POSTINGS = Table(Posting, key="data")


class Pinpoint(Source, kind="pinpoint", item_kind="job", complete=True):
    """A company's board on Pinpoint."""

    company: Annotated[str, Doc("the first part of acme.pinpointhq.com", example="acme", check=label_problem)]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, postings and their JSON."""
        company = url.tenant("pinpointhq.com")
        return cls(company=company) if company else None

    def start(self) -> Request:
        """Ask for the whole board."""
        url = self.url or f"https://{self.company}.pinpointhq.com/postings.json"
        return Request(url=url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the board."""
        rows = _POSTINGS.read(page)
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected)


def _item(posting: Posting) -> RawItem:
    where = posting.location or Place()
    return RawItem(
        key=posting.id,
        title=posting.title,
        url=posting.url or posting.path,
        location=where.name or place(where.city, where.province),
        text=headed(
            (
                (None, posting.description),
                (posting.key_responsibilities_header, posting.key_responsibilities),
                (posting.skills_knowledge_expertise_header, posting.skills_knowledge_expertise),
                (posting.benefits_header, posting.benefits),
            )
        ),
        attributes=_attributes(posting, posting.job or Job()),
    )


def _attributes(posting: Posting, job: Job) -> dict[str, object]:
    kind = workplace(posting.workplace_type)
    department = job.department or posting.department
    return present(
        {
            "department": department.name if department else None,
            "division": job.division.name if job.division else None,
            "employment_type": posting.employment_type,
            "requisition_id": job.requisition_id,
            "deadline": posting.deadline_at,
            "workplace": kind,
            "remote": kind == "remote" if kind else None,
        }
        | (_salary(posting) if posting.compensation_visible is not False else {})
    )


def _salary(posting: Posting) -> dict[str, object]:
    return salary(
        posting.compensation_minimum,
        posting.compensation_maximum,
        posting.compensation_currency,
        interval(posting.compensation_frequency),
    )
