"""A web page as a tree of elements, and what its links are relative to."""

from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ENOUGH = 20_000_000
_TIMES = 4
"""Characters that the items of a page may hold together, and as many times its bytes if it is larger."""

_OTHER_TYPES = ("application/json", "application/pdf", "application/zip", "image/", "video/", "audio/")


def document(page: Page) -> "LexborHTMLParser":
    """Read a page as HTML.

    Raises:
        ParseError: it is something else, or would cost too much.

    """
    from selectolax.lexbor import LexborHTMLParser  # 21 ms that only sources of web pages pay

    from scan.sources.charset import decode
    from scan.sources.nesting import excess

    text = decode(page)
    if "<" not in text or page.content_type.startswith(_OTHER_TYPES):
        raise ParseError(page.url, "HTML", page.body[:400] or "nothing")
    if limit := excess(text):
        raise ParseError(page.url, f"HTML {limit}", page.body[:400])
    return LexborHTMLParser(text.encode("utf-8", "replace"))


class Room:
    """How much text the items of one page may hold.

    Elements that match one within the other each have all the text within: 250 of them made 5 GB of a page of 18 MB.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._left = max(_ENOUGH, _TIMES * len(page.body))

    def take(self, item: RawItem) -> RawItem:
        """Pass an item on.

        Raises:
            ParseError: there is no room left for it.

        """
        texts = (item.title, item.text, item.organization, *item.attributes.values())
        self._left -= sum(len(text) for text in texts if isinstance(text, str))
        if self._left < 0:
            raise ParseError(self._page.url, "items that are not one within the other", self._page.body[:400])
        return item


def base_of(tree: "LexborHTMLParser", url: str) -> str:
    """Give the page's `<base>`, made absolute; empty where it has none."""
    element = tree.css_first("base[href]")
    href = element.attributes.get("href") if element else None
    return absolute(url, href.strip()) if href else ""


def absolute(base: str, link: str) -> str:
    """Join a link to what it is relative to; one that cannot be joined is left as it is."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def path_of(address: str) -> str:
    """Give an address's path, decoded; empty where it has none that can be read."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""


def host_of(address: str) -> str:
    """Give an address's host, and port where it names one, in lower case; empty where it has none that can be read."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
