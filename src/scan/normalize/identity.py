"""What tells one item from another, and an item from what it was."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b

import msgspec

from scan.model import RawItem
from scan.normalize.attributes import clean_attributes, digits
from scan.normalize.characters import clean
from scan.normalize.fold import fold
from scan.normalize.text import one_line
from scan.normalize.urls import absolute, canonical

NORMALIZER = b"1"
"""Raise it when normalization gives other results for the same raw item: every item is looked at again."""

MAX_KEY = 300
"""Characters of a key; a longer one is replaced by its hash."""

_pack = msgspec.msgpack.Encoder().encode
_WORDS = re.compile(r"[\w+#]+")
_APART = bytes(code if _WORDS.match(chr(code)) else ord(" ") for code in range(128)) + bytes(128)
"""What `bytes.translate` makes of ASCII, at a third of what the expression takes."""
_GENDERS = re.compile(
    r"[(\[](?:[dfhkmnwx*](?: ?[/|,*] ?(?:[dfhkmnwx*]|div)){1,4}|gn|all genders?)[)\]]|\b[dfmwx](?:/[dfmwx]){2,3}\b"
)
_LEGAL_FORM_NAMES = """
    ab ag aps as bv co corp corporation gmbh inc incorporated kg kgaa limited llc llp ltd nv oy oyj plc pte pty
    sa sarl sas se sl spa srl ug
"""
_LEGAL_FORMS = frozenset(_LEGAL_FORM_NAMES.split())


def raw_hash(raw: RawItem) -> bytes:
    """Give 16 bytes that differ when an item's source writes it differently, before any cleaning. Cheap."""
    try:
        packed = _pack(raw)
    except (ValueError, OverflowError, TypeError, RecursionError):
        packed = _pack(_packable(raw))
    return _digest(packed, NORMALIZER)


def _packable(raw: RawItem) -> tuple[object, ...]:
    """Make lone surrogates, huge numbers and endless nesting what can be packed."""
    places = (raw.location,) if isinstance(raw.location, str) else raw.location or ()
    texts = (raw.title, raw.url, raw.base, raw.organization, raw.text, raw.markup, *places)
    times = [digits(at) if isinstance(at, int) else repr(at) for at in (raw.published_at, raw.updated_at)]
    written = [text and text.encode("utf-8", "surrogatepass") for text in texts]
    return own_key(raw), written, times, clean_attributes(raw.attributes)


def identify(raw: RawItem, page_url: str = "") -> str | None:
    """Give an item's key: the source's own id, else the canonical address, else a hash of the title; else None.

    Args:
        raw: as its source wrote it.
        page_url: where it was found, for a relative address.

    """
    if key := own_key(raw):
        return key
    if raw.url and (url := canonical(raw.url, base_of(raw, page_url))):
        return _bounded(url)
    title = one_line(raw.title or "")
    return f"title:{_hash(fold(title) or title).hex()}" if title else None


def own_key(raw: RawItem) -> str:
    """Give the source's own id as text; empty where it has none."""
    if raw.key is None:
        return ""
    key = digits(raw.key) if isinstance(raw.key, int) else raw.key
    if not (key.isascii() and key.isprintable()):
        key = clean(key)
    elif " " not in key:  # nearly always
        return _bounded(key)
    return _bounded(" ".join(key.split()))


def base_of(raw: RawItem, page_url: str) -> str:
    """Give what an item's relative addresses are relative to."""
    return absolute(raw.base, page_url) or page_url if raw.base else page_url


def content_hash(
    *,
    title: str,
    url: str | None,
    organization: str | None,
    location: str | None,
    text: str,
    published_at: datetime | None,
    attributes: Mapping[str, object],
) -> bytes:
    """Give 16 bytes that differ when the content does: of normalized texts, the canonical address and clean attributes.

    An approximate time must be left out: "5 days ago" is another day tomorrow.
    """
    return _hash((title, url, organization, location, text, published_at, attributes))


def fingerprint(*, title: str, url: str | None, organization: str | None, location: str | None) -> bytes | None:
    """Give 16 bytes that are the same for the same posting elsewhere; None where too little is known to tell.

    Of normalized texts; the canonical address counts only where no organization is known.
    """
    if organization:
        return _hash((_organization(organization), _title(title), _location(location or "")))
    return _hash((url, _title(title))) if url else None


def _hash(value: object) -> bytes:
    return _digest(_pack(value), b"")


def _digest(packed: bytes, person: bytes) -> bytes:
    hasher = _hasher(person).copy()  # in half the time of another one
    hasher.update(packed)
    return hasher.digest()


@cache
def _hasher(person: bytes) -> blake2b:
    return blake2b(digest_size=16, person=person)


def _bounded(key: str) -> str:
    return key if len(key) <= MAX_KEY else f"hash:{_hash(key).hex()}"


def _words(folded: str) -> str:
    """Leave only the words of a folded text; `+` and `#` are letters here, because C++ is not C#."""
    if folded.isascii():
        return " ".join(folded.encode().translate(_APART).decode().split()) or folded
    return " ".join(_WORDS.findall(folded)) or folded


def _title(title: str) -> str:
    folded = fold(title)
    if "/" in folded or "(" in folded or "[" in folded:
        return _words(_GENDERS.sub(" ", folded)) or _words(folded)
    return _words(folded)


@lru_cache(maxsize=256)  # a source's items have the same few
def _location(place: str) -> str:
    return _words(fold(place))


@lru_cache(maxsize=256)
def _organization(name: str) -> str:
    words = _words(fold(name.replace(".", ""))).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        del words[-1]
    return " ".join(words)
