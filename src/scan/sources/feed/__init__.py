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
from scan.page import Page, Request
from scan.sources.base import Batch
from scan.sources.follow import Followed

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
        """Read the feed."""
        from scan.sources.feed.reading import read  # start-up: where nothing has changed, nothing is read

        return read(page)
