"""Jobs of one company on Workable.

    - name: acme
      kind: workable
      account: acme          # the last part of apply.workable.com/acme

One answer lists the whole account, with its descriptions. Workable sends a row for each place of a job: they are one
item with all its locations. Dates are days. Attributes: `department`, `employment_type`, `experience`, `education`,
`function`, `industry`, `code`, `remote`.

Workable has been seen to shut a reader out for a day who asked some thousand times in an hour.

Source: recorded answers of 2026 of what Workable's careers widget asks, apply.workable.com/api/v1/widget (`shortcode`
is the only id; requirements and benefits may be left out).
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
from scan.sources.base import Batch, Source
from scan.sources.jobs import headed, place
from scan.sources.marks import Marks
from scan.sources.rows import Table, present


class Place(msgspec.Struct):
    """One place of a job; a hidden one is not shown on its page."""

    city: str | None = None
    region: str | None = None
    country: str | None = None
    hidden: bool | None = None


class Job(msgspec.Struct):
    """A job at one of its places, as the widget sends it; what is not read is left out."""

    shortcode: str
    title: str
    url: str | None = None
    shortlink: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    locations: list[Place] | None = None
    telecommuting: bool | None = None
    published_on: str | None = None
    created_at: str | None = None
    description: str | None = None
    requirements: str | None = None
    benefits: str | None = None
    department: str | None = None
    employment_type: str | None = None
    experience: str | None = None
    education: str | None = None
    function: str | None = None
    industry: str | None = None
    code: str | None = None


_JOBS = Table(Job, key="jobs", beside=("name",))

_NO_ACCOUNTS = frozenset(("assets", "careers", "j", "jobs"))
_WIDGET = re.compile(r"\bwhr_embed\(\s*(?P<account>[0-9]{1,12})\b")


_LIMIT = Limit(requests=1, within=timedelta(seconds=1))
"""Half of what got a reader shut out for 23 hours, after some 3,650 requests."""


class Workable(Source, kind="workable", item_kind="job", complete=True, limit=_LIMIT):
    """A company's account on Workable."""

    account: Annotated[str, Doc("the last part of apply.workable.com/acme", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know accounts, jobs, the API and its older address."""
        if url.host == "apply.workable.com":
            account = url.following("accounts") if url.part(0) == "api" else url.part(0)
        elif url.host == "www.workable.com":
            account = url.after("api", "accounts")
        else:
            account = url.tenant("workable.com") or ""
        return cls(account=account) if account and account not in _NO_ACCOUNTS else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know Workable's widget by the account's number, which its API takes in place of the name."""
        del url
        found = _WIDGET.search(marks.code)
        return cls(account=found["account"]) if found else None

    def start(self) -> Request:
        """Ask for the whole account."""
        account = quote(self.account, safe="")
        url = self.url or f"https://apply.workable.com/api/v1/widget/accounts/{account}?details=true"
        return Request(url=url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the account."""
        rows = _JOBS.read(page)
        name = rows.beside.get("name")
        company = name if isinstance(name, str) else None
        return Batch(items=tuple(_item(job, company) for job in rows.good), rejected=rows.rejected)


def _item(job: Job, company: str | None) -> RawItem:
    return RawItem(
        key=job.shortcode,
        title=job.title,
        url=job.url or job.shortlink,
        organization=company,
        location=_places(job),
        text=headed(((None, job.description), ("Requirements", job.requirements), ("Benefits", job.benefits))),
        published_at=job.published_on or job.created_at,
        attributes=present(
            {
                "department": job.department,
                "employment_type": job.employment_type,
                "experience": job.experience,
                "education": job.education,
                "function": job.function,
                "industry": job.industry,
                "code": job.code,
                "remote": job.telecommuting,
            }
        ),
    )


def _places(job: Job) -> tuple[str, ...] | None:
    shown = [one for one in job.locations or () if not one.hidden]
    places = [place(one.city, one.region, one.country) for one in shown] or [place(job.city, job.state, job.country)]
    return tuple(one for one in places if one) or None
