"""Jobs of one company on Workday.

    - name: acme
      kind: workday
      tenant: acme           # https://acme.wd5.myworkdayjobs.com/External: the first part,
      instance: wd5          # the second,
      site: External         # and the path's last one, without a language such as en-US
      organization: Acme     # Workday's list never has the company's name

Read twenty at a time, which is all that Workday gives, and 2,000 in all: a larger board is read in parts, one for each
value of one of its filters. If a part is still too large, and no filter is left, the list is reported as cut short, and
closes nothing. You may narrow a source yourself: `search: engineer` is Workday's own search,
`facets: {locationCountry: [ID]}` its filters, as they stand in the address of a filtered board.

Descriptions are on the jobs' own pages; see The pages of single items. Before they are read, `published_at` is what the
list writes ("Posted 5 Days Ago"), counted back from the run, and a job in several places comes with their number only,
so that its location is the one in its address. Attributes: `requisition_id`, `locations` (how many, where there are
several); of a job's own page `employment_type`, `workplace` (remote, hybrid, onsite).

Boards at wd5.myworkdaysite.com/recruiting/acme/External have `domain: myworkdaysite.com`.

Source: recorded answers of 2026 of what Workday's boards ask themselves (wday/cxs: a public API is not documented), and
what colophon-group/jobseek found of it (apps/crawler/src/core/monitors/workday.py at e956bb6): `total` is right on the
first page only, `limit` over 20 is refused, and beyond 2,000 the list starts over. In recorded jobs `startDate` is the
day that the list counts back to.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Detail, Source
from scan.sources.beside import beside
from scan.sources.facets import split
from scan.sources.jobs import workplace
from scan.sources.rows import One, Rows, Table, count_in, present
from scan.sources.subdomain import label_problem

PAGE_SIZE = 20
MOST = 2000
"""Jobs that Workday shows of one search."""

DEEPEST = 3
"""Filters that one part may be made by."""

_COUNTED = re.compile(r"\s*(\d+) locations?\s*", re.IGNORECASE)


class Posting(msgspec.Struct, rename="camel"):
    """A job as the list has it; what is not read is left out."""

    title: str
    external_path: str
    locations_text: str | None = None
    posted_on: str | None = None
    bullet_fields: list[str | None] | None = None


class WholePosting(msgspec.Struct, rename="camel"):
    """A job as its own page has it, as far as the list lacks it."""

    job_description: str | None = None
    location: str | None = None
    additional_locations: list[str | None] | None = None
    start_date: str | None = None
    time_type: str | None = None
    remote_type: str | None = None
    job_req_id: str | None = None


class Answer(msgspec.Struct, rename="camel"):
    """What is around it."""

    job_posting_info: WholePosting


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where a page is: in which part of the list, from which job on.

    Attributes:
        facets: the filters that make the part, and the value of each.
        total: jobs in the part, as its first page says; on later ones Workday says 0.

    """

    facets: tuple[tuple[str, str], ...] = ()
    offset: int = 0
    total: int | None = None


_JOB = One(Answer, "a job of Workday")
_POSTINGS = Table(Posting, key="jobPostings", beside=("total", "facets"), total=count_in("total"))
_GIVES = frozenset({"text", "published_at"})

_HOST = re.compile(
    r"(?:(?P<tenant>[a-z0-9-]+)\.(?P<instance>wd[0-9]{1,3})\.myworkdayjobs|(?P<own>wd[0-9]{1,3})\.myworkdaysite)\.com"
)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")


class Workday(Source, kind="workday", item_kind="job", complete=True):
    """A company's board on Workday."""

    tenant: Annotated[str, Doc("the company, as the address has it", example="acme", check=label_problem)]
    instance: Annotated[str, Doc("the data centre, as the address has it", example="wd5", check=label_problem)]
    site: Annotated[str, Doc("the board, as the address has it", example="External")]
    domain: Annotated[Literal["myworkdayjobs.com", "myworkdaysite.com"], Doc("the address's")] = "myworkdayjobs.com"
    search: Annotated[str, Doc("only what Workday finds for this")] = ""
    facets: Annotated[
        Mapping[str, tuple[str, ...]] | None, Doc("only these of each filter", example="{locationCountry: [ID]}")
    ] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs and what the boards ask, at both domains, with and without a language."""
        found = _HOST.fullmatch(url.host)
        if found is None:
            return None
        path = url.path[1:] if _LANGUAGE.fullmatch(url.part(0)) else url.path
        names = path[2:4] if path[:2] == ("wday", "cxs") else path[1:3] if path[:1] == ("recruiting",) else ()
        if found["tenant"]:
            site = (names[1:] or path)[:1]
            return cls(tenant=found["tenant"], instance=found["instance"], site=site[0]) if site else None
        if len(names) < 2 or label_problem(names[0]):
            return None
        return cls(tenant=names[0], instance=found["own"], site=names[1], domain="myworkdaysite.com")

    def start(self) -> Request:
        """Ask for the first twenty."""
        return self._request(Part())

    def parse(self, page: Page) -> Batch:
        """Read one page, and ask for the rest of its part; of more than is ever shown, ask for smaller parts."""
        rows = _POSTINGS.read(page)
        part = page.memo if isinstance(page.memo, Part) else Part()
        count = len(rows.good) + len(rows.rejected)
        total = part.total if part.offset else rows.total
        if not part.offset and total is not None and total >= MOST and (parts := self._split(rows, part)):
            return Batch(follow=tuple(map(self._request, parts)), skipped=count)
        end = part.offset + count
        more = count >= PAGE_SIZE and (total is None or end < total)
        return Batch(
            items=tuple(map(self._item, rows.good)),
            rejected=rows.rejected,
            follow=(self._request(replace(part, offset=end, total=total)),) if more and end < MOST else (),
            truncated=_shortfall(end, total, more=more),
        )

    def detail(self, item: RawItem) -> Detail | None:
        """Ask for one job."""
        url = beside(self._list, str(item.key).lstrip("/"))
        gives = _GIVES | {"location"} if "locations" in item.attributes else _GIVES
        return Detail(request=Request(url=url, accept="application/json"), gives=gives)

    def parse_detail(self, page: Page) -> RawItem:
        """Read one job. Where it is in several places, the list has but their number."""
        job = _JOB.read(page).job_posting_info
        places = [place for place in (job.location, *(job.additional_locations or ())) if place]
        return RawItem(
            text=job.job_description,
            location=tuple(places) if len(places) > 1 else None,
            published_at=job.start_date,
            attributes=present(
                {
                    "requisition_id": job.job_req_id,
                    "employment_type": job.time_type,
                    "workplace": workplace(job.remote_type),
                }
            ),
        )

    def _split(self, rows: Rows[Posting], part: Part) -> list[Part]:
        """Cut a part that is too large into smaller ones; into none if it cannot be cut any more."""
        applied = {*(self.facets or {}), *(name for name, _ in part.facets)}
        facet = split(rows.beside.get("facets"), limit=MOST, applied=applied) if len(part.facets) < DEEPEST else None
        return [Part(facets=(*part.facets, (facet.name, value))) for value in facet.counts] if facet else []

    @property
    def _list(self) -> str:
        return self.url or f"{self._host}/wday/cxs/{quote(self.tenant, safe='')}/{quote(self.site, safe='')}/jobs"

    @property
    def _host(self) -> str:
        tenant, instance = quote(self.tenant, safe=""), quote(self.instance, safe="")
        own = self.domain == "myworkdayjobs.com"
        return f"https://{tenant}.{instance}.{self.domain}" if own else f"https://{instance}.{self.domain}"

    def _request(self, part: Part) -> Request:
        facets = {name: list(ids) for name, ids in (self.facets or {}).items()}
        facets |= {name: [value] for name, value in part.facets}
        asked: dict[str, Any] = {"appliedFacets": facets, "limit": PAGE_SIZE, "offset": part.offset}
        return Request(
            url=self._list,
            method="POST",
            accept="application/json",
            headers={"Content-Type": "application/json"},
            body=json.dumps(asked | {"searchText": self.search}, ensure_ascii=False).encode(),
            memo=part,
        )

    def _item(self, posting: Posting) -> RawItem:
        site = quote(self.site, safe="")
        if self.domain == "myworkdaysite.com":
            site = f"recruiting/{quote(self.tenant, safe='')}/{site}"
        several = _COUNTED.fullmatch(posting.locations_text or "")
        return RawItem(
            key=posting.external_path,
            title=posting.title,
            url=f"{self._host}/{site}/{posting.external_path.lstrip('/')}",
            location=_place_in(posting.external_path) if several else posting.locations_text,
            published_at=posting.posted_on,
            attributes=present(
                {
                    "requisition_id": next((field for field in posting.bullet_fields or () if field), None),
                    "locations": int(several[1]) if several and len(several[1]) < 5 else None,
                }
            ),
        )


def _shortfall(end: int, total: int | None, *, more: bool) -> str | None:
    """Say why a part is known to have more jobs than were read of it when its next page begins at `end`."""
    if end >= MOST and (more or total == MOST):
        return f"Workday shows {MOST} jobs at most; narrow it by search: or facets:"
    return f"{end} of {total} items" if total is not None and end < total and not more else None


def _place_in(path: str) -> str | None:
    """Read the place in `/job/US-CA-Santa-Clara/Architect_JR1`."""
    parts = path.strip("/").split("/")
    return parts[1].replace("-", " ") if len(parts) > 2 and parts[0] == "job" else None
