"""Meetings of a city or county that runs Legistar, the latest.

    - name: council
      kind: legistar
      client: chicago                    # the first part of chicago.legistar.com
      zone: America/Chicago              # of the meetings' times; Legistar sends none
      newest: 200                        # meetings, by their date; those to come are among them

An item is a meeting of a body, published when its agenda is. Attributes: `start` (UTC, to be compared as
`timestamp(attributes.start)`; midnight where only the day is known), `time` where it is none ("To be announced"),
`agenda` and `minutes` (addresses), `agenda_status`.

Source: https://webapi.legistar.com/Help and opencivicdata/python-legistar-scraper at f462849 (no answer of this list
has been recorded). It answers XML unless asked for JSON, gives 1,000 rows at most, and some clients want a token.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Self
from urllib.parse import quote

import msgspec

from scan.declare import Doc, Problem, SecretText
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.fields import zone_problem
from scan.sources.rows import Table, present
from scan.sources.zones import utc_text, zone_of


class Event(msgspec.Struct, rename="pascal"):
    """A meeting as the list has it; what is not read is left out."""

    event_id: int | str
    event_body_name: str
    event_date: str | None = None
    event_time: str | None = None
    event_location: str | None = None
    event_comment: str | None = None
    event_agenda_status_name: str | None = None
    event_agenda_file: str | None = None
    event_minutes_file: str | None = None
    event_last_modified_utc: str | None = None
    event_agenda_last_published_utc: str | None = msgspec.field(default=None, name="EventAgendaLastPublishedUTC")
    event_in_site_url: str | None = msgspec.field(default=None, name="EventInSiteURL")


_EVENTS = Table(Event)


class Legistar(Source, kind="legistar", item_kind="event", complete=False):
    """A client's latest meetings."""

    client: Annotated[str, Doc("the first part of chicago.legistar.com", example="chicago")]
    zone: Annotated[str, Doc("the IANA zone of the meetings' times", example="America/Chicago")] = "UTC"
    newest: Annotated[int, Doc("how many meetings, by their date", within=("1", "1000"))] = 200
    token: Annotated[SecretText | None, Doc("where the client wants one", example="${credential:legistar}")] = None

    def problems(self) -> Iterable[Problem]:
        """Find a zone that is none."""
        if message := zone_problem(self.zone):
            yield Problem(("zone",), message)

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know a client's pages and API."""
        client = url.after("v1") if url.host == "webapi.legistar.com" else url.tenant("legistar.com")
        return cls(client=client) if client else None

    def start(self) -> Request:
        """Ask for the latest meetings."""
        token = f"&token={quote(self.token, safe='')}" if self.token else ""
        order = f"$orderby=EventDate%20desc&$top={self.newest}{token}"
        url = f"https://webapi.legistar.com/v1/{quote(self.client, safe='')}/events?{order}"
        return Request(url=self.url or url, accept="application/json")

    def parse(self, page: Page) -> Batch:
        """Read the list."""
        rows = _EVENTS.read(page)
        return Batch(items=tuple(map(self._item, rows.good)), rejected=rows.rejected)

    def _item(self, event: Event) -> RawItem:
        return RawItem(
            key=event.event_id,
            title=event.event_body_name,
            url=event.event_in_site_url,
            location=event.event_location or None,
            text=event.event_comment or None,
            markup="plain",
            published_at=event.event_agenda_last_published_utc,
            updated_at=event.event_last_modified_utc,
            attributes=present(
                _start(event, self.zone)
                | {
                    "agenda_status": event.event_agenda_status_name,
                    "agenda": event.event_agenda_file,
                    "minutes": event.event_minutes_file,
                }
            ),
        )


def _start(event: Event, zone: str) -> dict[str, object]:
    """Put the date, which comes as midnight, and the time of day, which comes as words, together."""
    day, clock = (event.event_date or "").partition("T")[0], " ".join((event.event_time or "").split())
    try:
        midnight = datetime.strptime(day, "%Y-%m-%d")  # noqa: DTZ007 - the zone is added below
    except ValueError:
        return {"time": clock}
    try:
        time = datetime.strptime(clock.upper().replace(".", ""), "%I:%M %p").time()  # noqa: DTZ007 - likewise
    except ValueError:
        return {"start": f"{day}T00:00:00Z", "time": clock}
    try:
        return {"start": utc_text(datetime.combine(midnight, time, tzinfo=zone_of(zone) or UTC))}
    except OverflowError:
        return {"time": clock}
