"""What a web page loads, links to, and says that it has besides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan.guess.guesses import Guess
from scan.sources.addresses import URL
from scan.sources.document import absolute
from scan.sources.marks import Marks

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_MOST_CODE, _MOST_LINKS = 1_000_000, 3_000
_ADDRESS_IN_CODE = re.compile(r"https?:(?:\\?/){2}[\w.-]+(?:\\?/[\w.~%:@!$&()*+,;=?-]*)*")
_LOADS = "script[src], iframe[src], img[src], link[rel~=stylesheet][href], link[rel~=preload][href], embed[src]"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_LINK = re.compile(r"(?i)(?:[/.](?:rss|atom|feed)(?:\.(?:xml|json))?/?(?:\?.*)?$)|(?:[/_.-](?:rss|atom)\.xml)")
_OF_COMMENTS = re.compile(r"(?i)comments?\b|kommentar|/comment")
_CALENDAR_LINK = re.compile(r"(?i)^webcal:|\.ics(?:$|\?)")
_MOST_FEEDS = 4


@dataclass(frozen=True)
class Link:
    """A feed or a calendar that a page names: its address, absolute, and what it is called."""

    url: str
    title: str
    announced: bool


def marks_of(tree: "LexborHTMLParser", base: str) -> Marks:
    """Gather what shows the service behind a page.

    Args:
        tree: the page.
        base: what its addresses are relative to.

    """
    code = "\n".join(node.text() or "" for node in tree.css("script:not([src])"))[:_MOST_CODE]
    loaded = [node.attributes.get("src") or node.attributes.get("href") or "" for node in tree.css(_LOADS)]
    named = [found[0].replace("\\/", "/") for found in _ADDRESS_IN_CODE.finditer(code)]
    linked = [node.attributes.get("href") or "" for node in tree.css("a[href], form[action]")[:_MOST_LINKS]]
    generator = tree.css_first('meta[name="generator" i]')
    return Marks(
        loads=tuple(_read([*loaded, *named[:_MOST_LINKS]], base)),
        links=tuple(_read(linked, base)),
        code=code,
        generator=(generator.attributes.get("content") or "") if generator else "",
    )


def _read(addresses: list[str], base: str) -> Iterator[URL]:
    for address in dict.fromkeys(addresses):
        if address and (url := URL.read(absolute(base, address))) is not None:
            yield url


def guess_links(tree: "LexborHTMLParser", base: str) -> list[Guess]:
    """Guess the feeds and calendars that a page names; those that it announces in its head are surer."""
    feeds = list(dict.fromkeys(_feeds(tree, base)))
    about = [link for link in feeds if not _OF_COMMENTS.search(f"{link.title} {link.url}")]
    return [
        *(_feed(link) for link in about[:_MOST_FEEDS]),
        *(
            Guess(kind="ical", keys={"url": url}, because="a calendar that the page links to", belief=0.55)
            for url in list(dict.fromkeys(_calendars(tree, base)))[:1]
        ),
    ]


def _feed(link: Link) -> Guess:
    because = "a feed that the page announces" if link.announced else "a feed that the page links to"
    return Guess(kind="feed", keys={"url": link.url}, because=because, belief=0.6 if link.announced else 0.5)


def _feeds(tree: "LexborHTMLParser", base: str) -> Iterator[Link]:
    for node in tree.css("link[rel~=alternate][href]"):
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        if kind in _FEED_TYPES:
            yield Link(
                absolute(base, node.attributes.get("href") or ""), node.attributes.get("title") or "", announced=True
            )
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        href = node.attributes.get("href") or ""
        if _FEED_LINK.search(href):
            yield Link(absolute(base, href), " ".join((node.text() or "").split()), announced=False)


def _calendars(tree: "LexborHTMLParser", base: str) -> Iterator[str]:
    for node in tree.css("a[href], link[type='text/calendar'][href]")[:_MOST_LINKS]:
        href = (node.attributes.get("href") or "").strip()
        if _CALENDAR_LINK.search(href):
            yield absolute(base, re.sub(r"(?i)^webcal:", "https:", href))
