"""Where in a text shown to people a term of a search is."""

from typing import NamedTuple

from scan.match.edges import stands
from scan.match.fold import fold, fold_word, places, plain
from scan.match.patterns import MARK, compile_pattern


class Marked(NamedTuple):
    """A text in three, the hit in the middle; together they are the whole text."""

    before: str
    hit: str
    after: str


def mark(term: str, text: str) -> Marked | None:
    """Find the first hit of a term in a text, such as the excerpt that a reason shows.

    Args:
        term: a word, a phrase, or `re:` and an RE2 pattern, as the config has it.
        text: one line.

    Returns:
        None if it isn't there: a pattern may have needed what the excerpt left out.

    """
    text = plain(text)
    found = _pattern(term.removeprefix(MARK), text) if term.startswith(MARK) else _word(fold_word(term), text)
    if found is None:
        return None
    start, end = found
    return Marked(text[:start], text[start:end], text[end:])


def _pattern(pattern: str, text: str) -> tuple[int, int] | None:
    try:
        found = compile_pattern(pattern).search(text)
    except ValueError:  # the config it was recorded with was another one
        return None
    return found.span() if found and found.end() > found.start() else None


def _word(word: str, text: str) -> tuple[int, int] | None:
    folded = f"\0{fold(text)}\0"
    start = folded.find(word, 1) if word else -1
    while start > 0 and not stands(folded, start, start + len(word)):
        start = folded.find(word, start + 1)
    if start < 1:
        return None
    origin = places(text)
    return origin[start - 1], origin[start + len(word) - 2] + 1
