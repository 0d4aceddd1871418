"""Where a word begins and ends, so that `java` isn't found in JavaScript, nor `c` in C++. See docs/searches.md."""

import re
import unicodedata

_UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul has spaces, but hangs particles on its nouns
    "]"
)
"""Scripts in which nothing shows where a word ends."""


def _is_word(character: str) -> bool:
    return (
        character.isalnum()
        or character == "_"
        or (character > "\x7f" and unicodedata.category(character).startswith("M"))  # the vowel signs of Hindi
    )


def _joins(one: str, other: str) -> bool:
    """Tell whether two neighbours belong to one word."""
    return _is_word(one) and not _UNSPACED.match(one) and not _UNSPACED.match(other)


def stands(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` stands there as whole words.

    Args:
        text: folded, with a character before `start` and one at `end` (fields are padded).
        start: of the word.
        end: of the word, `start < end`.

    """
    before, first, last, after = text[start - 1], text[start], text[end - 1], text[end]
    if _joins(before, first):
        return False
    if _joins(after, last):
        return after.isdigit() and not _is_word(last)  # c++17
    if after == "#" or text.startswith("++", end) or last == after == "+":
        return False
    return end - start > 1 or not first.isalpha() or _stands_alone(text, start)


def _stands_alone(text: str, place: int) -> bool:
    """Tell whether one letter is a word there: not so in R&D, it's, A+."""
    before, after = text[place - 1], text[place + 1]
    if before in "&'" and _is_word(text[place - 2]):
        return False
    return after != "+" and not (after in "&'" and _is_word(text[place + 2]))
