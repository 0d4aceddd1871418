"""A calendar in iCalendar's format (.ics).

    - name: council
      kind: ical
      url: https://example.org/calendar.ics
      zone: America/Chicago              # of times that carry none; default the calendar's own, else UTC

An item is an event, known by its UID; an instance of a series that was changed on its own is another item. A series is
one item, not one for each date. A calendar is a window: what leaves it is not gone; what is called off says so. A zone
that a calendar names like no other and defines itself is taken for `zone`.

Attributes: `start` and `end` (UTC, to be compared as `timestamp(attributes.start)`), `all_day`, `status` (`cancelled`,
`confirmed`, `tentative`), `recurrence` (the rule as it is written), `instance`, `categories`. A day without a time is
its midnight UTC, and the end of an all-day event is the day after its last.

Source: RFC 5545, and calendars recorded in 2024 and later: zones with a slash before them or in Windows' names, empty
lines between folded ones, two zones in one VTIMEZONE, events without a UID.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch, Source
from scan.sources.charset import decode
from scan.sources.fields import zone_problem
from scan.sources.rows import present, shortened
from scan.sources.zones import utc_text, zone_of

_LINE = re.compile(
    r"""(?xs) (?P<name> [A-Za-z0-9-]+ )
      (?P<parameters> (?: ; [A-Za-z0-9-]+ = (?: "[^"]*" | [^";:,]*+ ) (?: , (?: "[^"]*" | [^";:,]*+ ) )*+ )*+ )
      : (?P<value> .* )"""
)
_ZONE = re.compile(r";TZID=(\"[^\"]*\"|[^\";:,]*)", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(Z)?)?", re.ASCII)
_ESCAPE = re.compile(r"\\([\\;,:\"nN])")
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its value as it is written, and the zone it names."""

    value: str
    zone: str | None = None


@dataclass(slots=True)
class Event:
    """A VEVENT's properties by name: the first of each, but all categories."""

    lines: dict[str, Line] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """Give a text with its escapes undone; None for an empty one."""
        return _unescaped(self.lines[name].value).strip() or None if name in self.lines else None

    @property
    def revision(self) -> tuple[int, str]:
        """Order what one calendar says of one event twice."""
        number = self.lines.get("SEQUENCE", Line("0")).value.strip()
        changed = self.lines.get("LAST-MODIFIED", Line("")).value
        return (int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0), changed


class Ical(Source, kind="ical", item_kind="event", complete=False):
    """A calendar's events."""

    url: Annotated[Address, Doc("the calendar", example="https://example.org/calendar.ics")] = field()
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find a zone that is none."""
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the calendar."""
        return Request(url=self.url, accept="text/calendar, */*;q=0.5")

    def parse(self, page: Page) -> Batch:
        """Read all events."""
        calendar = _read(page)
        floating = self.zone or calendar.zone
        latest: dict[object, tuple[tuple[int, str], RawItem]] = {}
        rejected: list[Rejected] = []
        for number, event in enumerate(calendar.events):
            item = _item(event, floating)
            name = number if item.key is None else item.key
            if not item.title and not item.url:
                written = {name: line.value for name, line in event.lines.items()}
                rejected.append(Rejected(reason="it has neither a summary nor an address", example=shortened(written)))
            elif name not in latest or latest[name][0] <= event.revision:
                latest[name] = event.revision, item
        return Batch(
            items=tuple(item for _, item in latest.values()),
            rejected=tuple(rejected),
            truncated=None if calendar.whole else "the calendar ends before its END:VCALENDAR",
        )


@dataclass(slots=True)
class _Calendar:
    events: list[Event] = field(default_factory=list)
    zone: str | None = None
    whole: bool = False


def _read(page: Page) -> _Calendar:
    """Gather the events' own properties: those of their alarms, and of anything else, are passed by."""
    calendar = _Calendar()
    event: Event | None = None
    open_: list[str] = []
    for line in _unfolded(decode(page)):
        found = _LINE.fullmatch(line)
        name = found["name"].upper() if found else ""
        value = found["value"].strip().upper() if found and name in {"BEGIN", "END"} else ""
        if not open_ and (name, value) != ("BEGIN", "VCALENDAR"):
            if calendar.whole:
                continue  # after its end, some write when it was cached
            raise ParseError(page.url, "BEGIN:VCALENDAR", page.body[:400] or "nothing")
        if name == "BEGIN":
            open_.append(value)
            if value == "VEVENT":
                event = Event()
                calendar.events.append(event)
        elif name == "END":
            calendar.whole = value == "VCALENDAR"
            _close(open_, value)
        elif found and open_[-1] == "VEVENT" and event is not None:
            _note(event, name, found)
        elif found and name == "X-WR-TIMEZONE":
            calendar.zone = found["value"].strip()
    if not calendar.events and not calendar.whole:
        raise ParseError(page.url, "a calendar", page.body[:400] or "nothing")
    return calendar


def _unfolded(text: str) -> Iterable[str]:
    """Join lines that go on in the next; empty lines between are no end."""
    pieces: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        if line.startswith((" ", "\t")):
            pieces.append(line[1:])
        elif line:
            yield from ["".join(pieces)] if pieces else []
            pieces = [line]
    yield from ["".join(pieces)] if pieces else []


def _close(open_: list[str], name: str) -> None:
    """End a component, and whatever was left open within it; an end of what was never begun is passed by."""
    if name in open_:
        while open_.pop() != name:
            pass


def _note(event: Event, name: str, found: re.Match[str]) -> None:
    if name == "CATEGORIES":
        event.categories += (_unescaped(word).strip() for word in _COMMA.split(found["value"]))
        return
    zone = _ZONE.search(found["parameters"])
    event.lines.setdefault(name, Line(found["value"], zone[1].strip('"') if zone else None))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _item(event: Event, floating: str | None) -> RawItem:
    instance = event.lines.get("RECURRENCE-ID")
    uid = event.text("UID")
    when = _moments(event.lines, floating)
    return RawItem(
        key=f"{uid} {instance.value.strip()}" if uid and instance else uid,
        title=event.text("SUMMARY"),
        url=event.text("URL"),
        location=event.text("LOCATION"),
        text=event.text("DESCRIPTION"),
        markup="plain",
        published_at=when.get("CREATED"),
        updated_at=when.get("LAST-MODIFIED"),
        attributes=present(
            {
                "start": when.get("DTSTART"),
                "end": when.get("DTEND"),
                "all_day": ("DTSTART" in when and "T" not in event.lines["DTSTART"].value.upper()) or None,
                "status": (event.text("STATUS") or "").lower(),
                "recurrence": event.text("RRULE"),
                "instance": instance.value.strip() if instance else None,
                "categories": list(dict.fromkeys(filter(None, event.categories))),
            }
        ),
    )


def _moments(lines: Mapping[str, Line], floating: str | None) -> dict[str, str]:
    """Read an event's times, in UTC; those that cannot be read are left out."""
    named = ("DTSTART", "DTEND", "CREATED", "LAST-MODIFIED")
    return {name: moment for name in named if name in lines and (moment := _moment(lines[name], floating))}


def _moment(line: Line, floating: str | None) -> str | None:
    found = _TIME.fullmatch(line.value.strip().upper())
    if not found:
        return None
    year, month, day, *clock, utc = found.groups()
    timed = clock[0] is not None
    name = (line.zone or floating) if timed and not utc else None
    zone = (name and zone_of(name)) or (floating and zone_of(floating) if name else None) or UTC
    try:
        numbers = (int(part) for part in (year, month, day, *(clock if timed else ())))
        return utc_text(datetime(*numbers, tzinfo=zone))  # type: ignore[arg-type,misc] # three or six numbers
    except (ValueError, OverflowError):
        return None
