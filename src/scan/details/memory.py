"""What is stored of the items of a source, as far as their own pages go."""

from collections.abc import Collection, Mapping
from typing import Protocol

from scan.changes import DetailState, Known
from scan.model import StoredItem


class Memory(Protocol):
    """What the store knows of a source's items."""

    def known(self, source: str, keys: Collection[str]) -> Mapping[str, Known]:
        """Read what comparing needs, by key."""

    def detail_states(self, source: str) -> Mapping[int, DetailState]:
        """Read what is remembered of the items' own pages, by row."""

    def stored(self, ids: Collection[int]) -> Mapping[int, StoredItem]:
        """Read items whole, by row."""


class Nothing:
    """What is known before the first run."""

    def known(self, source: str, keys: Collection[str]) -> Mapping[str, Known]:
        """Know no item."""
        del source, keys
        return {}

    def detail_states(self, source: str) -> Mapping[int, DetailState]:
        """Know no page."""
        del source
        return {}

    def stored(self, ids: Collection[int]) -> Mapping[int, StoredItem]:
        """Hold nothing."""
        del ids
        return {}
