r"""Remote jobs of every company on Remote OK, the newest hundred or so.

    - name: remoteok
      kind: remoteok
      every: 6h

The service asks that whoever shows its jobs links back to them; their addresses are Remote OK's own. Texts that it
sends with their UTF-8 taken for Latin-1 (`weâ\x80\x99re`) are put right. Attributes: `tags`, and where given
`salary_min` and `salary_max` (it sends 0 for none). Not every job there is remote, whatever the name says.

Source: https://remoteok.com/api, whose first row is its legal notice, as recorded in 2026.
"""

import re
from typing import Self

import msgspec

from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.jobs import salary
from scan.sources.rows import Table, present, shortened

_MISREAD = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Job(msgspec.Struct):
    """A job as the API sends it, or the legal notice; what is not read is left out."""

    id: str | int | None = None
    legal: str | None = None
    position: str | None = None
    url: str | None = None
    company: str | None = None
    location: str | None = None
    date: str | None = None
    epoch: int | float | str | None = None
    description: str | None = None
    tags: list[str] | None = None
    salary_min: int | float | None = None
    salary_max: int | float | None = None


_JOBS = Table(Job)


class RemoteOk(Source, kind="remoteok", item_kind="job", complete=False):
    """Remote OK's newest jobs."""

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the site's pages and the API."""
        return cls() if url.host.removeprefix("www.") in {"remoteok.com", "remoteok.io"} else None

    def start(self) -> Request:
        """Ask for them all."""
        return Request(url=self.url or "https://remoteok.com/api", accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the list, the notice at its head left out."""
        rows = _JOBS.read(page)
        jobs = [job for job in rows.good if job.legal is None]
        odd = [
            Rejected(reason="it has no id or no position", example=shortened(present(msgspec.to_builtins(job))))
            for job in jobs
            if job.id is None or not job.position
        ]
        items = tuple(_item(job) for job in jobs if job.id is not None and job.position)
        return Batch(items=items, rejected=(*rows.rejected, *odd))


def _item(job: Job) -> RawItem:
    return RawItem(
        key=job.id,
        title=_mended(job.position),
        url=job.url,
        organization=_mended(job.company) or None,
        location=_mended(job.location or "").strip(" ,") or None,
        text=_mended(job.description),
        published_at=job.date or job.epoch,
        attributes=present({"tags": job.tags} | salary(job.salary_min, job.salary_max, None)),
    )


def _mended(text: str | None) -> str:
    """Undo UTF-8 that was taken for Latin-1, where it is that beyond doubt."""
    return _MISREAD.sub(_character, text or "")


def _character(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode()
    except UnicodeError:
        return found[0]
