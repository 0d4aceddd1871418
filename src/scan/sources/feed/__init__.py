"""A feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed, told apart by what it holds.

    - name: news
      kind: feed
      url: https://example.org/feed.xml

A feed is a window: what leaves it is not gone. Items are articles with `author` and `tags` in their attributes; they
are known by their `guid` or `id`, else by their link. The longest text of an entry is its description. A JSON Feed's
further pages (`next_url`) are followed.

`follow:` reads what the feed leaves out on the entries' own pages; see The pages of single items.

A page that is not a feed (a retired feed often answers with a web page) is an error. Broken feeds are read as far as
they can be.

Source: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287 (Atom),
https://www.jsonfeed.org/version/1.1/; for everything that feeds do beyond them, feedparser (kurtmckee/feedparser).
"""

from dataclasses import field
from typing import Annotated

from scan.declare import Address, Doc
from scan.errors import ParseError
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.charset import codec, declared_charset
from scan.sources.feed import expat, fallback, jsonfeed
from scan.sources.feed.elements import Odd
from scan.sources.follow import Followed
from scan.sources.nesting import MAX_DEPTH

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class Feed(Followed, kind="feed", item_kind="article", complete=False):
    """RSS, RDF, Atom or JSON Feed."""

    url: Annotated[Address, Doc("the feed", example="https://example.org/feed.xml")] = field()

    def start(self) -> Request:
        """Ask for the feed."""
        return Request(url=self.url, accept=_ACCEPT)

    def parse(self, page: Page) -> Batch:
        """Read the feed, the fast way where it is certain to be right."""
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
        return Batch(items=tuple(entry.item() for entry in entries))


def _plainly_encoded(page: Page) -> bool:
    """Tell whether the page names no character set, or one that may be trusted with its name."""
    declared = declared_charset(page.body[:200])
    return declared is None or codec(declared) is not None
