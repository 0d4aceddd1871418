"""The link to a list's next page."""

from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from scan.sources.document import absolute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_WAYS = (
    "a[rel~=next]",
    "link[rel~=next]",
    "a.next",
    ".next a",
    "li.pager-next a",
    ".pagination-next a",
    "a.pagination-next",
    "a.next-page",
    ".pager__item--next a",
    "a[aria-label^=next i]",
    "a[title^=next i]",
)
_WORDS = (
    *("Next", "Older", "Weiter", "Nächste", "Suivant", "Siguiente", "Volgende", "Successiva", "Próxima"),
    *("\u00bb", "\u203a"),
)
_LONGEST = 30


def next_of(tree: "LexborHTMLParser", url: str) -> str | None:
    """Give the selector of the link to the next page; None where there is none within the site."""
    for css in _WAYS:
        node = tree.css_first(css)
        if node is not None and _leads_on(node.attributes.get("href") or "", url):
            return css
    for word in _WORDS:
        css = f'a:lexbor-contains("{word}" i)'
        node = tree.css_first(css)
        short = node is not None and len(" ".join(node.text().split())) <= _LONGEST
        if node is not None and short and _leads_on(node.attributes.get("href") or "", url):
            return css
    return None


def _leads_on(link: str, url: str) -> bool:
    """Tell whether a link leads to another page of the same site, as no link to a social network does."""
    target = urldefrag(absolute(url, link)).url
    here = urldefrag(url).url
    try:
        same_host = urlsplit(target).netloc == urlsplit(here).netloc
    except ValueError:
        return False
    return bool(link) and not link.startswith(("#", "javascript:")) and same_host and target != here
