"""Jobs of one company on Greenhouse.

    - name: acme
      kind: greenhouse
      board: acme            # the last part of boards.greenhouse.io/acme

One answer lists the whole board, with its descriptions; `meta.total` says how many jobs there are, so that a list cut
short is noticed. Large boards are large answers (9 MB has been seen). Attributes: `departments`, `offices` (names),
`requisition_id`, `language`, `education`, `employment`, `application_deadline`, `metadata` (the company's own fields by
name), and where the company publishes them `salary_min`, `salary_max`, `currency`.

Source: Greenhouse's Job Board API, https://developers.greenhouse.io/job-board.html (its text in
grnhse/greenhouse-api-docs, source/includes/job-board/_jobs.md at 0c37c31), and recorded boards of 2025 and 2026.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import units
from scan.sources.rows import Table, present


class Named(msgspec.Struct):
    """A place, a department, an office."""

    name: str | None = None


class Metadatum(msgspec.Struct):
    """One of the company's own fields: a text, a list of texts, a number, yes or no."""

    name: str | None = None
    value: Any = None


class PayRange(msgspec.Struct):
    """What is paid; one of several, by place."""

    min_cents: int | float | None = None
    max_cents: int | float | None = None
    currency_type: str | None = None


class Job(msgspec.Struct):
    """A job as the API sends it; what is not read is left out."""

    id: int | str
    title: str
    absolute_url: str | None = None
    location: Named | None = None
    company_name: str | None = None
    first_published: str | None = None
    updated_at: str | None = None
    content: str | None = None
    departments: list[Named] | None = None
    offices: list[Named] | None = None
    requisition_id: str | int | None = None
    language: str | None = None
    education: str | None = None
    employment: str | None = None
    application_deadline: str | None = None
    metadata: list[Metadatum] | None = None
    pay_input_ranges: list[PayRange] | None = None


def _total(answer: Mapping[str, Any]) -> int | None:
    meta = answer.get("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    return total if isinstance(total, int) else None


_JOBS = Table(Job, key="jobs", total=_total)

_API = frozenset(("boards-api.greenhouse.io", "boards-api.eu.greenhouse.io", "api.greenhouse.io"))
_BOARDS = frozenset(
    ("boards.greenhouse.io", "job-boards.greenhouse.io", "boards.eu.greenhouse.io", "job-boards.eu.greenhouse.io")
)


class Greenhouse(Source, kind="greenhouse", item_kind="job", complete=True):
    """A company's board on Greenhouse."""

    board: Annotated[str, Doc("the last part of boards.greenhouse.io/acme", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs, embeds and the API, also of the EU's hosts: their boards are in the same API."""
        if url.host in _API:
            board = url.after("v1", "boards")
        elif url.host in _BOARDS:
            board = url.query.get("for", "") if url.part(0) in {"", "embed"} else url.part(0)
        else:
            return None
        return cls(board=board) if board else None

    def start(self) -> Request:
        """Ask for the whole board."""
        board = quote(self.board, safe="")
        url = self.url or f"https://boards-api.greenhouse.io/v1/boards/{board}/jobs?content=true"
        return Request(url=url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the board."""
        rows = _JOBS.read(page)
        return Batch(items=tuple(map(_item, rows.good)), rejected=rows.rejected, total=rows.total)


def _item(job: Job) -> RawItem:
    return RawItem(
        key=job.id,
        title=job.title,
        url=job.absolute_url,
        organization=job.company_name,
        location=job.location.name if job.location else None,
        text=job.content,
        markup="escaped",
        published_at=job.first_published,
        updated_at=job.updated_at,
        attributes=_attributes(job),
    )


def _attributes(job: Job) -> dict[str, object]:
    return present(
        {
            "departments": _names(job.departments),
            "offices": _names(job.offices),
            "requisition_id": job.requisition_id,
            "language": job.language,
            "education": job.education,
            "employment": job.employment,
            "application_deadline": job.application_deadline,
            "metadata": {m.name: m.value for m in job.metadata or () if m.name and m.value is not None},
        }
        | (_salary(job.pay_input_ranges) if job.pay_input_ranges else {})
    )


def _names(named: list[Named] | None) -> list[str]:
    return [one.name for one in named or () if one.name]


def _salary(ranges: list[PayRange]) -> dict[str, object]:
    """Span the ranges of the first one's currency: a board sends one by place."""
    currency = ranges[0].currency_type
    same = [pay for pay in ranges if pay.currency_type == currency]
    return {
        "salary_min": units(min((pay.min_cents for pay in same if pay.min_cents), default=None)),
        "salary_max": units(max((pay.max_cents for pay in same if pay.max_cents), default=None)),
        "currency": currency,
    }
