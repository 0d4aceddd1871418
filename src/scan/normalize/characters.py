"""Which characters a text may hold at all."""

import re
import unicodedata

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are not white space
    "\xad\u034f\u180b-\u180e\u200b-\u200d\u2060-\u2065\ufeff"  # takes no room: soft hyphen, joiners, byte order mark
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # turns the direction of what follows
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # annotations, non-characters, tags
    "]"
)


_PILE = re.compile(r"[^\w\s\0-\x7f]{31,}")
"""More marks on a letter than UAX #15 allows in a stream (30): sorting them takes Python quadratic time."""


def clean(text: str) -> str:
    """Drop what nobody sees, put U+FFFD for lone surrogates, compose accents (NFC). White space stays as it is."""
    if not text.isprintable():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = _UNSEEN.sub("", text)
    return text if text.isascii() else _composed(text)


def fold_lines(text: str) -> str:
    """Clean; fold the white space within lines; leave out empty lines."""
    text = text.replace("\t", " ").replace("\xa0", " ")
    text = "\n".join([line for each in text.split("\n") if (line := each.strip())])
    while "  " in text:
        text = text.replace("  ", " ")
    if text.replace("\n", " ").isprintable():
        return text if text.isascii() else _composed(text)
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join([line for line in lines if line])


def _composed(text: str) -> str:
    """Compose accents (NFC), of which no letter keeps more than 30."""
    return unicodedata.normalize("NFC", _PILE.sub(_lowered, text))


def _lowered(pile: re.Match[str]) -> str:
    return pile[0][:30] if any(map(unicodedata.combining, pile[0])) else pile[0]


def cut(text: str, limit: int) -> str:
    """Shorten to at most `limit` characters, the last of which then is an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut_bytes(text: str, limit: int) -> str:
    """Shorten to at most `limit` bytes of UTF-8, between two characters."""
    if len(text) * 4 <= limit or len(encoded := text.encode()) <= limit:
        return text
    return encoded[:limit].decode("utf-8", "ignore").rstrip()
