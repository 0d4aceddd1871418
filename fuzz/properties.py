"""What must hold of whatever `scan` keeps, shows or sends."""

import json
import unicodedata

import msgspec

from scan.model import Item, Rejected
from scan.normalize.attributes import MAX_SIZE
from scan.normalize.identity import MAX_KEY
from scan.normalize.text import MAX_LINE, MAX_TEXT
from scan.normalize.urls import MAX_URL

_HARMFUL = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DRIVING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of the text after it (UAX #9)."""


def assert_line(text: str, limit: int) -> None:
    """Hold a text to be one line that drives nothing and fits."""
    assert len(text) <= limit
    assert text == " ".join(text.split())
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    """Hold a text to have no control but line ends, no half character, nothing that turns directions."""
    assert not _DRIVING & set(text)
    assert {unicodedata.category(character) for character in text.replace("\n", " ")}.isdisjoint({"Cc", "Cs"}), ascii(
        text
    )


def is_harmless(text: str) -> bool:
    """Tell whether a text drives nothing; what it says may be of tomorrow's Unicode, or of somebody's own."""
    return _HARMFUL.isdisjoint(map(unicodedata.category, text))


def assert_one_line(message: str) -> None:
    """Hold a message for people to be one printable line."""
    assert message.isprintable(), ascii(message)


def assert_item(item: Item | Rejected) -> None:
    """Hold an item to be fit to be stored, matched and told, and no larger than it may be."""
    encoded = json.dumps(msgspec.to_builtins(item), allow_nan=False, ensure_ascii=False).encode()
    assert msgspec.msgpack.encode(item)
    if isinstance(item, Rejected):
        assert_line(item.example, 4 * MAX_LINE)
        return
    for text, limit in ((item.key, MAX_KEY), (item.title, MAX_LINE), (item.url or "", MAX_URL)):
        assert_line(text, limit)
    for text in (item.organization or "", item.location or ""):
        assert_line(text, MAX_LINE)
    assert item.title
    assert item.key
    assert item.url is None or item.url.isascii()
    assert_harmless(item.text)
    assert len(item.text.encode()) <= MAX_TEXT
    assert len(encoded) <= MAX_TEXT * 2 + 8 * MAX_SIZE + 4 * MAX_URL
