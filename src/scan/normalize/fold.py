"""Texts made comparable: case and accents aside."""

import unicodedata


def fold(text: str) -> str:
    """Drop case and accents: `Ingénieur` becomes `ingenieur`, `Straße` becomes `strasse`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join([character for character in decomposed if not unicodedata.combining(character)])
    return unicodedata.normalize("NFC", bare)
