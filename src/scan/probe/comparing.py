"""Whether a feed is about the page that names it: whether it has what the page links to."""

from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

import msgspec

from scan.errors import ParseError
from scan.normalize.urls import canonical
from scan.page import Page
from scan.probe.trial import Candidate, word
from scan.sources.document import base_of, document

_SAME, _OF_THE_WHOLE_SITE = 0.95, 0.75
"""What a feed is worth that has what the page shows; and of what it was, one of another page that has not."""

_SHARED = 2
_MOST_LINKS = 3_000


def compared(candidate: Candidate, page: Page) -> Candidate:
    """Judge a candidate once more, beside the page that it was found on."""
    if candidate.kind != "feed" or candidate.entry.get("url") == page.url:
        return candidate
    shown = _links(page)
    shared = sum(item.url is not None and canonical(item.url) in shown for item in candidate.items)
    if shared >= min(_SHARED, len(candidate.items)):
        return _with(candidate, _SAME, f"{candidate.because}, with what the page shows")
    if urlsplit(page.url).path.strip("/"):
        return _with(candidate, candidate.score * _OF_THE_WHOLE_SITE, f"{candidate.because}, about other things")
    return candidate


def _with(candidate: Candidate, score: float, because: str) -> Candidate:
    return msgspec.structs.replace(candidate, score=round(score, 2), confidence=word(score), because=because)


def _links(page: Page) -> Collection[str]:
    try:
        tree = document(page)
    except ParseError:
        return ()
    base = base_of(tree, page.url) or page.url
    links = [node.attributes.get("href") or "" for node in tree.css("a[href]")[:_MOST_LINKS]]
    return {address for link in links if (joined := _joined(base, link)) and (address := canonical(joined))}


def _joined(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return None
