"""Jobs of one company on Personio.

    - name: acme
      kind: personio
      account: acme          # the first part of acme.jobs.personio.de
      domain: de             # or com
      language: en
      organization: Acme     # Personio never sends the company's name

One answer in XML lists all positions, with their descriptions; an account without open positions answers with an empty
list, which is as good as a full one. Attributes: `department`, `subcompany`, `recruiting_category`, `employment_type`,
`seniority`, `schedule`, `years_of_experience`, `keywords`, `occupation`, `occupation_category`.

An account that doesn't exist, or has its feed turned off, answers 404, or leads to Personio's own site.

Source: Personio's XML feed, https://developer.personio.de/docs/retrieving-open-job-positions (times may be written with
`+0200`; texts are CDATA; there is no address, so that of the job's page is made of its id).
"""

from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import quote

from scan.declare import Doc
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import headed
from scan.sources.rows import present, shortened
from scan.sources.subdomain import label_problem
from scan.sources.xml import text_at, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ATTRIBUTES = {
    "department": "department",
    "subcompany": "subcompany",
    "recruiting_category": "recruitingCategory",
    "employment_type": "employmentType",
    "seniority": "seniority",
    "schedule": "schedule",
    "years_of_experience": "yearsOfExperience",
    "keywords": "keywords",
    "occupation": "occupation",
    "occupation_category": "occupationCategory",
}


class Personio(Source, kind="personio", item_kind="job", complete=True):
    """A company's account on Personio."""

    account: Annotated[str, Doc("the first part of acme.jobs.personio.de", example="acme", check=label_problem)]
    domain: Annotated[Literal["de", "com"], Doc("the last part of the host")] = "de"
    language: Annotated[str, Doc("of the texts; Personio gives German ones if it has no others")] = "en"

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the pages of an account, and its feed."""
        domains: tuple[Literal["de", "com"], ...] = ("de", "com")
        for domain in domains:
            if account := url.tenant(f"jobs.personio.{domain}"):
                return cls(account=account, domain=domain)
        return None

    def start(self) -> Request:
        """Ask for all positions."""
        url = self.url or f"{self._site}/xml?language={quote(self.language, safe='')}"
        return Request(url=url, accept="application/xml, text/xml")

    def parse(self, page: Page) -> Batch:
        """Read the positions."""
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for position in tree(page, "workzag-jobs").iterfind("position"):
            key, title = text_at(position, "id"), text_at(position, "name")
            if key and title:
                items.append(self._item(position, key, title))
            else:
                example = shortened(" ".join(position.itertext()))
                rejected.append(Rejected(reason="it has no id or no name", example=example))
        return Batch(items=tuple(items), rejected=tuple(rejected))

    @property
    def _site(self) -> str:
        return f"https://{quote(self.account, safe='')}.jobs.personio.{self.domain}"

    def _item(self, position: "Element", key: str, title: str) -> RawItem:
        offices = ("office", "additionalOffices/office")
        places = (one.text for path in offices for one in position.iterfind(path))
        return RawItem(
            key=key,
            title=title,
            url=f"{self._site}/job/{quote(key, safe='')}",
            location=tuple(place.strip() for place in places if place and place.strip()) or None,
            text=headed(
                (text_at(part, "name"), text_at(part, "value"))
                for part in position.iterfind("jobDescriptions/jobDescription")
            ),
            published_at=text_at(position, "createdAt"),
            attributes=present({name: text_at(position, path) for name, path in _ATTRIBUTES.items()}),
        )
