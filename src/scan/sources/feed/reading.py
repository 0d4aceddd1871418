"""Reading a feed, whichever form it has."""

from scan.errors import ParseError
from scan.page import Page
from scan.sources.base import Batch
from scan.sources.charset import codec, declared_charset
from scan.sources.feed import expat, fallback, jsonfeed
from scan.sources.feed.elements import Odd
from scan.sources.nesting import MAX_DEPTH


def read(page: Page) -> Batch:
    """Read a feed, the fast way where it is certain to be right.

    Raises:
        ParseError: the page is none, or is nested too deep.

    """
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith((b"{", b"[")):
        return jsonfeed.parse(page)
    if body[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise ParseError(page.url, "a feed", page.body[:400])
    try:
        entries = expat.entries(body) if _plainly_encoded(page) else fallback.entries(page)
    except Odd:
        entries = fallback.entries(page)
    except RecursionError as error:
        raise ParseError(page.url, f"a feed nested at most {MAX_DEPTH} deep", page.body[:400]) from error
    entries.reverse()
    items = []
    while entries:  # each entry makes room for its item: of 200,000 one or the other is enough
        items.append(entries.pop().item())
    return Batch(items=tuple(items))


def _plainly_encoded(page: Page) -> bool:
    """Tell whether the page names no character set, or one that may be trusted with its name."""
    declared = declared_charset(page.body[:200])
    return declared is None or codec(declared) is not None
