"""Searches as the engine evaluates them: literals by number, fields as bits.

A word or pattern that several searches use is one literal, found once in a text. Words count from 0 up, patterns
from -1 down.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from scan.match.fold import fold_word
from scan.match.patterns import MARK
from scan.match.reading import DEFAULT_FIELDS
from scan.match.search import FIELDS, Search, Words

Found = Mapping[int, int]
"""Which literals a text has, each with the fields (as bits) it is found in."""


class Group(msgspec.Struct, frozen=True):
    """Words of which one is enough.

    Attributes:
        rule: `any`, `all`, `none`, or with a field, `title.any`.
        terms: as the config has them.
        literals: their numbers.
        fields: where they are looked for, as bits.

    """

    rule: str
    terms: tuple[str, ...]
    literals: tuple[int, ...]
    fields: int

    def is_in(self, found: Found) -> bool:
        """Tell whether one of the words is found."""
        return any(found.get(literal, 0) & self.fields for literal in self.literals)


class Plan(msgspec.Struct, frozen=True):
    """One search's words: one of each group in `wanted`, nothing of those in `unwanted`."""

    search: Search
    wanted: tuple[Group, ...]
    unwanted: tuple[Group, ...]

    def holds(self, found: Found) -> bool:
        """Tell whether the words are as the search wants them. Its `where` is another matter."""
        return all(group.is_in(found) for group in self.wanted) and not any(
            group.is_in(found) for group in self.unwanted
        )

    def may_hold(self, found: Found, open_: int) -> bool:
        """Tell whether the words can still be as the search wants them.

        Args:
            found: what an item has so far.
            open_: the fields that are not known yet, or may change, as bits.

        """
        return all(group.fields & open_ or group.is_in(found) for group in self.wanted) and not any(
            found.get(literal, 0) & group.fields & ~open_ for group in self.unwanted for literal in group.literals
        )


class Vocabulary:
    """The literals of all searches, numbered."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._patterns: dict[str, int] = {}

    @property
    def words(self) -> tuple[str, ...]:
        """Folded, by their number."""
        return tuple(self._words)

    @property
    def patterns(self) -> tuple[str, ...]:
        """Without `re:`; the first is literal -1."""
        return tuple(self._patterns)

    def number(self, term: str) -> int:
        """Give a term of the config its number."""
        if term.startswith(MARK):
            return ~self._patterns.setdefault(term.removeprefix(MARK), len(self._patterns))
        return self._words.setdefault(fold_word(term), len(self._words))

    def plan(self, search: Search) -> Plan:
        """Lay a search out for evaluation."""
        wanted: list[Group] = []
        unwanted: list[Group] = []
        for prefix, words, fields in scopes(search):
            if words.any:
                wanted.append(self._group(f"{prefix}any", words.any, fields))
            wanted += [self._group(f"{prefix}all", (term,), fields) for term in words.all]
            unwanted += [self._group(f"{prefix}none", (term,), fields) for term in words.none]
        return Plan(search, tuple(wanted), tuple(unwanted))

    def _group(self, rule: str, terms: tuple[str, ...], fields: int) -> Group:
        return Group(rule, terms, tuple(self.number(term) for term in terms), fields)


def scopes(search: Search) -> Iterator[tuple[str, Words, int]]:
    """List a search's words with what stands before their rule's name, and the fields they look in, as bits."""
    yield "", search.words, DEFAULT_FIELDS
    for field, words in search.fields.items():
        yield f"{field}.", words, 1 << FIELDS.index(field)


def bits(fields: Collection[str]) -> int:
    """Give those of `FIELDS` that are named, as bits."""
    return sum(1 << place for place, field in enumerate(FIELDS) if field in fields)


def waits(search: Search, open_: Collection[str]) -> bool:
    """Tell whether what a search meets so far may yet turn out not to be wanted, once the open fields are known."""
    fields = bits(open_)
    return search.where is not None or any(words.none and looked_in & fields for _, words, looked_in in scopes(search))


class Index:
    """Which plans are worth evaluating, from what a text has: the cost follows the hits, not the number of searches.

    A plan waits for one of its wanted groups: the one whose words the fewest searches use, as those are rare in texts.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._waiting: dict[int, list[int]] = {}
        self._always: list[int] = []
        use = Counter(literal for plan in plans for group in plan.wanted for literal in group.literals)
        for place, plan in enumerate(plans):
            if plan.wanted:
                rarest = min(plan.wanted, key=lambda group: sum(use[literal] for literal in group.literals))
                for literal in rarest.literals:
                    self._waiting.setdefault(literal, []).append(place)
            else:
                self._always.append(place)

    def worth_evaluating(self, found: Collection[int]) -> list[int]:
        """Give the plans, by their place, in order."""
        if not found:
            return self._always
        places = {place for literal in found for place in self._waiting.get(literal, ())}
        return sorted(places.union(self._always))
