"""The engine: which searches an item meets, and why."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from scan.match.explanation import Condition, Explanation
from scan.match.finder import Finder, Hits
from scan.match.plan import Group, Index, Plan, Vocabulary, bits
from scan.match.reading import Reading
from scan.match.search import FIELDS, Search
from scan.match.where import Verdicts, Where
from scan.model import Item, Reason


class Matcher:
    """Searches, compiled once for one run.

    Args:
        searches: without `problems`, names unique.
        now: what `now` means in a `where`; aware.

    Raises:
        ValueError: a search has a problem.

    """

    def __init__(self, searches: Sequence[Search], *, now: datetime) -> None:
        vocabulary = Vocabulary()
        self._plans = tuple(vocabulary.plan(search) for search in searches)
        self._index = Index(self._plans)
        self._finder = Finder(vocabulary)
        self._wheres = {search.name: Where(search.where) for search in searches if search.where is not None}
        self._now = now

    def match(
        self, item: Item, candidates: Collection[str] | None = None
    ) -> tuple[tuple[Search, tuple[Reason, ...]], ...]:
        """Tell which searches an item meets, in their order, each with what was found.

        Args:
            item: normalized.
            candidates: the names of the searches to try, best as a set; all by default.

        """
        hits = self._finder.find(Reading(item))
        worth = self._index.worth_evaluating(hits.found)
        if not worth:
            return ()
        verdicts = Verdicts(self._wheres, item, self._now)
        return tuple(
            (plan.search, tuple(_reasons(plan, hits)))
            for plan in (self._plans[place] for place in worth)
            if (candidates is None or plan.search.name in candidates)
            and plan.holds(hits.found)
            and verdicts.of(plan.search.name).held
        )

    def may_match(self, item: Item, candidates: Collection[str], open_: Collection[str]) -> bool:
        """Tell whether one of some searches may match an item of which some fields are not known yet.

        Args:
            item: normalized, as far as it is known.
            candidates: the names of the searches.
            open_: the fields that are not known, or may change. Attributes and times always may: a `where` is open.

        """
        found = self._finder.find(Reading(item)).found
        fields = bits(open_)
        return any(plan.may_hold(found, fields) for plan in self._plans if plan.search.name in candidates)

    def explain(self, item: Item) -> tuple[Explanation, ...]:
        """Tell of every search, in their order, which of its conditions an item meets."""
        hits = self._finder.find(Reading(item))
        verdicts = Verdicts(self._wheres, item, self._now)
        return tuple(_explanation(plan, hits, verdicts) for plan in self._plans)


def _reasons(plan: Plan, hits: Hits) -> Iterator[Reason]:
    for group in plan.wanted:
        yield from _found(group, hits)
    if plan.search.where is not None:
        yield Reason(rule="where", term=plan.search.where)


def _found(group: Group, hits: Hits) -> Iterator[Reason]:
    """Show where each word of a group is first found."""
    for term, literal in zip(group.terms, group.literals, strict=True):
        fields = hits.found.get(literal, 0) & group.fields
        if fields:
            field = (fields & -fields).bit_length() - 1  # the lowest bit
            yield Reason(rule=group.rule, term=term, field=FIELDS[field], excerpt=hits.excerpt(literal, field))


def _explanation(plan: Plan, hits: Hits, verdicts: Verdicts) -> Explanation:
    conditions = [
        *(condition for group in plan.wanted for condition in _conditions(group, hits, wanted=True)),
        *(condition for group in plan.unwanted for condition in _conditions(group, hits, wanted=False)),
    ]
    if plan.search.where is not None:
        verdict = verdicts.of(plan.search.name)
        conditions.append(Condition(rule="where", term=plan.search.where, held=verdict.held, note=verdict.note))
    held = all(condition.held for condition in conditions)
    return Explanation(search=plan.search.name, held=held, conditions=tuple(conditions))


def _conditions(group: Group, hits: Hits, *, wanted: bool) -> list[Condition]:
    found = [
        Condition(rule=reason.rule, term=reason.term, held=wanted, field=reason.field, excerpt=reason.excerpt)
        for reason in _found(group, hits)
    ]
    return found or [Condition(rule=group.rule, term=", ".join(group.terms), held=not wanted)]
