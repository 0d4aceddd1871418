"""Stored items whose own pages are still to be read."""

from collections.abc import Mapping

from scan.changes import DetailState
from scan.config.model import SourceEntry
from scan.details.memory import Memory
from scan.model import RawItem, StoredItem

NO_FIELDS: frozenset[str] = frozenset()


class Outstanding:
    """The pages that are still to be read of stored items.

    Args:
        entries: the sources, by name.
        memory: what is stored of their items.

    """

    def __init__(self, entries: Mapping[str, SourceEntry], memory: Memory) -> None:
        self._entries, self._memory = entries, memory
        self._states: dict[str, Mapping[int, DetailState]] = {}

    def open_fields(self, row: StoredItem) -> frozenset[str]:
        """Give the fields of an item that its page may change, which no search has wanted yet, or which still fails."""
        entry = self._entries[row.item.source]
        if not (entry.enabled and entry.reads_details):
            return NO_FIELDS
        if entry.name not in self._states:
            self._states[entry.name] = self._memory.detail_states(entry.name)
        state = self._states[entry.name].get(row.id)
        if state is not None and state.tries is None:
            return NO_FIELDS
        item = row.item
        raw = RawItem(key=item.key, title=item.title, url=item.url, attributes=dict(item.attributes))
        detail = entry.source.detail(raw)
        return detail.gives if detail is not None else NO_FIELDS
