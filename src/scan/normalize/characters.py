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


_MARKS = 30
"""How many UAX #15 allows on one letter in a stream: sorting more takes Python quadratic time."""
_PILE = re.compile(rf"[^\w\s\0-\x7f…]{{{_MARKS + 1},}}")
"""Where one may be. An ellipsis is in none: `cut` may put it after 30, and cleaning again is to change nothing."""
_LINES = bytes((ord("\n"), *range(32, 127)))


def clean(text: str) -> str:
    """Drop what nobody sees, put U+FFFD for lone surrogates, compose accents (NFC). White space stays as it is."""
    if not text.isprintable():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = _UNSEEN.sub("", text)
    return text if text.isascii() else _composed(text)


def fold_lines(text: str) -> str:
    """Clean; fold the white space within lines; leave out empty lines."""
    text = text.replace("\t", " ").replace("\xa0", " ")
    text = "\n".join(filter(None, map(str.strip, text.split("\n"))))
    while "  " in text:
        text = text.replace("  ", " ")
    if text.isascii():
        if not text.encode().translate(None, _LINES):  # a quarter of what `isprintable` takes
            return text
    elif text.replace("\n", " ").isprintable():
        return _composed(text)
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join([line for line in lines if line])


def _composed(text: str) -> str:
    """Compose accents (NFC), of which no letter keeps more than 30."""
    if len(text.encode("iso-8859-1", "ignore")) == len(text):
        return text  # of Latin-1 all is composed, and that is found out sooner
    if len(text.encode()) - len(text) > _MARKS:  # each mark takes two bytes or more: there may be as many
        text = _PILE.sub(_lowered, text)
    return unicodedata.normalize("NFC", text)


def _lowered(pile: re.Match[str]) -> str:
    return pile[0][:_MARKS] if any(map(unicodedata.combining, pile[0])) else pile[0]


def cut(text: str, limit: int) -> str:
    """Shorten to at most `limit` characters, the last of which then is an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut_bytes(text: str, limit: int) -> str:
    """Shorten to at most `limit` bytes of UTF-8, between two characters."""
    if len(text) * 4 <= limit or len(encoded := text.encode()) <= limit:
        return text
    return encoded[:limit].decode("utf-8", "ignore").rstrip()
