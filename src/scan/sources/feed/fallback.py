"""The thorough way: feedparser, for every feed that the fast way leaves."""

import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from scan.errors import ParseError
from scan.page import Page
from scan.sources.charset import decode
from scan.sources.feed.entry import Entry
from scan.sources.nesting import excess

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,400}>")
_ENTITY = re.compile(r"""<!ENTITY\s+([^\s%"'>]+)\s+(?:"([^"]*)"|'([^']*)')""")

_FIRST_ELEMENT = re.compile(r"<\w")

_LONGEST_HEAD = 30_000
"""Characters before a feed's first element, which feedparser looks through in quadratic time."""

_REFERENCE = re.compile(r"&([^\s&;%#<>]{1,200});")

_LONGEST_EXPANSION = 1_000_000
"""Characters that a feed's own entities may grow to."""

_READ = ("id", "link", "title", "author", "published", "updated", "created")

_FEEDPARSER_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
"""What broken feeds have made feedparser raise: it catches what it expects, and no more."""


def entries(page: Page) -> list[Entry]:
    """Read all entries of a feed that may be broken.

    Raises:
        ParseError: this is no feed, or one made to cost.

    """
    head, rest = _divided(_DECLARATION.sub("", decode(page).lstrip(), count=1))
    if len(head) > _LONGEST_HEAD:
        raise ParseError(page.url, f"a feed that begins within {_LONGEST_HEAD} characters", page.body[:400])
    text = head + rest
    if limit := excess(text, xml=True):
        raise ParseError(page.url, f"a feed {limit}", page.body[:400])
    if _expansion(text) > _LONGEST_EXPANSION:
        raise ParseError(page.url, "a feed whose entities stay small", page.body[:400])
    import feedparser  # 60 ms that only broken feeds pay

    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode("utf-8", "replace")
    try:
        feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except _FEEDPARSER_ERRORS as error:
        raise ParseError(page.url, f"a feed ({type(error).__name__}: {error})", page.body[:400]) from error
    version = feed.get("version") or ""
    if not feed.entries and not version:
        raise ParseError(page.url, "a feed", page.body[:400] or "nothing")
    return [_entry(one, atom=version.startswith("atom")) for one in feed.entries]


def _divided(text: str) -> tuple[str, str]:
    """Divide a feed before its first element; what comes before has no empty lines, and none is indented."""
    first = _FIRST_ELEMENT.search(text)
    at = first.start() if first else len(text)
    return "\n".join(filter(None, map(str.strip, text[:at].splitlines()))), text[at:]


def _expansion(text: str) -> int:
    """Bound how long the entities that the feed declares make it."""
    if "<!ENTITY" not in text[:_LONGEST_EXPANSION]:
        return 0
    used = Counter(_REFERENCE.findall(text))
    return sum(len(found[2] or found[3] or "") * used[found[1]] for found in _ENTITY.finditer(text))


def _entry(found: Mapping[str, Any], *, atom: bool) -> Entry:
    texts = [_text(content, content.get("value"), atom=atom) for content in found.get("content") or ()]
    if "summary" in found:
        texts.append(_text(found.get("summary_detail") or {}, found["summary"], atom=atom))
    stated = {name: value for name, value in found.items() if name in _READ and isinstance(value, str)}
    names = (tag.get("term") or tag.get("label") for tag in found.get("tags") or ())
    return Entry(**stated, texts=texts, tags=[name for name in names if isinstance(name, str)])


def _text(detail: Mapping[str, Any], value: object, *, atom: bool) -> tuple[str, bool]:
    return value if isinstance(value, str) else "", atom and detail.get("type") == "text/plain"
