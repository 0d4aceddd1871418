"""Remote jobs of every company on We Work Remotely, the newest of a category.

    - name: weworkremotely
      kind: weworkremotely
      category: remote-programming-jobs    # the last part of the category's address; all jobs if left out

Its RSS says more than feeds do: titles are `Company: Role`, and elements of its own tell the region and the kind of
employment. Attributes: `category`, `employment_type`, `skills`, `country`, `state`, `expires_at`, `remote`.

Source: feeds recorded in 2026 (ikevinxie/remote-jobs-collector at 4fcc6e8).
"""

from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import quote

from scan.declare import Doc
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.rows import present, shortened
from scan.sources.xml import text_at, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class WeWorkRemotely(Source, kind="weworkremotely", item_kind="job", complete=False):
    """We Work Remotely's newest jobs."""

    category: Annotated[
        str | None, Doc("the last part of the category's address", example="remote-programming-jobs")
    ] = None

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the site's pages and feeds; those of a category are that category's."""
        if url.host.removeprefix("www.") != "weworkremotely.com":
            return None
        category = url.after("categories").removesuffix(".rss")
        return cls(category=category or None)

    def start(self) -> Request:
        """Ask for the feed."""
        path = f"categories/{quote(self.category, safe='')}" if self.category else "remote-jobs"
        url = self.url or f"https://weworkremotely.com/{path}.rss"
        return Request(url=url, accept="application/rss+xml, application/xml, text/xml")

    def parse(self, page: Page) -> Batch:
        """Read the feed."""
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for job in tree(page, "rss").iterfind("channel/item"):
            title = text_at(job, "title")
            if title:
                items.append(_item(job, title))
            else:
                rejected.append(Rejected(reason="it has no title", example=shortened(" ".join(job.itertext()))))
        return Batch(items=tuple(items), rejected=tuple(rejected))


def _item(job: "Element", title: str) -> RawItem:
    company, colon, role = title.partition(": ")
    skills = (text_at(job, "skills") or "").split(",")
    return RawItem(
        key=text_at(job, "guid") or text_at(job, "link"),
        title=role if colon else title,
        url=text_at(job, "link") or text_at(job, "guid"),
        organization=company if colon else None,
        location=text_at(job, "region"),
        text=text_at(job, "description"),
        published_at=text_at(job, "pubDate"),
        attributes=present(
            {
                "category": text_at(job, "category"),
                "employment_type": text_at(job, "type"),
                "skills": [skill.strip() for skill in skills if skill.strip()],
                "country": text_at(job, "country"),
                "state": text_at(job, "state"),
                "expires_at": text_at(job, "expires_at"),
                "remote": True,
            }
        ),
    )
