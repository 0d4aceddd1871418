"""Texts as words are compared: case, accents, widths and spaces aside.

Folding is done character by character, so that a place in a folded text leads back to the text it came from. It keeps
what makes another letter in its alphabet (the Cyrillic й, the dakuten of が) and drops what is an accent on a Latin or
Greek one. NUL stands between fields and is never touched.

Sources: Unicode 15 chapters 3.13 (case folding) and 5.18; UAX #15 (normal forms).
"""

import re
import unicodedata
from collections.abc import Sequence

_SPELLED = {
    **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 - the look-alikes are the point
    **dict.fromkeys("‘’‚ʼ", "'"),  # noqa: RUF001 - as above
    **dict.fromkeys("“”„", '"'),
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",  # noqa: RUF001 - as above
    "ё": "е",  # noqa: RUF001 - both are Cyrillic
}
"""What people type in its place; Unicode gives these no decomposition."""

_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_HIGHEST = 30
_PILE = re.compile(rf"[^\w\s\0-\x7f]{{{_HIGHEST + 1},}}")
"""More marks on a letter than UAX #15 allows in a stream: sorting them takes Python quadratic time."""

_PRINTABLE = bytes((0, *range(32, 127)))
_END_OF_GREEK = "\u0400"

_HANDFUL = 64
"""Characters that are sooner replaced one by one: an alphabet in both cases. A table is asked for each place."""

_REMEMBERED = 50_000
"""Characters whose folding is kept: all that people write, not all that a hostile page could send."""


def _fold_character(character: str) -> str:
    if character == "\0":
        return character
    if character.isspace() or character < " ":
        return " "
    if _INVISIBLE.match(character):
        return ""
    letters = unicodedata.normalize("NFKD", character).casefold()
    drops_accents = letters[0] < _END_OF_GREEK or not letters[0].isalpha()
    letters = _ACCENT.sub("", letters) if drops_accents else unicodedata.normalize("NFKC", letters)
    return "".join(_SPELLED.get(letter, letter) for letter in letters).replace("\0", " ").lower()


class _Characters(dict[int, str]):
    """A table for `str.translate` that fills itself."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_CHARACTERS = _Characters()
_ASCII = "".join(_fold_character(chr(code)) for code in range(128)).encode() + bytes(range(128, 256))
"""What becomes of each byte of UTF-8."""


def plain(text: str) -> str:
    """Bring a text into the form that places refer to: composed, without NUL and lone surrogates."""
    if not text.isascii() and len(text.encode("iso-8859-1", "ignore")) != len(text):  # Latin-1 is composed
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-8", "replace").decode()
        if any(map(unicodedata.combining, _others(text))):
            text = _PILE.sub(lambda pile: pile[0][:_HIGHEST], text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return text.replace("\0", " ") if "\0" in text else text


def fold(text: str) -> str:
    """Fold a plain text. Runs of spaces, line ends among them, become one space."""
    folded = _letters(text)
    while "  " in folded:
        folded = folded.replace("  ", " ")
    return folded


def _letters(text: str) -> str:
    """Fold each character. Most texts have a handful that aren't ASCII, each replaced in a µs or two."""
    if not text.isascii():
        others = _others(text)
        if len(others) > _HANDFUL:
            return text.translate(_CHARACTERS)
        for character in others:
            text = text.replace(character, _CHARACTERS[ord(character)])
    return text.encode().translate(_ASCII).decode()  # what isn't ASCII is folded already, and `lower` takes its time


def _others(text: str) -> set[str]:
    """Collect what isn't a printable character of ASCII."""
    return set(text.encode().translate(None, _PRINTABLE).decode())


def fold_word(word: str) -> str:
    """Fold a word or phrase of a search."""
    return fold(plain(word)).strip()


def places(text: str) -> Sequence[int]:
    """Tell for each character of `fold(text)` where in the plain text it comes from."""
    found: Sequence[int] = range(len(text))
    if any(len(_CHARACTERS[ord(character)]) != 1 for character in _others(text)):
        found = [place for place, character in enumerate(text) for _ in _CHARACTERS[ord(character)]]
    letters = _letters(text)
    if "  " not in letters:
        return found
    following = zip(found, letters, "\0" + letters[:-1], strict=True)
    return [place for place, letter, before in following if not letter == before == " "]
