"""The newest matches as an Atom feed, for feed readers and other programs.

    - kind: feed
      to: matches.xml
      max_items: 100                               # optional
      title: Jobs for me                           # optional
      url: https://example.org/matches.xml         # optional: where it will be read

An entry a match, the newest first; a posting that another source had before is left out. An entry is of the same
identity for ever, so a reader shows it once. Nothing changes in the file while nothing is matched. It may be read by
everybody (0644), such as a web server.

Source: https://www.rfc-editor.org/rfc/rfc4287, read 2026-11.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from scan.channels.clean import one_line, web_link
from scan.declare import Address, Doc, Problem
from scan.model import Item, MatchRow, Reason
from scan.reports.base import FileReport
from scan.reports.view import View

_NAMESPACE = uuid.UUID("6f1a1c2e-6f5c-4c62-9d0b-3c0f4bb5a8f1")
"""Of the identities: a random one, which stays for ever."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TEXT = 4000
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(FileReport, kind="feed"):
    """Matches as an Atom feed."""

    mode = 0o644

    title: Annotated[str | None, Doc("the feed's title; default: the profile's name", example="Jobs for me")] = None
    max_items: Annotated[int, Doc("entries, the newest first", within=("1", "10000"))] = 100
    url: Annotated[
        Address | None, Doc("where it will be read; part of the feed", example="https://example.org/matches.xml")
    ] = None

    def problems(self) -> Iterable[Problem]:
        """Find an address that nobody could read the feed at."""
        if self.url is not None and web_link(self.url) is None:
            yield Problem(("url",), "not a web address; write it like https://example.org/matches.xml")

    def render(self, view: View) -> Iterator[bytes]:
        """Write the feed, an entry at a time."""
        found = view.known.matches(limit=2 * self.max_items)
        told = [row for row in found if not row.duplicate][: self.max_items]
        yield b'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        for element in self._head(view, told[0].at if told else _NEVER):
            yield _written(element)
        for row in told:
            yield _written(_entry(row, view.profile))
        yield b"</feed>\n"

    def _head(self, view: View, updated: datetime) -> Iterator[Element]:
        feed = Element("feed")
        _add(feed, "id", _identity(view.profile))
        _add(feed, "title", self.title or f"Matches of {view.profile}")
        _add(feed, "updated", _time(updated))
        _add(feed, "generator", "scan", version=view.version)
        if self.url:
            _add(feed, "link", rel="self", href=self.url)
        yield from feed


def _entry(row: MatchRow, profile: str) -> Element:
    item = row.item.item
    entry = Element("entry")
    _add(entry, "id", _identity(profile, row.search, str(row.event), item.source, item.key, _time(row.at)))
    _add(entry, "title", one_line(item.title))
    _add(entry, "updated", _time(row.at))
    if item.published_at:
        _add(entry, "published", _time(item.published_at))
    _add(SubElement(entry, "author"), "name", one_line(item.organization or item.source))
    if link := web_link(item.url):
        _add(entry, "link", rel="alternate", href=link)
    _add(entry, "category", term=row.search)
    _add(entry, "content", "".join(f"<p>{escape(line)}</p>" for line in _told(row, item)), type="html")
    return entry


def _told(row: MatchRow, item: Item) -> Iterator[str]:
    """Say in paragraphs why it matched, where it is and what it says."""
    why = ", ".join(dict.fromkeys(map(_why, row.reasons)))
    yield f"{row.search} ({row.event}): {why}" if why else f"{row.search} ({row.event})"
    if place := " · ".join(filter(None, (item.organization, item.location, item.source))):
        yield place
    text = item.text[:_LONGEST_TEXT]
    yield from filter(None, text.split("\n"))
    if len(item.text) > _LONGEST_TEXT:
        yield "…"


def _why(reason: Reason) -> str:
    return f"{reason.term} in {reason.field}" if reason.field else reason.term


def _identity(*names: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\n".join(names)).urn


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> None:
    """Add an element; what XML cannot hold is left out."""
    element = SubElement(parent, tag, {name: _NO_XML.sub("", value) for name, value in attributes.items()})
    element.text = None if text is None else _NO_XML.sub("", text)


def _written(element: Element) -> bytes:
    return tostring(element, encoding="unicode").encode() + b"\n"
