"""The fast way: well-formed RSS, RDF and Atom in one flat pass, read exactly as feedparser reads it, or not at all.

Whatever feedparser would read in a way of its own (another dialect, markup where text belongs, a DOCTYPE, base64, …)
raises `Odd` and is left to it. That both agree is tested on every recorded feed and on feedparser's own corpus.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from scan.sources.feed.elements import Close, EntryReader, Odd
from scan.sources.feed.entry import Entry
from scan.sources.feed.names import ATOM, CONTENTS, OTHER, PERSON, RDF, ROLES, RSS_1, TEXTS, misleading, standard
from scan.sources.nesting import MAX_DEPTH

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_ROOTS = {"rss", f"{ATOM} feed", f"{RDF} RDF"}


def entries(body: bytes) -> list[Entry]:
    """Read all entries of a feed in UTF-8, or in what its XML declaration says.

    Raises:
        Odd: the feed is not well-formed, or not certain to be read as feedparser reads it.
        RecursionError: elements are nested more than 512 deep.

    """
    document = _Document()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.data
    parser.StartNamespaceDeclHandler = document.namespace
    parser.StartDoctypeDeclHandler = document.doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Odd(str(error)) from error
    return document.entries


class _Document:
    """Expat's events to entries."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names: dict[str, str] = {}
        self._uris: set[str] = set()
        self._atom, self._base = False, ""
        self._depth = 0
        self._entry: EntryReader | None = None
        self._entry_depth = 0
        self._source_depth = 0
        self._text_depth = 0
        self._aside_depth = 0
        self._has_summary = False
        self._has_content = False
        self._rebase = False
        self._open: list[tuple[int, str, list[str], Close]] = []

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri:
            if misleading(prefix, uri):
                raise Odd(f"namespace {prefix}={uri}")
            self._uris.add(uri.lower())

    def doctype(self, *_: object) -> None:
        raise Odd("DOCTYPE")

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth > MAX_DEPTH:
            raise RecursionError
        if depth == 1:
            self._root(name, attributes)
            return
        tag = self._names.get(name)
        if tag is None:
            tag = self._names[name] = standard(name)
        if attributes and (_XML_BASE in attributes or "base" in attributes):
            self._rebased(tag)
        if self._source_depth:
            self._passed(tag)
        elif self._entry is None:
            self._between(tag, attributes)
        else:
            self._within(self._entry, tag, attributes, depth)

    def end(self, _name: str) -> None:
        depth, opened = self._depth, self._open
        self._depth = depth - 1
        if opened and opened[-1][0] == depth:
            _, _, pieces, close = opened.pop()
            close("".join(pieces).strip())
        elif self._source_depth == depth:
            self._source_depth = 0
        elif self._aside_depth == depth:
            self._aside_depth = 0
        elif self._text_depth == depth:
            self._text_depth = 0
        elif self._entry is not None and self._entry_depth == depth:
            self.entries.append(self._entry.finish())
            self._entry = None

    def _root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name not in _ROOTS:
            raise Odd(f"root {name}")
        self._atom = name.endswith("feed")
        if (self._atom and self._uris & RSS_1) or (name.endswith("RDF") and ATOM.lower() in self._uris):
            raise Odd("two dialects in one")
        self._base = attributes.get(_XML_BASE) or attributes.get("base") or ""
        if self._base and not re.match(r"https?://[^/]", self._base):
            raise Odd("a relative xml:base")

    def _rebased(self, tag: str) -> None:
        """Let a text have a base of its own; where the feed has none, feedparser does not forget it."""
        if tag not in TEXTS:
            raise Odd("xml:base")
        if not self._base:
            self._rebase = True
            if self._entry:
                self._entry.absolute_only = True

    def _between(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Look for the next entry."""
        role = ROLES.get(tag)
        if tag in CONTENTS or self._text_depth:
            raise Odd("content, or markup in a text, of the feed")
        if self._aside_depth:
            return
        if tag in {"item", "entry"}:
            self._begin(attributes)
        elif tag in {"image", "textinput"}:
            self._aside_depth = self._depth
        elif role in {"title", "text", "unread"}:
            self._text_depth = self._depth
            if role == "text":
                self._described(tag)

    def _described(self, tag: str) -> None:
        """Note the feed's descriptions: after a second one, its first entry `hasContent`."""
        if self._has_summary:
            self._has_content = True
        elif tag in {"summary", "itunes_summary"}:
            self._has_summary = True

    def _begin(self, attributes: Mapping[str, str]) -> None:
        if attributes and any(name.lower() in {"href", "lastmod"} for name in attributes):
            raise Odd("CDF")
        self._entry_depth = self._depth
        self._entry = EntryReader(
            Entry(id=attributes.get(f"{RDF} about") or None),
            atom=self._atom,
            base=self._base,
            absolute_only=self._rebase,
            has_content=self._has_content,
        )
        self._has_content = False

    def _passed(self, tag: str) -> None:
        """Pass by an element of the feed that an entry was taken from."""
        if tag in CONTENTS or tag == "source" or (self._depth > self._source_depth + 1 and tag not in PERSON):
            raise Odd("a source with more to it")

    def _within(self, entry: EntryReader, tag: str, attributes: Mapping[str, str], depth: int) -> None:
        if self._open and not (tag in PERSON and self._open[-1][1] == "author"):
            raise Odd("markup in a text")
        if tag == "source":
            entry.source(depth)
            self._source_depth = depth
        elif tag != OTHER:
            found = entry.begin(tag, attributes, depth)
            if found:
                self._open.append((depth, found[0], [], found[1]))
