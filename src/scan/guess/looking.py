"""A page to the entries that may read it, by what it holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from scan.errors import ParseError
from scan.guess.answers import guess_answer
from scan.guess.described import guess_described
from scan.guess.guesses import Guess, Lead
from scan.guess.links import guess_links, marks_of
from scan.guess.lists import guess_lists
from scan.guess.maps import guess_map, named_maps
from scan.guess.named import Kinds, Known, by_page
from scan.guess.tables import guess_table
from scan.page import Page
from scan.sources.document import base_of, document
from scan.sources.rows import load

_GZIP = b"\x1f\x8b"
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]|<\w+:(?:feed|rss)[\s>]", re.IGNORECASE)
_MAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"<!doctype html|<html[\s>]", re.IGNORECASE)
_HEAD = 4_000
"""Bytes in which a page shows what it is."""

_SURE = 0.95


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a page shows.

    Attributes:
        what: what it is, in a few words.
        known: named sources.
        guesses: entries of the other kinds, in no order.
        leads: other addresses that say more.

    """

    what: str
    known: tuple[Known, ...] = ()
    guesses: tuple[Guess, ...] = ()
    leads: tuple[Lead, ...] = ()


def look(page: Page, url: str, kinds: Kinds, now: datetime) -> Look:
    """Look at a page.

    Args:
        page: an answer that was no error.
        url: its address as an entry is to have it.
        kinds: of named services.
        now: to tell times from other numbers.

    """
    if PurePosixPath(urlsplit(page.url).path).name == "robots.txt":
        return Look(what="a robots.txt", leads=tuple(named_maps(page)))
    head = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:_HEAD]
    what = next((what for what, shows in _SIGNS if shows(head)), None)
    if what == "JSON":
        return _json(page, url, now)
    if what in {"a feed", "a calendar"}:
        return Look(what=what, guesses=(_sure("ical" if what == "a calendar" else "feed", url, "what it holds"),))
    if what == "a sitemap":
        return Look(what=what, guesses=tuple(guess_map(page, url)))
    tables = guess_table(page, url, now) if what is None else ()
    return Look(what="a table", guesses=tuple(tables)) if tables else _web(page, url, kinds, now)


_SIGNS: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("JSON", lambda head: head.startswith((b"{", b"["))),
    ("a calendar", lambda head: head.startswith(b"BEGIN:VCALENDAR")),
    ("a sitemap", lambda head: head.startswith(_GZIP) or _MAP.search(head)),
    ("a feed", lambda head: _begins_with(head, _FEED)),
    ("markup", lambda head: head.startswith(b"<")),
)
"""What a page is, and how its first bytes show it; the first that fits is right."""


def _begins_with(head: bytes, sign: re.Pattern[bytes]) -> bool:
    """Tell whether a sign comes before any of a web page, as a feed may hold whole pages; or within one in XML."""
    found, page = sign.search(head), _WEB_PAGE.search(head)
    return found is not None and (page is None or found.start() < page.start() or head.startswith(b"<?xml"))


def _sure(kind: str, url: str, because: str) -> Guess:
    return Guess(kind=kind, keys={"url": url}, because=because, belief=_SURE)


def _json(page: Page, url: str, now: datetime) -> Look:
    try:
        answer = load(page)
    except ParseError:
        return Look(what="JSON that cannot be read")
    version = answer.get("version") if isinstance(answer, dict) else None
    if isinstance(version, str) and "jsonfeed.org" in version:
        return Look(what="a JSON Feed", guesses=(_sure("feed", url, "what it holds"),))
    return Look(what="JSON", guesses=tuple(guess_answer(page, answer, url, now)))


def _web(page: Page, url: str, kinds: Kinds, now: datetime) -> Look:
    if page.body.lstrip().startswith(b"<?xml") and not _WEB_PAGE.search(page.body[:_HEAD]):
        return Look(what="XML of no kind that is known")
    try:
        tree = document(page)
    except ParseError:
        return Look(what="no web page" if page.body.strip() else "nothing")
    base = base_of(tree, page.url) or page.url
    guesses = [*guess_described(page, tree, url), *guess_links(tree, base), *guess_lists(page, tree, url, now)]
    return Look(what="a web page", known=tuple(by_page(page.url, marks_of(tree, base), kinds)), guesses=tuple(guesses))
