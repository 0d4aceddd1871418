"""Jobs of the United States' government on USAJOBS.

    - name: usajobs
      kind: usajobs
      keyword: "data scientist"
      location: Denver, Colorado
      email: me@example.org              # as given when the key was asked for
      key: "${credential:usajobs}"       # free, from developer.usajobs.gov

Five hundred jobs a page; USAJOBS shows 10,000 of one search at most, so a search that finds more is cut short.
Attributes: `department`, `position_id`, `employment_type`, `schedule`, `grade`, `closes_at`, and `salary_min`,
`salary_max`, `currency`, `salary_interval` (year, hour, …).

Source: https://developer.usajobs.gov/api-reference/get-api-search (no answer has been recorded; its shape is as other
programs' tests have it).
"""

from typing import Annotated, Any, Self
from urllib.parse import urlencode

import msgspec

from scan.declare import Doc, SecretText
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import interval, salary
from scan.sources.paging import number_in, raised
from scan.sources.rows import load, present, typed

PAGE_SIZE = 500

_INTERVALS = {"PA": "year", "PM": "month", "PD": "day", "PH": "hour"}
"""The codes; answers have words ("Per Year"), too."""


class Named(msgspec.Struct, rename="pascal"):
    """A schedule, a kind of offer, a grade (which has a code)."""

    name: str | None = None
    code: str | None = None


class Place(msgspec.Struct, rename="pascal"):
    """One of a position's places."""

    location_name: str | None = None


class Pay(msgspec.Struct, rename="pascal"):
    """What is paid: numbers as texts."""

    minimum_range: str | float | None = None
    maximum_range: str | float | None = None
    rate_interval_code: str | None = None


class Details(msgspec.Struct, rename="pascal"):
    """The longer texts; duties come as one text or several."""

    job_summary: str | None = None
    major_duties: Any = None


class Area(msgspec.Struct, rename="pascal"):
    """What USAJOBS adds."""

    details: Details | None = None


class Position(msgspec.Struct, rename="pascal"):
    """A position as the search gives it; what is not read is left out."""

    position_title: str
    position_id: str | None = msgspec.field(default=None, name="PositionID")
    position_uri: str | None = msgspec.field(default=None, name="PositionURI")
    position_location: list[Place] | None = None
    organization_name: str | None = None
    department_name: str | None = None
    job_grade: list[Named] | None = None
    position_schedule: list[Named] | None = None
    position_offering_type: list[Named] | None = None
    qualification_summary: str | None = None
    position_remuneration: list[Pay] | None = None
    publication_start_date: str | None = None
    application_close_date: str | None = None
    user_area: Area | None = None


class Match(msgspec.Struct, rename="pascal"):
    """One result of the search."""

    matched_object_descriptor: Position
    matched_object_id: str | int | None = None


class UsaJobs(Source, kind="usajobs", item_kind="job", complete=True):
    """What a search on USAJOBS finds."""

    email: Annotated[str, Doc("as given when the key was asked for", example="me@example.org")]
    key: Annotated[SecretText, Doc("of the API", example="${credential:usajobs}")]
    keyword: Annotated[str | None, Doc("words to search for")] = None
    location: Annotated[str | None, Doc("a city or state", example="Denver, Colorado")] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know searches on the site and in the API; who asks the API needs a key."""
        if url.host not in {"www.usajobs.gov", "usajobs.gov", "data.usajobs.gov"}:
            return None
        named = {name.lower(): value for name, value in url.query.items()}
        return cls(
            email="${env:USAJOBS_EMAIL}",
            key=SecretText("${credential:usajobs}"),
            keyword=named.get("k") or named.get("keyword"),
            location=named.get("l") or named.get("locationname"),
        )

    def start(self) -> Request:
        """Ask for the first page."""
        asked = {"Keyword": self.keyword, "LocationName": self.location, "ResultsPerPage": PAGE_SIZE, "Page": 1}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._request(self.url or f"https://data.usajobs.gov/api/Search?{query}")

    def parse(self, page: Page) -> Batch:
        """Read one page; the next follows until the announced number of pages is reached."""
        result = _mapping(_mapping(load(page)).get("SearchResult"))
        rows = result.get("SearchResultItems")
        if not isinstance(rows, list):
            raise ParseError(page.url, 'a "SearchResult" with a list "SearchResultItems"', page.body[:400])
        good, rejected = typed(rows, Match)
        pages = _count(_mapping(result.get("UserArea")).get("NumberOfPages")) or 1
        more = (number_in(page.url, "Page") or 1) < pages
        following = raised(page.url, "Page", 1) if more else None
        return Batch(
            items=tuple(map(_item, good)),
            rejected=rejected,
            follow=(self._request(following),) if following else (),
            total=_count(result.get("SearchResultCountAll")),
        )

    def _request(self, url: str) -> Request:
        return Request(
            url=url, accept="application/json", headers={"User-Agent": self.email, "Authorization-Key": self.key}
        )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    """Read a number, which may be written as a text."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _item(match: Match) -> RawItem:
    position = match.matched_object_descriptor
    details = (position.user_area or Area()).details or Details()
    duties = details.major_duties if isinstance(details.major_duties, list) else [details.major_duties]
    parts = (details.job_summary, *duties, position.qualification_summary)
    return RawItem(
        key=match.matched_object_id or position.position_id,
        title=position.position_title,
        url=position.position_uri,
        organization=position.organization_name,
        location=tuple(one.location_name for one in position.position_location or () if one.location_name) or None,
        text="\n".join(part for part in parts if isinstance(part, str) and part) or None,
        markup="plain",
        published_at=position.publication_start_date,
        attributes=_attributes(position),
    )


def _attributes(position: Position) -> dict[str, object]:
    pay = (position.position_remuneration or [Pay()])[0]
    rate = pay.rate_interval_code or ""
    return present(
        {
            "department": position.department_name,
            "position_id": position.position_id,
            "employment_type": _first(position.position_offering_type),
            "schedule": _first(position.position_schedule),
            "grade": _first(position.job_grade),
            "closes_at": position.application_close_date,
        }
        | salary(pay.minimum_range, pay.maximum_range, "USD", _INTERVALS.get(rate) or interval(rate))
    )


def _first(named: list[Named] | None) -> str | None:
    return next((one.name or one.code for one in named or ()), None)
