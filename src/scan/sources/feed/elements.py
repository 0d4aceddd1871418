"""The elements of an entry, each read as feedparser reads it. Where a rule is surprising, its name there is given.

Source: feedparser 6.0.12, mixin.py and namespaces/.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scan.sources.feed.entry import Entry
from scan.sources.feed.names import CONTENTS, PERSON, ROLES, TEXTS, TIMES
from scan.sources.nesting import MAX_DEPTH

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_NONE: Mapping[str, str] = {}
_TYPES = dict.fromkeys(("", "text", "plain", "text/plain"), "plain") | dict.fromkeys(("html", "text/html"), "html")
_HTML_TYPES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_USUALLY_PLAIN = frozenset(("summary", "itunes_summary", "content"))
_C1 = re.compile("[\x80-\x9f]")
_WINDOWS = {code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "replace")) != "\ufffd"}
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_BROKEN_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class Odd(Exception):
    """A feed that is better left to feedparser."""


class EntryReader:
    """Gathers one entry from its elements.

    Attributes:
        absolute_only: what relative addresses are relative to is feedparser's to say.

    """

    def __init__(
        self, entry: Entry, names: Mapping[str, str], *, atom: bool, base: str, absolute_only: bool, has_content: bool
    ) -> None:
        self.absolute_only = absolute_only
        self._entry, self._names, self._atom, self._base = entry, names, atom, base
        self._depths: dict[str, int] = {}
        self._title_depth = -1
        self._source_depth: int | None = None
        self._has_content = has_content
        self._summary: tuple[str, bool] | None = None

    def read(self, parent: "Element", depth: int) -> None:
        """Read the elements of the entry, or those of one in it that says nothing itself.

        Args:
            parent: whose children are read.
            depth: of the children in the feed.

        Raises:
            Odd: feedparser should see to it.
            RecursionError: elements are nested more than 512 deep.

        """
        if depth > MAX_DEPTH:
            raise RecursionError
        for element in parent:
            tag = self._names[element.tag]
            attributes = self._attributes(tag, element) if element.keys() else _NONE
            read = _READ.get(tag)
            if read is not None:
                read(self, tag, element, attributes, depth)
            elif len(element):
                self.read(element, depth + 1)

    def finish(self) -> Entry:
        """Give the entry, once all of it is read."""
        if self._summary is not None:
            self._entry.texts.append(self._summary)
        return self._entry

    def _attributes(self, tag: str, element: "Element") -> Mapping[str, str]:
        """Give the attributes by their names in lower case; a text may bring a base of its own."""
        if rebased(tag, element) and not self._base:
            self.absolute_only = True
        return {name.lower(): value for name, value in element.items()}

    def _source(self, _tag: str, element: "Element", _attributes: Mapping[str, str], depth: int) -> None:
        """Pass by the feed that the entry was taken from."""
        self._title_depth, self._source_depth = -1, depth
        for part in element:
            for level, below in enumerate(part.iter()):
                tag = self._names[below.tag]
                self._attributes(tag, below)
                if tag not in PERSON if level else tag in CONTENTS or tag == "source":
                    raise Odd("a source with more to it")

    def _odd(self, tag: str, _element: "Element", _attributes: Mapping[str, str], _depth: int) -> None:
        raise Odd(tag)

    def _unread(self, _tag: str, element: "Element", _attributes: Mapping[str, str], _depth: int) -> None:
        _text(element)

    _person_part = _unread  # of nobody: those of an author are read with him

    def _time(self, tag: str, element: "Element", _attributes: Mapping[str, str], depth: int) -> None:
        self._store(TIMES[tag], _text(element), depth)

    def _store(self, field: str, text: str, depth: int) -> None:
        """Keep a value unless one was found higher up (`property_depth_map`)."""
        if depth <= self._depths.get(field, depth):
            self._depths[field] = depth
            setattr(self._entry, field, mended(text))

    def _title(self, tag: str, element: "Element", attributes: Mapping[str, str], depth: int) -> None:
        _text_type(attributes)
        if self._source_depth is not None and depth > self._source_depth:
            raise Odd("a title further down, after a source")  # title_depth is the source's title's then
        text = _text(element)
        if not -1 < self._title_depth <= depth:
            self._store("title", text, depth)
        if text and tag != "media_title":
            self._title_depth = depth

    def _id(self, _tag: str, element: "Element", attributes: Mapping[str, str], depth: int) -> None:
        permalink = attributes.get("ispermalink", "true") == "true"
        text = _text(element)
        resolved = self._resolved(text) if text and permalink else text
        self._store("id", resolved, depth)
        if permalink and self._entry.link is None:
            self._entry.link = mended(resolved)

    def _link(self, _tag: str, element: "Element", attributes: Mapping[str, str], depth: int) -> None:
        href = attributes.get("url", attributes.get("uri", attributes.get("href"))) if attributes else None
        if not href:
            self._written_link(_text(element))
            return
        kind = attributes.get("type", "text/html").lower()
        if attributes.get("rel", "alternate").lower() == "alternate" and kind in _HTML_TYPES:
            self._entry.link = self._resolved(href)
        self.read(element, depth + 1)

    def _written_link(self, text: str) -> None:
        link = mended(self._resolved(text) if text else text)
        if ";" in link:
            link = _BROKEN_REFERENCE.sub(r"&\1", link.replace("&amp;", "&"))
        self._entry.link = link

    def _resolved(self, link: str) -> str:
        if ":///" in link:
            raise Odd("slashes")  # _urifixer
        if self.absolute_only and not _SCHEME.match(link):
            raise Odd("a relative address after xml:base")
        try:
            return urljoin(self._base, link) if self._base else link
        except ValueError:
            return ""

    def _text(self, tag: str, element: "Element", attributes: Mapping[str, str], depth: int) -> None:
        second = tag not in CONTENTS and self._summary is not None and not self._has_content
        usual = "plain" if second or tag in _USUALLY_PLAIN else "html"
        plain = self._atom and (_text_type(attributes) or usual) == "plain"
        text = mended(_text(element))
        if second or tag in CONTENTS:
            self._has_content = True
            self._entry.texts.append((text, plain))
            if self._summary is None:
                self._summary = (text, plain)
        elif depth <= self._depths.get("summary", depth):
            self._depths["summary"] = depth
            self._summary = (text, plain)

    def _author(self, _tag: str, element: "Element", _attributes: Mapping[str, str], depth: int) -> None:
        before = self._entry.author
        if "@" in (before or ""):
            raise Odd("an author after one with an address")  # _save_author mixes them up
        person: dict[str, str] = {}
        pieces = [element.text or ""]
        for part in element:
            tag = self._names[part.tag]
            self._attributes(tag, part)
            if tag not in PERSON:
                raise Odd("markup in a text")
            person[tag] = _text(part)
            pieces.append(part.tail or "")
        if before and person and "name" not in person:
            raise Odd("a second author without a name")  # _save_author gives it the first one's
        self._store("author", "".join(pieces).strip(), depth)
        name, email = person.get("name"), person.get("email")
        if name or email:
            self._entry.author = f"{name} ({email})" if name and email else name or email

    def _category(self, tag: str, element: "Element", attributes: Mapping[str, str], _depth: int) -> None:
        itunes = tag == "itunes_category"
        term = attributes.get("text" if itunes else "term")
        label = None if itunes else attributes.get("label")
        text = _text(element)
        if term or label:
            self._entry.tags.append(term or label or "")
        if text and label and not term:
            raise Odd("a category with two names")
        if text:
            self._entry.tags.append(mended(text))

    def _keywords(self, _tag: str, element: "Element", _attributes: Mapping[str, str], _depth: int) -> None:
        self._entry.tags.extend(filter(None, map(str.strip, mended(_text(element)).split(","))))


_READ: Mapping[str, Callable[[EntryReader, str, "Element", Mapping[str, str], int], None]] = {
    tag: getattr(EntryReader, f"_{role}") for tag, role in (ROLES | {"source": "source"}).items()
}


def rebased(tag: str, element: "Element") -> bool:
    """Tell whether an element has an xml:base.

    Raises:
        Odd: it is no text, so that more than itself has another base.

    """
    if element.get(_XML_BASE) is None and element.get("base") is None:
        return False
    if tag not in TEXTS:
        raise Odd("xml:base")
    return True


def _text(element: "Element") -> str:
    if len(element):
        raise Odd("markup in a text")
    return (element.text or "").strip()


def _text_type(attributes: Mapping[str, str]) -> str | None:
    """Say `plain` or `html`; None for nothing said."""
    if "mode" in attributes or "src" in attributes:
        raise Odd("mode or src")
    declared = attributes.get("type")
    if declared is not None and declared.lower() not in _TYPES:
        raise Odd(f"type {declared}")
    return None if declared is None else _TYPES[declared.lower()]


def mended(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1 and encoded again, and windows-1252 that was taken for Latin-1 (`pop`)."""
    if text.isascii() or b"\xc2" not in text.encode("utf-8", "replace"):
        return text  # what both leave are characters from U+0080 to U+00BF, which all begin with that byte
    with suppress(UnicodeError):  # nearly always: nothing was encoded twice
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _C1.search(text) else text
