"""Jobs of one company on SmartRecruiters.

    - name: acme
      kind: smartrecruiters
      company: Acme1         # the last part of jobs.smartrecruiters.com/Acme1

Read a hundred at a time; every page says how many postings there are, so that a list cut short is noticed.
SmartRecruiters answers for a company it has never heard of as for one without postings, so an empty list is reported as
cut short, and closes nothing. Descriptions are on the postings' own pages; see The pages of single items.

Attributes: `department`, `function`, `employment_type`, `experience`, `ref_number`, `language`, `country`, `workplace`
(remote, hybrid), `remote`; of a posting's own page `salary_min`, `salary_max`, `currency`, `salary_interval`.

The robots.txt of this API asks robots to stay away: whether watching one company's jobs makes one is yours to decide.

Source: SmartRecruiters' Posting API (its definition in api-evangelist/smartrecruiters at 754611a), and pages recorded
and postings recorded in 2020 and 2026 (`department` may be an empty object; `fullLocation` has gaps such as "Remote, ,
United States").
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
from scan.sources.jobs import headed, interval, place, salary
from scan.sources.marks import Marks
from scan.sources.paging import raised
from scan.sources.rows import One, Table, count_in, present

PAGE_SIZE = 100


class Labelled(msgspec.Struct):
    """A department, a function, a language: what people call it, if there is one."""

    label: str | None = None


class Company(msgspec.Struct):
    """Whose posting it is."""

    identifier: str | None = None
    name: str | None = None


class Place(msgspec.Struct, rename="camel"):
    """Where the job is."""

    city: str | None = None
    region: str | None = None
    country: str | None = None
    full_location: str | None = None
    remote: bool | None = None
    hybrid: bool | None = None


class Posting(msgspec.Struct, rename="camel"):
    """A posting as the list has it; what is not read is left out."""

    id: str
    name: str
    ref_number: str | None = None
    company: Company | None = None
    released_date: str | None = None
    location: Place | None = None
    department: Labelled | None = None
    function: Labelled | None = None
    type_of_employment: Labelled | None = None
    experience_level: Labelled | None = None
    language: Labelled | None = None


class Section(msgspec.Struct):
    """A part of a description."""

    title: str | None = None
    text: str | None = None


class JobAd(msgspec.Struct):
    """A description, its parts by name."""

    sections: dict[str, Section | None] = {}


class Compensation(msgspec.Struct):
    """What is paid."""

    min: float | None = None
    max: float | None = None
    currency: str | None = None
    period: str | None = None


class WholePosting(msgspec.Struct, rename="camel"):
    """A posting as its own page has it, as far as the list lacks it."""

    id: str
    job_ad: JobAd | None = None
    compensation: Compensation | None = None


_SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")
_POSTING = One(WholePosting, "a posting of SmartRecruiters")
_POSTINGS = Table(Posting, key="content", beside=("totalFound",), total=count_in("totalFound"))

_NO_PROOF = "no postings; an unknown company answers the same, so that this proves nothing: see that company: is right"

_APPLYING = ("oneclick-ui", "company")
_WIDGET = re.compile(r"[\"']company_code[\"']\s*:\s*[\"'](?P<company>[\w.-]+)[\"']")


_LIMIT = Limit(requests=10, within=timedelta(seconds=1))
"""As the API's definition has it."""


class SmartRecruiters(
    Source,
    kind="smartrecruiters",
    item_kind="job",
    complete=True,
    limit=_LIMIT,
):
    """A company's postings on SmartRecruiters."""

    company: Annotated[str, Doc("the last part of jobs.smartrecruiters.com/Acme1", example="Acme1")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know companies, postings and the API."""
        if url.host == "api.smartrecruiters.com":
            company = url.after("v1", "companies")
        elif url.host in {"jobs.smartrecruiters.com", "careers.smartrecruiters.com"}:
            company = url.part(0) if url.part(0) not in {"oneclick-ui", "ni", "sr-jobs"} else url.after(*_APPLYING)
        else:
            return None
        return cls(company=company) if company else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know SmartRecruiters' widget by its settings."""
        del url
        found = _WIDGET.search(marks.code) if marks.loads_from("smartrecruiters.com") else None
        return cls(company=found["company"]) if found else None

    def start(self) -> Request:
        """Ask for the first hundred postings."""
        company = quote(self.company, safe="")
        url = f"https://api.smartrecruiters.com/v1/companies/{company}/postings?limit={PAGE_SIZE}&offset=0"
        return Request(url=self.url or url, accept="application/json")

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for one posting."""
        url = beneath(self.start().url, item.key)
        return Detail(request=Request(url=url, accept="application/json"))

    def parse_detail(self, page: Page) -> RawItem:
        """Read one posting."""
        posting = _POSTING.read(page)
        sections = [posting.job_ad.sections.get(name) for name in _SECTIONS] if posting.job_ad else []
        pay = posting.compensation or Compensation()
        return RawItem(
            text=headed((section.title, section.text) for section in sections if section is not None),
            attributes=present(salary(pay.min, pay.max, pay.currency, interval(pay.period))),
        )

    def parse(self, page: Page) -> Batch:
        """Read one page, and ask for what follows it, if anything does."""
        rows = _POSTINGS.read(page)
        count = len(rows.good) + len(rows.rejected)
        following = raised(page.url, "offset", count) if count and count < (rows.total or 0) else None
        return Batch(
            items=tuple(map(self._item, rows.good)),
            rejected=rows.rejected,
            follow=(Request(url=following, accept="application/json"),) if following else (),
            total=rows.total,
            truncated=_NO_PROOF if not count and not rows.total else None,
        )

    def _item(self, posting: Posting) -> RawItem:
        company = posting.company or Company()
        where = posting.location or Place()
        board = quote(company.identifier or self.company, safe="")
        return RawItem(
            key=posting.id,
            title=posting.name,
            url=f"https://jobs.smartrecruiters.com/{board}/{quote(posting.id, safe='')}",
            organization=company.name,
            location=_location(where),
            published_at=posting.released_date,
            attributes=_attributes(posting, where),
        )


def _location(where: Place) -> str | None:
    if where.full_location:
        return place(*where.full_location.split(","))
    return place(where.city, where.region, where.country and where.country.upper())


def _attributes(posting: Posting, where: Place) -> dict[str, object]:
    return present(
        {
            "department": _label(posting.department),
            "function": _label(posting.function),
            "employment_type": _label(posting.type_of_employment),
            "experience": _label(posting.experience_level),
            "ref_number": posting.ref_number,
            "language": _label(posting.language),
            "country": where.country,
            "workplace": "remote" if where.remote else "hybrid" if where.hybrid else None,
            "remote": where.remote,
        }
    )


def _label(labelled: Labelled | None) -> str | None:
    return labelled.label if labelled else None
