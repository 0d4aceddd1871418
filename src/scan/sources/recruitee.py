"""Jobs of one company on Recruitee.

    - name: acme
      kind: recruitee
      company: acme          # the first part of acme.recruitee.com

A careers site on a host of the company's own answers too: `url: https://jobs.example.org/api/offers/`. One answer lists
all offers, with their descriptions; those that aren't published are left out. Attributes: `department`, `category`,
`employment_type`, `experience`, `education`, `country`, `workplace` (remote, hybrid, onsite), `remote`, `tags`,
`closes_at`, and where published `salary_min`, `salary_max`, `currency`, `salary_interval`.

Recruitee has announced that from 10 February 2027 a token is asked for, and HTTP 401 the answer without:
`headers: {X-Careers-Sites-Token: "${env:RECRUITEE_TOKEN}"}`.

Source: Recruitee's documentation, https://docs.recruitee.com/reference/authentication-1 (the token), and recorded
answers of 2026 (times as "2026-07-17 11:00:39 UTC"; `salary` is sent with nothing in it).
"""

from typing import Annotated, Self
from urllib.parse import quote

import msgspec

from scan.declare import Address, Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import headed, place, salary
from scan.sources.marks import Marks
from scan.sources.rows import Table, present
from scan.sources.subdomain import label_problem


class Place(msgspec.Struct):
    """One place of an offer."""

    name: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


class Salary(msgspec.Struct):
    """What is paid; every part may be null."""

    min: int | float | str | None = None
    max: int | float | str | None = None
    currency: str | None = None
    period: str | None = None


class Offer(msgspec.Struct):
    """An offer as the API sends it; what is not read is left out."""

    id: int | str
    title: str
    status: str | None = None
    careers_url: str | None = None
    company_name: str | None = None
    location: str | None = None
    locations: list[Place] | None = None
    city: str | None = None
    country: str | None = None
    country_code: str | None = None
    description: str | None = None
    requirements: str | None = None
    published_at: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    close_at: str | None = None
    department: str | None = None
    category_code: str | None = None
    employment_type_code: str | None = None
    experience_code: str | None = None
    education_code: str | None = None
    remote: bool | None = None
    hybrid: bool | None = None
    on_site: bool | None = None
    tags: list[str] | None = None
    salary: Salary | None = None


_OFFERS = Table(Offer, key="offers")


class Recruitee(Source, kind="recruitee", item_kind="job", complete=True):
    """A company's careers site on Recruitee."""

    company: Annotated[str, Doc("the first part of acme.recruitee.com", example="acme", check=label_problem)]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the pages of a company's site, and the API."""
        company = url.tenant("recruitee.com")
        return cls(company=company) if company else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know a site on the company's own host, where the API is too, by where its pictures come from."""
        if not url.owner or not marks.loads_from("recruiteecdn.com"):
            return None
        return cls(company=url.owner, url=Address(f"{url.origin}/api/offers/"))

    def start(self) -> Request:
        """Ask for all offers."""
        url = self.url or f"https://{quote(self.company, safe='')}.recruitee.com/api/offers/"
        return Request(url=url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the offers."""
        rows = _OFFERS.read(page)
        published = (offer for offer in rows.good if offer.status in {None, "published"})
        return Batch(items=tuple(map(_item, published)), rejected=rows.rejected)


def _item(offer: Offer) -> RawItem:
    return RawItem(
        key=offer.id,
        title=offer.title,
        url=offer.careers_url,
        organization=offer.company_name,
        location=_places(offer),
        text=headed(((None, offer.description), ("Requirements", offer.requirements))),
        published_at=offer.published_at or offer.created_at,
        updated_at=offer.updated_at,
        attributes=_attributes(offer),
    )


def _places(offer: Offer) -> str | tuple[str, ...] | None:
    """Give all places; of an offer with one, the text that Recruitee makes of it says most."""
    places = [place(one.city or one.name, one.state, one.country) for one in offer.locations or ()]
    named = tuple(one for one in places if one)
    if len(named) > 1:
        return named
    return offer.location or named or place(offer.city, offer.country)


def _attributes(offer: Offer) -> dict[str, object]:
    pay = offer.salary or Salary()
    workplace = "remote" if offer.remote else "hybrid" if offer.hybrid else "onsite" if offer.on_site else None
    return present(
        {
            "department": offer.department,
            "category": offer.category_code,
            "employment_type": offer.employment_type_code,
            "experience": offer.experience_code,
            "education": offer.education_code,
            "country": offer.country_code,
            "workplace": workplace,
            "remote": offer.remote,
            "tags": offer.tags,
            "closes_at": offer.close_at,
        }
        | salary(pay.min, pay.max, pay.currency, pay.period)
    )
