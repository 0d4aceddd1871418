"""Which items' own pages are worth reading."""

from collections.abc import Collection, Sequence
from datetime import datetime

from scan.changes import DetailState, Known
from scan.config.model import SourceEntry
from scan.details.cleaning import normalized
from scan.details.memory import Memory
from scan.match.matcher import Matcher
from scan.model import Item, RawItem
from scan.normalize import identify, raw_hash
from scan.sources.base import Detail
from scan.sources.detailing import Wanted


class Chooser:
    """Chooses the items of one source whose own pages are to be read.

    Args:
        entry: the source.
        memory: what is stored of its items.
        matcher: knows the searches.
        searches: the names of those that look at this source.
        now: the run's time.

    """

    def __init__(
        self, entry: SourceEntry, *, memory: Memory, matcher: Matcher, searches: Collection[str], now: datetime
    ) -> None:
        self._entry, self._memory, self._matcher = entry, memory, matcher
        self._searches, self._now = searches, now

    def __call__(self, items: Sequence[RawItem]) -> list[Wanted]:
        """Choose: what failed before comes last."""
        if not self._searches:
            return []
        raw = {key: item for item in reversed(items) if (key := identify(item)) is not None}
        known = self._memory.known(self._entry.name, raw.keys())
        states = self._memory.detail_states(self._entry.name)
        wanted: list[tuple[int, Wanted]] = []
        for key in reversed(raw):
            before = known.get(key)
            state = states.get(before.id) if before is not None else None
            detail = self._wanted(raw[key], before, state)
            if detail is not None:
                wanted.append((state.tries or 0 if state is not None else 0, Wanted(key=key, detail=detail)))
        wanted.sort(key=lambda each: each[0])
        return [one for _, one in wanted]

    def _wanted(self, raw: RawItem, before: Known | None, state: DetailState | None) -> Detail | None:
        settled = state is not None and state.tries is None
        if settled and before is not None and before.raw_hash == raw_hash(raw):
            return None
        detail = self._entry.source.detail(raw)
        item = normalized(self._entry, raw, self._now) if detail is not None else None
        if detail is None or not isinstance(item, Item):
            return None
        if settled and state is not None and state.listed == item.content_hash:
            return None
        return detail if self._matcher.may_match(item, self._searches, detail.gives) else None
