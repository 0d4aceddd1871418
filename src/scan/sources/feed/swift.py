"""The ordinary entry of RSS, read in one go: a third of what `elements.EntryReader` takes, and the same comes of it.

Ordinary is what consists of leaves without attributes, with one title, one description and one author at most; nearly
all entries do. Any other is left to `EntryReader`, which knows all the rules and is the measure of this.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scan.sources.feed.elements import mended
from scan.sources.feed.entry import Entry
from scan.sources.feed.names import ROLES, TIMES, standard

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_NOTHING, _ODD, _TAG, _NAME = "", "odd", "tag", "name"
_PARTS = (
    TIMES
    | {"title": "title", "link": "link", "id": "id", "guid": "id", "description": "text", "content_encoded": "content"}
    | {tag: "author" for tag, role in ROLES.items() if role == "author"}
    | {tag: _TAG for tag, role in ROLES.items() if role == "category"}
    | {tag: _NOTHING for tag, role in ROLES.items() if role in {"unread", "person_part"}}
)
_ONCE = frozenset(("title", "text", "content", "author"))
"""Of a second one, the rules are for `EntryReader` to know."""


class _Parts(dict[str, str]):
    """What part an element plays, by the name that expat gives it, each found once."""

    def __missing__(self, name: str) -> str:
        tag = standard(name)
        self[name] = part = _PARTS.get(tag, _ODD if tag in ROLES or tag == "source" else _NOTHING)
        return part


class Swift:
    """Reads the ordinary entries of one feed, which is no Atom and has no xml:base."""

    def __init__(self) -> None:
        self._parts = _Parts()

    def read(self, entry: "Element") -> Entry | None:
        """Read an entry; None for one that is not ordinary."""
        parts = self._parts
        found: dict[str, str] = {}
        tags: list[str] = []
        for element in entry:
            part = parts[element.tag]
            if element.keys():
                part = _attributed(part, element)
            if part == _ODD or len(element):
                return None
            text = (element.text or "").strip()
            if not text.isascii():
                text = mended(text)
            if part == _TAG:
                if text:
                    tags.append(text)
            elif part != _NOTHING and not _keep(found, part, text):
                return None
        return _entry(found, tags)


def _attributed(part: str, element: "Element") -> str:
    """Say what part an element with attributes plays: a guid that is no address names its entry and no more."""
    if part == _NOTHING and element.get(_XML_BASE) is None and element.get("base") is None:
        return _NOTHING
    if part != "id" or element.keys() != ["isPermaLink"]:
        return _ODD
    return "id" if element.get("isPermaLink") == "true" else _NAME


def _keep(found: dict[str, str], part: str, text: str) -> bool:
    """Note a part of an entry; False if it takes thought."""
    if part in _ONCE:
        if part in found:
            return False
    elif part == _NAME:
        part = "id"
    elif part == "id":
        if ":///" in text:
            return False
        found.setdefault("link", text)
    elif part == "link" and (":///" in text or ";" in text):
        return False
    found[part] = text
    return True


def _entry(found: Mapping[str, str], tags: list[str]) -> Entry:
    """Put together what was found; where there is no description, the content stands in for it as well."""
    get = found.get
    text, content = get("text"), get("content")
    texts = [] if content is None else [(content, False)]
    if text is not None or content is not None:
        texts.append((text if text is not None else content or "", False))
    return Entry(
        id=get("id"),
        link=get("link"),
        title=get("title"),
        author=get("author"),
        published=get("published"),
        updated=get("updated"),
        created=get("created"),
        texts=texts,
        tags=tags,
    )
