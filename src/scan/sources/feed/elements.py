"""The elements of an entry, each read as feedparser reads it. Where a rule is surprising, its name there is given.

Source: feedparser 6.0.12, mixin.py and namespaces/.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urljoin

from scan.sources.feed.entry import Entry
from scan.sources.feed.names import CONTENTS, ROLES, TIMES

Close = Callable[[str], None]
"""Takes the stripped text of an element where it ends."""

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

    def __init__(self, entry: Entry, *, atom: bool, base: str, absolute_only: bool, has_content: bool) -> None:
        self.absolute_only = absolute_only
        self._entry, self._atom, self._base = entry, atom, base
        self._depths: dict[str, int] = {}
        self._title_depth = -1
        self._source_depth: int | None = None
        self._has_content = has_content
        self._summary: tuple[str, bool] | None = None
        self._person: dict[str, str] = {}

    def begin(self, tag: str, attributes: Mapping[str, str], depth: int) -> tuple[str, Close] | None:
        """Tell what part the element plays, and what to do with its text; None for no matter.

        Raises:
            Odd: feedparser should see to it.

        """
        role = ROLES.get(tag)
        if role is None:
            return None
        if attributes:
            attributes = {name.lower(): value for name, value in attributes.items()}
        close = _BEGIN[role](self, tag, attributes, depth)
        return (role, close) if close else None

    def source(self, depth: int) -> None:
        """Note that the feed which the entry was taken from is passed by."""
        self._title_depth, self._source_depth = -1, depth

    def finish(self) -> Entry:
        """Give the entry, once it has ended."""
        if self._summary is not None:
            self._entry.texts.append(self._summary)
        return self._entry

    def _odd(self, tag: str, _attributes: Mapping[str, str], _depth: int) -> Close:
        raise Odd(tag)

    def _unread(self, _tag: str, _attributes: Mapping[str, str], _depth: int) -> Close:
        return lambda _: None

    def _time(self, tag: str, _attributes: Mapping[str, str], depth: int) -> Close:
        return lambda text: self._store(TIMES[tag], text, depth)

    def _store(self, field: str, text: str, depth: int) -> None:
        """Keep a value unless one was found higher up (`property_depth_map`)."""
        if depth <= self._depths.get(field, depth):
            self._depths[field] = depth
            setattr(self._entry, field, _mended(text))

    def _title(self, tag: str, attributes: Mapping[str, str], depth: int) -> Close:
        _text_type(attributes)
        if self._source_depth is not None and depth > self._source_depth:
            raise Odd("a title further down, after a source")  # title_depth is the source's title's then

        def close(text: str) -> None:
            if not -1 < self._title_depth <= depth:
                self._store("title", text, depth)
            if text and tag != "media_title":
                self._title_depth = depth

        return close

    def _id(self, _tag: str, attributes: Mapping[str, str], depth: int) -> Close:
        permalink = attributes.get("ispermalink", "true") == "true"

        def close(text: str) -> None:
            resolved = self._resolved(text) if text and permalink else text
            self._store("id", resolved, depth)
            if permalink and self._entry.link is None:
                self._entry.link = _mended(resolved)

        return close

    def _link(self, _tag: str, attributes: Mapping[str, str], _depth: int) -> Close | None:
        href = attributes.get("url", attributes.get("uri", attributes.get("href")))
        if not href:
            return self._end_link
        kind = attributes.get("type", "text/html").lower()
        if attributes.get("rel", "alternate").lower() == "alternate" and kind in _HTML_TYPES:
            self._entry.link = self._resolved(href)
        return None

    def _end_link(self, text: str) -> None:
        link = _mended(self._resolved(text) if text else text)
        if "&" in link:
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

    def _text(self, tag: str, attributes: Mapping[str, str], depth: int) -> Close:
        second = tag not in CONTENTS and self._summary is not None and not self._has_content
        usual = "plain" if second or tag in _USUALLY_PLAIN else "html"
        plain = self._atom and (_text_type(attributes) or usual) == "plain"
        if second or tag in CONTENTS:
            self._has_content = True
            return lambda text: self._end_content(_mended(text), plain=plain)
        return lambda text: self._end_summary(_mended(text), depth, plain=plain)

    def _end_content(self, text: str, *, plain: bool) -> None:
        self._entry.texts.append((text, plain))
        if self._summary is None:
            self._summary = (text, plain)

    def _end_summary(self, text: str, depth: int, *, plain: bool) -> None:
        if depth <= self._depths.get("summary", depth):
            self._depths["summary"] = depth
            self._summary = (text, plain)

    def _author(self, _tag: str, _attributes: Mapping[str, str], depth: int) -> Close:
        if "@" in (self._entry.author or ""):
            raise Odd("an author after one with an address")  # _save_author mixes them up
        self._person = {}
        before = self._entry.author

        def close(text: str) -> None:
            if before and self._person and "name" not in self._person:
                raise Odd("a second author without a name")  # _save_author gives it the first one's
            self._store("author", text, depth)
            name, email = self._person.get("name"), self._person.get("email")
            if name or email:
                self._entry.author = f"{name} ({email})" if name and email else name or email
            self._person = {}

        return close

    def _person_part(self, tag: str, _attributes: Mapping[str, str], _depth: int) -> Close:
        return lambda text: self._person.update({tag: text})

    def _category(self, tag: str, attributes: Mapping[str, str], _depth: int) -> Close:
        itunes = tag == "itunes_category"
        term = attributes.get("text" if itunes else "term")
        label = None if itunes else attributes.get("label")
        if term or label:
            self._entry.tags.append(term or label or "")

        def close(text: str) -> None:
            if text and label and not term:
                raise Odd("a category with two names")
            if text:
                self._entry.tags.append(_mended(text))

        return close

    def _keywords(self, _tag: str, _attributes: Mapping[str, str], _depth: int) -> Close:
        return lambda text: self._entry.tags.extend(filter(None, map(str.strip, _mended(text).split(","))))


_BEGIN: Mapping[str, Callable[[EntryReader, str, Mapping[str, str], int], Close | None]] = {
    role: getattr(EntryReader, f"_{role}") for role in set(ROLES.values())
}


def _text_type(attributes: Mapping[str, str]) -> str | None:
    """Say `plain` or `html`; None for nothing said."""
    if "mode" in attributes or "src" in attributes:
        raise Odd("mode or src")
    declared = attributes.get("type")
    if declared is not None and declared.lower() not in _TYPES:
        raise Odd(f"type {declared}")
    return None if declared is None else _TYPES[declared.lower()]


def _mended(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1 and encoded again, and windows-1252 that was taken for Latin-1 (`pop`)."""
    if text.isascii():
        return text
    with suppress(UnicodeError):  # nearly always: nothing was encoded twice
        text = text.encode("iso-8859-1").decode("utf-8")
    may_be_c1 = b"\xc2" in text.encode("utf-8", "replace")  # what they all begin with, found sooner
    return text.translate(_WINDOWS) if may_be_c1 and _C1.search(text) else text
