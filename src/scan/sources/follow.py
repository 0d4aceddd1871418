"""Pages of single items that a config asks for: `follow:` of the kinds whose lists are anything at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from scan.declare import Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.base import Detail, Source
from scan.sources.document import absolute
from scan.sources.fields import unknown_targets, zone_problem
from scan.sources.picks import Pick, short
from scan.sources.taking import Take, long

_OWN = frozenset({"key", "url"})
_SAID = frozenset({"title", "text", "organization", "location", "published_at"})


@dataclass(frozen=True, kw_only=True)
class Follow:
    """Where an item's own page is, and what is read on it."""

    url: Annotated[
        str | None,
        Doc("where it is; {key} is the item's; default: the item's address", example="https://example.org/api/{key}"),
    ] = None
    html: Annotated[
        Mapping[str, str | Pick] | None,
        Doc("what to read on a web page, by field: CSS", example="{text: .description}"),
    ] = None
    json: Annotated[
        Mapping[str, str | Take] | None,
        Doc("what to read in a JSON answer, by field: JMESPath", example="{text: body}"),
    ] = None
    jsonld: Annotated[bool, Doc("what the page says of itself in schema.org's words")] = False
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find what doesn't compile, what a page cannot change, and more than one way to read it."""
        if [self.html is not None, self.json is not None, self.jsonld].count(True) != 1:
            yield Problem(("follow",), "a page is read in one way; write one of html: {…}, json: {…}, jsonld: true")
        for way, fields in (("html", self.html or {}), ("json", self.json or {})):
            yield from (_beneath(way, found) for found in unknown_targets(fields))
            for target in _OWN & fields.keys():
                yield Problem(("follow", way, target), f"the list says what an item's {target} is; leave it out")
        for target, pick in (self.html or {}).items():
            yield from (_beneath("html", found) for found in short(pick).problems(target))
        for target, take in (self.json or {}).items():
            yield from (_beneath("json", found) for found in long(take).problems(target))
        if self.url is not None and not self.url.lower().startswith(("http://", "https://")):
            yield Problem(("follow", "url"), "no address; write https://…")
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("follow", "zone"), message)

    def detail(self, item: RawItem) -> Detail | None:
        """Say where the page of an item is; None for one without an address, or without the key to make it of."""
        if self.url is not None:
            if item.key is None and "{key}" in self.url:
                return None
            url = self.url.replace("{key}", quote(str(item.key), safe=""))
        else:
            url = absolute(item.base, item.url or "")
        if not url.lower().startswith(("http://", "https://")):
            return None
        accept = "application/json" if self.json is not None else "text/html, application/xhtml+xml"
        gives = _SAID if self.jsonld else _SAID & {*(self.html or {}), *(self.json or {})}
        return Detail(request=Request(url=url, accept=accept), gives=gives)

    def parse(self, page: Page) -> RawItem:
        """Read the page of an item.

        Raises:
            ParseError: nothing that is wanted is on it.

        """
        from scan.sources.own_page import read  # start-up: most runs read none

        return read(page, html=self.html, json=self.json, zone=self.zone)


class Followed(Source, kind="", item_kind="item", complete=True):
    """A kind whose items' own pages are read if its entry has `follow:`."""

    follow: Annotated[Follow | None, Doc("what to read on the items' own pages; see The pages of single items")] = None

    def problems(self) -> Iterable[Problem]:
        """Find what is wrong with `follow:`."""
        yield from super().problems()
        if self.follow is not None:
            yield from self.follow.problems()

    @property
    def has_details(self) -> bool:
        """Whether the entry asks for pages of single items."""
        return self.follow is not None

    def detail(self, item: RawItem) -> Detail | None:
        """Say where an item's own page is, as the entry has it."""
        return self.follow.detail(item) if self.follow is not None else None

    def parse_detail(self, page: Page) -> RawItem:
        """Read an item's own page, as the entry has it."""
        if self.follow is None:
            raise ParseError(page.url, "no page", "one")
        return self.follow.parse(page)


def _beneath(way: str, found: Problem) -> Problem:
    """Place what is wrong with a field where it is written."""
    return Problem(("follow", way, *found.path[1:]), found.message)
