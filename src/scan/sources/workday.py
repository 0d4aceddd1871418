"""Jobs of one company on Workday.

    - name: acme
      kind: workday
      tenant: acme           # https://acme.wd5.myworkdayjobs.com/External: the first part,
      instance: wd5          # the second,
      site: External         # and the path's last one, without a language such as en-US
      organization: Acme     # Workday's list never has the company's name

Read twenty at a time, which is all that Workday gives; the list has no descriptions. It never shows more than 2,000
jobs: a board that has more is reported as cut short, and closes nothing. Narrow such a source, or make several of it:
`search: engineer` is Workday's own search, `facets: {locationCountry: [ID]}` its filters, as they stand in the address
of a filtered board.

`published_at` is what Workday writes ("Posted 5 Days Ago"), counted back from the run. A job in several places comes
with their number only, so that its location is the one in its address. Attributes: `requisition_id`, `locations` (how
many, where there are several).

Boards at wd5.myworkdaysite.com/recruiting/acme/External have `domain: myworkdaysite.com`.

Source: recorded answers of 2026 of what Workday's boards ask themselves (wday/cxs: a public API is not documented), and
what colophon-group/jobseek found of it (apps/crawler/src/core/monitors/workday.py at e956bb6): `total` is right on the
first page only, `limit` over 20 is refused, and beyond 2,000 the list starts over.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.rows import Table, count_in, present
from scan.sources.subdomain import label_problem

PAGE_SIZE = 20
MOST = 2000
"""Jobs that Workday shows of one search."""

_COUNTED = re.compile(r"\s*(\d+) locations?\s*", re.IGNORECASE)


class Posting(msgspec.Struct, rename="camel"):
    """A job as the list has it; what is not read is left out."""

    title: str
    external_path: str
    locations_text: str | None = None
    posted_on: str | None = None
    bullet_fields: list[str | None] | None = None


_POSTINGS = Table(Posting, key="jobPostings", beside=("total",), total=count_in("total"))

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
        return self._request(0)

    def parse(self, page: Page) -> Batch:
        """Read one page; a full one is followed by the next."""
        rows = _POSTINGS.read(page)
        offset = (page.number - 1) * PAGE_SIZE
        following = offset + PAGE_SIZE
        full = len(rows.good) + len(rows.rejected) >= PAGE_SIZE
        return Batch(
            items=tuple(map(self._item, rows.good)),
            rejected=rows.rejected,
            follow=(self._request(following),) if full and following < MOST else (),
            total=None if offset else rows.total,
            truncated=f"Workday shows {MOST} jobs at most; narrow it by search: or facets:"
            if full and following >= MOST
            else None,
        )

    @property
    def _host(self) -> str:
        tenant, instance = quote(self.tenant, safe=""), quote(self.instance, safe="")
        own = self.domain == "myworkdayjobs.com"
        return f"https://{tenant}.{instance}.{self.domain}" if own else f"https://{instance}.{self.domain}"

    def _request(self, offset: int) -> Request:
        tenant, site = quote(self.tenant, safe=""), quote(self.site, safe="")
        facets = {name: list(ids) for name, ids in (self.facets or {}).items()}
        asked: dict[str, Any] = {"appliedFacets": facets, "limit": PAGE_SIZE, "offset": offset}
        return Request(
            url=self.url or f"{self._host}/wday/cxs/{tenant}/{site}/jobs",
            method="POST",
            accept="application/json",
            headers={"Content-Type": "application/json"},
            body=json.dumps(asked | {"searchText": self.search}, ensure_ascii=False).encode(),
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


def _place_in(path: str) -> str | None:
    """Read the place in `/job/US-CA-Santa-Clara/Architect_JR1`."""
    parts = path.strip("/").split("/")
    return parts[1].replace("-", " ") if len(parts) > 2 and parts[0] == "job" else None
