"""What is wrong with a search, found when the config is read."""

from collections.abc import Iterable, Iterator

from scan.declare import Problem
from scan.match.edges import stands
from scan.match.fold import fold_word
from scan.match.patterns import MARK, compile_pattern
from scan.match.plan import scopes
from scan.match.search import Search


def problems(search: Search) -> Iterable[Problem]:
    """Find what a search can't be used with: words, patterns and conditions that don't work, and contradictions.

    A problem's path leads from the search as the config writes it: `("any", 0)`, `("title", "none", 1)`, `("where",)`.
    """
    broken = list(_broken_terms(search))
    yield from broken
    if not broken:
        yield from _contradictions(search)
    if search.where is not None:
        from scan.match.where import check

        try:
            check(search.where)
        except ValueError as error:
            yield Problem(("where",), str(error))


def _broken_terms(search: Search) -> Iterator[Problem]:
    for prefix, words, _ in scopes(search):
        for rule, terms in (("any", words.any), ("all", words.all), ("none", words.none)):
            for place, term in enumerate(terms):
                complaint = _complaint(term)
                if complaint:
                    yield Problem((*_path(prefix), rule, place), complaint)


def _path(prefix: str) -> tuple[str, ...]:
    return (prefix.removesuffix("."),) if prefix else ()


def _complaint(term: str) -> str | None:
    if not term.startswith(MARK):
        return None if fold_word(term) else "is empty; give a word, a phrase or re: and a pattern"
    try:
        compiled = compile_pattern(term.removeprefix(MARK))
    except ValueError as error:
        return str(error)
    return "the pattern is found in every text; make it need at least one character" if compiled.search("") else None


def _contradictions(search: Search) -> Iterator[Problem]:
    """Find words without which the search can't hold, and which can't be there without an unwanted one."""
    unwanted = [(term, fields) for _, words, fields in scopes(search) for term in words.none]

    def excluding(term: str, fields: int) -> str | None:
        covering = (other for other, excluded in unwanted if fields & ~excluded == 0)
        return next((other for other in covering if _contains(term, other)), None)

    for prefix, words, fields in scopes(search):
        for place, term in enumerate(words.all):
            if other := excluding(term, fields):
                yield Problem((*_path(prefix), "all", place), f"can never hold: {other!r} is under none")
        others = [excluding(term, fields) for term in words.any]
        if others and all(others):
            excluded = ", ".join(repr(other) for other in dict.fromkeys(others))
            yield Problem((*_path(prefix), "any"), f"can never hold: {excluded} under none leaves nothing of it")


def _contains(term: str, other: str) -> bool:
    if MARK in {term[:3], other[:3]}:
        return term == other
    text, word = f"\0{fold_word(term)}\0", fold_word(other)
    start = text.find(word)
    while start >= 0:
        if stands(text, start, start + len(word)):
            return True
        start = text.find(word, start + 1)
    return False
