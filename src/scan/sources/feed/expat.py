"""The fast way: well-formed RSS, RDF and Atom, read exactly as feedparser reads it, or not at all.

Whatever feedparser would read in a way of its own (another dialect, markup where text belongs, a DOCTYPE, base64, …)
raises `Odd` and is left to it. That both agree is tested on every recorded feed and on feedparser's own corpus.

Expat's events go straight into a tree, both in C, a piece of the feed at a time; what is whole is taken off the tree at
once. So only an entry is ever in memory, and Python looks at an element once instead of three times.
"""

import re
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING
from xml.parsers import expat

from scan.sources.feed.elements import EntryReader, Odd, rebased
from scan.sources.feed.entry import Entry
from scan.sources.feed.names import ATOM, CONTENTS, RDF, ROLES, RSS_1, misleading, standard
from scan.sources.feed.swift import Swift
from scan.sources.nesting import MAX_DEPTH

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_ROOTS = {"rss", f"{ATOM} feed", f"{RDF} RDF"}
_ENTRIES = frozenset(("item", "entry"))
_ASIDE = frozenset(("image", "textinput"))
_ALONE = frozenset(("title", "text", "unread"))
"""Roles of a feed's own elements that hold nothing but text."""

_PIECE = 1 << 16
_MOST = 10_000
"""Elements that may wait for the end of an entry: a hostile one of 20 MB would take 450 MiB."""


def entries(body: bytes) -> list[Entry]:
    """Read all entries of a feed in UTF-8, or in what its XML declaration says.

    Raises:
        Odd: the feed is not well-formed, or not certain to be read as feedparser reads it.
        RecursionError: elements are nested more than 512 deep.

    """
    from xml.etree.ElementTree import TreeBuilder  # 15 ms that only a feed that has changed pays

    document, builder = _Document(), TreeBuilder()
    trunk = builder.start("trunk", {})
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartNamespaceDeclHandler = document.namespace
    parser.StartDoctypeDeclHandler = document.doctype
    try:
        for at in range(0, len(body), _PIECE):
            parser.Parse(body[at : at + _PIECE], False)  # noqa: FBT003 - expat's own signature
            document.take(trunk, whole=False)
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Odd(str(error)) from error
    document.take(trunk, whole=True)
    return document.entries


class _Names(dict[str, str]):
    """The elements' standard names by those that expat gives them, each found once."""

    def __missing__(self, name: str) -> str:
        self[name] = tag = standard(name)
        return tag


class _Document:
    """A growing tree to entries."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names, self._swift = _Names(), Swift()
        self._uris: set[str] = set()
        self._atom, self._base = False, ""
        self._has_summary = False
        self._has_content = False
        self._rebase = False

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri:
            if misleading(prefix, uri):
                raise Odd(f"namespace {prefix}={uri}")
            self._uris.add(uri.lower())

    def doctype(self, *_: object) -> None:
        raise Odd("DOCTYPE")

    def take(self, trunk: "Element", *, whole: bool) -> None:
        """Read what is whole, and take it off the tree; the last element of each level may still be open."""
        for root in trunk:
            self._root(root.tag, root.attrib)
            self._between(root, 2, whole=whole)
        if sum(1 for _ in islice(trunk.iter(), _MOST)) == _MOST:
            raise Odd("an entry of thousands of elements")

    def _root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name not in _ROOTS:
            raise Odd(f"root {name}")
        self._atom = name.endswith("feed")
        if (self._atom and self._uris & RSS_1) or (name.endswith("RDF") and ATOM.lower() in self._uris):
            raise Odd("two dialects in one")
        self._base = attributes.get(_XML_BASE) or attributes.get("base") or ""
        if self._base and not re.match(r"https?://[^/]", self._base):
            raise Odd("a relative xml:base")

    def _between(self, parent: "Element", depth: int, *, whole: bool) -> None:
        """Look for entries among the children of an element of the feed, which lie `depth` deep."""
        if depth > MAX_DEPTH:
            raise RecursionError
        closed = len(parent) - (not whole)
        for place, element in enumerate(parent):
            tag = self._names[element.tag]
            if element.keys():
                self._rebased(tag, element)
            if tag in _ENTRIES or tag in _ASIDE or ROLES.get(tag) in _ALONE or tag in CONTENTS:
                if place < closed:
                    self._closed(tag, element, depth)
            elif len(element):
                self._between(element, depth + 1, whole=place < closed)
        if closed > 0:
            del parent[:closed]

    def _rebased(self, tag: str, element: "Element") -> None:
        """Let a text have a base of its own; where the feed has none, feedparser does not forget it."""
        if rebased(tag, element) and not self._base:
            self._rebase = True

    def _closed(self, tag: str, element: "Element", depth: int) -> None:
        """Read an entry, or an element of the feed that says something about what follows."""
        if tag in _ENTRIES:
            self._entry(element, depth)
        elif tag in _ASIDE:
            self._aside(element)
        elif tag in CONTENTS or len(element):
            raise Odd("content, or markup in a text, of the feed")
        elif ROLES[tag] == "text":
            # After a second description of the feed, its first entry `hasContent`.
            self._has_content = self._has_content or self._has_summary
            self._has_summary = self._has_summary or tag in {"summary", "itunes_summary"}

    def _aside(self, element: "Element") -> None:
        for below in islice(element.iter(), 1, None):
            tag = self._names[below.tag]
            self._rebased(tag, below)
            if tag in CONTENTS:
                raise Odd("content of the feed")

    def _entry(self, element: "Element", depth: int) -> None:
        ordinary = not (self._atom or self._base or self._rebase or self._has_content or element.keys())
        if ordinary and depth < MAX_DEPTH and (entry := self._swift.read(element)) is not None:
            self.entries.append(entry)
            return
        if any(name.lower() in {"href", "lastmod"} for name in element.keys()):  # noqa: SIM118 - it is no mapping
            raise Odd("CDF")
        reader = EntryReader(
            Entry(id=element.get(f"{RDF} about") or None),
            self._names,
            atom=self._atom,
            base=self._base,
            absolute_only=self._rebase,
            has_content=self._has_content,
        )
        reader.read(element, depth + 1)
        self.entries.append(reader.finish())
        self._has_content, self._rebase = False, reader.absolute_only
