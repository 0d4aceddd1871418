"""Finding the words and patterns of all searches in one item."""

from scan.match.edges import stands
from scan.match.excerpt import excerpt
from scan.match.patterns import Patterns
from scan.match.plan import Vocabulary
from scan.match.reading import Reading, Span

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_SMALL = 50_000
"""Characters of all words for which the quicker automaton takes no more than some 4 MB."""


class Hits:
    """What one item has of a vocabulary.

    Attributes:
        reading: the item.
        found: by literal, the fields it is found in, as bits.
        places: by word and field, where in the folded text it is first found.

    """

    __slots__ = ("_excerpts", "_patterns", "found", "places", "reading")

    def __init__(self, reading: Reading, patterns: Patterns) -> None:
        self.reading = reading
        self.found: dict[int, int] = {}
        self.places: dict[tuple[int, int], Span] = {}
        self._excerpts: dict[tuple[int, int], str] = {}
        self._patterns = patterns

    def excerpt(self, literal: int, field: int) -> str:
        """Show where in a field's own text a literal is first found."""
        if (literal, field) not in self._excerpts:
            self._excerpts[literal, field] = excerpt(self.reading.texts[field], *self._locate(literal, field))
        return self._excerpts[literal, field]

    def _locate(self, literal: int, field: int) -> Span:
        if literal >= 0:
            return self.reading.origin(field, self.places[literal, field])
        return self._patterns.locate(~literal, self.reading.texts[field])


class Finder:
    """A vocabulary, compiled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._patterns = Patterns(vocabulary.patterns)
        self._has_patterns = bool(vocabulary.patterns)
        self._words = None
        self._lettered = [word[0] in _LETTERS and word[-1] in _LETTERS for word in vocabulary.words]
        if vocabulary.words:
            from ahocorasick_rs import AhoCorasick, Implementation  # by those who match: the config needs none of it

            small = sum(map(len, vocabulary.words)) <= _SMALL
            self._words = AhoCorasick(vocabulary.words, implementation=Implementation.DFA if small else None)

    def find(self, reading: Reading) -> Hits:
        """Find everything an item has, in one pass for the words and one for the patterns."""
        hits = Hits(reading, self._patterns)
        self._find_words(hits)
        if self._has_patterns:
            for field, text in enumerate(reading.texts):
                for index in self._patterns.find(text) if text else ():
                    hits.found[~index] = hits.found.get(~index, 0) | 1 << field
        return hits

    def _find_words(self, hits: Hits) -> None:
        if self._words is None:
            return
        folded = hits.reading.folded
        matches = self._words.find_matches_as_indexes(folded, overlapping=True)
        if not matches:
            return
        bounds = [*hits.reading.bounds, len(folded)]
        found, places, lettered, field = hits.found, hits.places, self._lettered, 0
        for literal, start, end in matches:
            while start >= bounds[field + 1]:  # hits come in the order of their ends
                field += 1
            fields = found.get(literal, 0)
            if fields >> field & 1:
                continue
            before, after = folded[start - 1], folded[end]
            if before != " " or after != " ":  # what `stands` would say, only sooner
                if lettered[literal] and (before in _LETTERS or after in _LETTERS):
                    continue
                if not stands(folded, start, end):
                    continue
            found[literal] = fields | 1 << field
            places[literal, field] = (start, end)
