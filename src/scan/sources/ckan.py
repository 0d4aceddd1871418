"""Datasets of an open data portal that runs CKAN, the most recently changed first.

    - name: air
      kind: ckan
      portal: data.example.org           # the host, with the path to the portal if it has one
      query: "title:air OR tags:air"     # as Solr reads it; every dataset if left out

Read a hundred at a time; the portal says how many there are. Times have no zone and are UTC. Attributes: `tags`,
`formats`, `groups`, `license`, `resources` (how many files), `author`.

Source: https://docs.ckan.org/en/latest/api/ (`package_search`), and answers recorded in
frictionlessdata/frictionless-py at 44661ad.
"""

from typing import Annotated, Self
from urllib.parse import quote, urlencode

import msgspec

from scan.declare import Doc
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.marks import Marks
from scan.sources.paging import raised
from scan.sources.rows import count_in, load, present, typed

PAGE_SIZE = 100


class Titled(msgspec.Struct):
    """An organization, a group, a tag."""

    title: str | None = None
    name: str | None = None


class Resource(msgspec.Struct):
    """A file of a dataset."""

    format: str | None = None


class Package(msgspec.Struct):
    """A dataset as the search gives it; what is not read is left out."""

    id: str
    name: str
    title: str | None = None
    notes: str | None = None
    author: str | None = None
    metadata_created: str | None = None
    metadata_modified: str | None = None
    license_title: str | None = None
    organization: Titled | None = None
    resources: list[Resource] | None = None
    tags: list[Titled] | None = None
    groups: list[Titled] | None = None


def _portal_problem(value: object) -> str | None:
    right = isinstance(value, str) and value and "://" not in value and not set(value) & set("?#@ \\")
    return None if right else f"{value!r} is no portal: a host such as data.example.org, with its path if it has one"


class Ckan(Source, kind="ckan", item_kind="item", complete=True):
    """What a search on a portal finds."""

    portal: Annotated[str, Doc("the host, and the path if any", example="data.example.org", check=_portal_problem)]
    query: Annotated[str | None, Doc("as Solr reads it", example="tags:air")] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the API, which is the same on all portals, with what is searched for."""
        if "api" not in url.path or not {"package_search", "package_list"} & set(url.path):
            return None
        above = url.path[: url.path.index("api")]
        portal = "/".join((url.origin.partition("://")[2], *above))
        return cls(portal=portal, query=url.query.get("q")) if not _portal_problem(portal) else None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Know a portal by what its pages say made them; a search's words are kept."""
        if not marks.generator.lower().startswith("ckan"):
            return None
        above = url.path[: url.path.index("dataset")] if "dataset" in url.path else ()
        return cls(portal="/".join((url.origin.partition("://")[2], *above)), query=url.query.get("q"))

    def start(self) -> Request:
        """Ask for the first hundred."""
        asked = {"q": self.query, "rows": PAGE_SIZE, "start": 0, "sort": "metadata_modified desc"}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return self._request(self.url or f"{self._site()}/api/3/action/package_search?{query}")

    def parse(self, page: Page) -> Batch:
        """Read one page; the next follows until the announced total is reached."""
        answer = load(page)
        result = answer.get("result") if isinstance(answer, dict) and answer.get("success") is not False else None
        rows = result.get("results") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(rows, list):
            raise ParseError(page.url, 'a "result" with a list "results"', page.body[:400])
        good, rejected = typed(rows, Package)
        following = raised(page.url, "start", len(rows)) if rows else None
        return Batch(
            items=tuple(map(self._item, good)),
            rejected=rejected,
            follow=(self._request(following),) if following else (),
            total=count_in("count")(result),
        )

    def _request(self, url: str) -> Request:
        return Request(url=url, accept="application/json")

    def _site(self) -> str:
        return f"https://{self.portal.strip('/')}"

    def _item(self, package: Package) -> RawItem:
        notes = package.notes or ""
        return RawItem(
            key=package.id,
            title=package.title or package.name,
            url=f"{self._site()}/dataset/{quote(package.name, safe='')}",
            organization=package.organization.title if package.organization else None,
            text=notes or None,
            markup="html" if "</" in notes else "plain",
            published_at=package.metadata_created,
            updated_at=package.metadata_modified,
            attributes=_attributes(package),
        )


def _attributes(package: Package) -> dict[str, object]:
    formats = dict.fromkeys(resource.format for resource in package.resources or () if resource.format)
    return present(
        {
            "tags": _names(package.tags),
            "formats": list(formats),
            "groups": _names(package.groups),
            "license": package.license_title,
            "resources": len(package.resources or ()),
            "author": package.author,
        }
    )


def _names(titled: list[Titled] | None) -> list[str]:
    return [name for one in titled or () if (name := one.title or one.name)]
