"""Jobs of one company on Rippling.

    - name: acme
      kind: rippling
      board: acme            # the first part after ats.rippling.com/
      organization: Acme     # Rippling never sends the company's name

One answer lists the whole board. Rippling sends a row for each place of a job: they are one item with all its
locations. Dates and descriptions are on the jobs' own pages; see The pages of single items. The newer list
(`url: https://api.rippling.com/platform/api/ats/v2/board/acme/jobs?page=0`) comes in pages, and is read too.

Attributes: `department`, `workplace` (remote, hybrid, onsite; the newer list only); of a job's own page
`employment_type`, `salary_min`, `salary_max`, `currency`, `salary_interval`.

Source: recorded answers of 2026 of `platform/api/ats/v1/board/…/jobs` (omoji-personal/careerkit at 9f81533) and of v2
(prettyirrelevant/hunt at 8d80282); what `…/jobs/{uuid}` answers: colophon-group/jobseek
(apps/crawler/src/core/scrapers/rippling.py at 176902b), as there is no recording of it here; the limit: Rippling's own
documents, as openroles cites them.
"""

import re
from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Limit, Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Detail, Source
from scan.sources.beside import beneath
from scan.sources.jobs import headed, interval, salary, workplace
from scan.sources.paging import number_in, raised
from scan.sources.rows import One, Table, count_in, present


class Labelled(msgspec.Struct):
    """A department, a place: labelled in the older list, named in the newer."""

    label: str | None = None
    name: str | None = None


class Place(msgspec.Struct, rename="camel"):
    """A place in the newer list."""

    name: str | None = None
    workplace_type: str | None = None


class Job(msgspec.Struct, rename="camel"):
    """A job at one of its places, known as `uuid` in the older list, as `id` in the newer."""

    name: str
    uuid: str | None = None
    id: str | None = None
    url: str | None = None
    department: Labelled | None = None
    work_location: Labelled | None = None
    locations: list[Place] | None = None


class Description(msgspec.Struct):
    """A description in two parts, HTML."""

    company: str | None = None
    role: str | None = None


class Pay(msgspec.Struct, rename="camel"):
    """What is paid."""

    range_start: float | None = None
    range_end: float | None = None
    currency: str | None = None
    frequency: str | None = None


class WholeJob(msgspec.Struct, rename="camel"):
    """A job as its own page has it, as far as the list lacks it."""

    uuid: str
    description: Description | None = None
    employment_type: Labelled | None = None
    created_on: str | None = None
    pay_range_details: list[Pay | None] | None = None


_JOB = One(WholeJob, "a job of Rippling")
_LIMIT = Limit(requests=100, within=timedelta(minutes=10))
"""As Rippling's documents have it."""

_JOBS = Table(Job)
_NEWER_JOBS = Table(Job, key="items", beside=("totalItems", "totalPages"), total=count_in("totalItems"))

_LANGUAGE = re.compile(r"[a-z]{2}-[A-Z]{2}")


class Rippling(Source, kind="rippling", item_kind="job", complete=True, limit=_LIMIT):
    """A company's board on Rippling."""

    board: Annotated[str, Doc("the first part after ats.rippling.com/", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs, embeds and both versions of the API."""
        if url.host not in {"ats.rippling.com", "api.rippling.com"}:
            return None
        before = 1 if url.part(0) == "embed" or _LANGUAGE.fullmatch(url.part(0)) else 0
        board = url.following("board") if "board" in url.path else url.part(before)
        return cls(board=board) if board else None

    def start(self) -> Request:
        """Ask for the whole board."""
        url = f"https://api.rippling.com/platform/api/ats/v1/board/{quote(self.board, safe='')}/jobs"
        return Request(url=self.url or url, accept="application/json")

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for one job."""
        url = beneath(self.start().url.replace("/ats/v2/", "/ats/v1/"), item.key)  # known of the older API only
        return Detail(request=Request(url=url, accept="application/json"), gives=frozenset({"text", "published_at"}))

    def parse_detail(self, page: Page) -> RawItem:
        """Read one job."""
        job = _JOB.read(page)
        words, kind = job.description or Description(), job.employment_type or Labelled()
        pay = next((one for one in job.pay_range_details or () if one), Pay())
        return RawItem(
            text=headed(((None, words.company), (None, words.role))),
            published_at=job.created_on,
            attributes=present(
                {"employment_type": kind.label}
                | salary(pay.range_start, pay.range_end, pay.currency, interval(pay.frequency))
            ),
        )

    def parse(self, page: Page) -> Batch:
        """Read the board, or one page of it."""
        newer = page.body.lstrip().startswith(b"{")
        rows = (_NEWER_JOBS if newer else _JOBS).read(page)
        number, last = number_in(page.url, "page"), count_in("totalPages")(rows.beside)
        more = number is not None and last is not None and number + 1 < last
        following = raised(page.url, "page", 1) if more else None
        return Batch(
            items=tuple(map(_item, rows.good)),
            rejected=rows.rejected,
            follow=(Request(url=following, accept="application/json"),) if following else (),
            total=rows.total,
        )


def _item(job: Job) -> RawItem:
    places = job.locations or ()
    names = (_name(job.work_location), *(place.name for place in places))
    kinds = {kind for place in places if (kind := workplace((place.workplace_type or "").replace("-", "_")))}
    return RawItem(
        key=job.uuid or job.id,
        title=job.name,
        url=job.url,
        location=tuple(name for name in names if name) or None,
        attributes=present(
            {"department": _name(job.department), "workplace": kinds.pop() if len(kinds) == 1 else None}
        ),
    )


def _name(labelled: Labelled | None) -> str | None:
    return (labelled.label or labelled.name) if labelled else None
