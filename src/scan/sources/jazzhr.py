"""Jobs of one company on JazzHR.

    - name: acme
      kind: jazzhr
      tenant: acme           # the first part of acme.applytojob.com

The feed is made anew once a day, and asking often is refused. It lists all open jobs, with descriptions and without
dates. What is not open is left out. Attributes: `department`, `employment_type`, `experience`, `code`.

Source: JazzHR's feed https://app.jazz.co/feeds/export/jobs/…, its shape as openroles 0.4.0 has it in its tests.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import quote

from scan.declare import Doc
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import place
from scan.sources.rows import present, shortened
from scan.sources.xml import text_at, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class JazzHr(Source, kind="jazzhr", item_kind="job", complete=True, fresh=timedelta(hours=12)):
    """A company's feed on JazzHR."""

    tenant: Annotated[str, Doc("the first part of acme.applytojob.com", example="acme")]

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know boards, jobs, the feed and the widget."""
        tenant = url.tenant("applytojob.com")
        if url.host == "app.jazz.co":
            tenant = url.after("feeds", "export", "jobs") or url.after("widgets", "basic", "create")
        return cls(tenant=tenant) if tenant else None

    def start(self) -> Request:
        """Ask for the feed."""
        url = self.url or f"https://app.jazz.co/feeds/export/jobs/{quote(self.tenant, safe='')}"
        return Request(url=url, accept="application/xml, text/xml")

    def parse(self, page: Page) -> Batch:
        """Read the feed."""
        root = tree(page, "jobs")
        company = text_at(root, "company")
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for job in root.iterfind("job"):
            if (text_at(job, "status") or "Open").lower() != "open":
                continue
            if text_at(job, "title") and (text_at(job, "id") or text_at(job, "url")):
                items.append(_item(job, company))
            else:
                example = shortened(" ".join(job.itertext()))
                rejected.append(Rejected(reason="it has no title, or neither id nor address", example=example))
        return Batch(items=tuple(items), rejected=tuple(rejected))


def _item(job: "Element", company: str | None) -> RawItem:
    return RawItem(
        key=text_at(job, "id"),
        title=text_at(job, "title"),
        url=text_at(job, "url"),
        organization=company,
        location=place(text_at(job, "city"), text_at(job, "state"), text_at(job, "country")),
        text=text_at(job, "description"),
        attributes=present(
            {
                "department": text_at(job, "department"),
                "employment_type": text_at(job, "type"),
                "experience": text_at(job, "experience"),
                "code": text_at(job, "internalcode"),
            }
        ),
    )
