"""What becomes of an item with its own page, or without."""

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from scan.changes import DetailState, Known
from scan.config.model import SourceEntry
from scan.details.cleaning import normalized
from scan.details.memory import Memory
from scan.details.outstanding import NO_FIELDS
from scan.model import Item, RawItem, Rejected
from scan.normalize import raw_hash
from scan.sources.detailing import Told, completed

TRIES = 3
"""How often a page is asked for in vain before its item is taken as the list has it."""


class Whole:
    """The items of one result, each with what its own page says of it.

    Args:
        entry: the source.
        raw: its items as the list has them, by key.
        told: what came of the pages that were wanted.
        known: what is stored of the items, by key.
        memory: the rest of what is stored.
        now: the run's time.

    """

    def __init__(
        self,
        entry: SourceEntry,
        raw: Mapping[str, RawItem],
        told: Sequence[Told],
        *,
        known: Mapping[str, Known],
        memory: Memory,
        now: datetime,
    ) -> None:
        self._entry, self._raw, self._known, self._memory, self._now = entry, raw, known, memory, now
        self._before = memory.detail_states(entry.name) if entry.source.has_details and known else {}
        self._told = {one.key: one for one in told}
        self.states = {one.key: self._state(one) for one in told}
        """What is to be remembered of the pages that were wanted, by key."""

    @property
    def outstanding(self) -> bool:
        """Whether a page is still to be read: then the next run must see the list again, even an unchanged one."""
        return any(state.tries is not None for state in self.states.values())

    @property
    def completed(self) -> frozenset[str]:
        """The keys of known items that only now have their page, or are given up, while the list says the same."""
        return frozenset(
            key for key, state in self.states.items() if state.tries is None and self._is_unchanged(key, state)
        )

    def open_fields(self, key: str) -> frozenset[str]:
        """Give the fields of an item that its page, which is still to be read, may change."""
        state = self.states.get(key)
        return self._told[key].gives if state is not None and state.tries is not None else NO_FIELDS

    def has_waited(self, key: str) -> bool:
        """Tell whether an item's page was wanted, and not read, in an earlier run."""
        before = self._remembered(key)
        return before is not None and before.tries is not None

    def item(self, key: str, warn: Callable[[str], None]) -> Item | Rejected:
        """Give an item with what its page says: now, or as far as it is stored, at an earlier time.

        Of one that is unchanged, only the content hash is right.
        """
        raw, told, before = self._raw[key], self._told.get(key), self._known.get(key)
        if told is not None and told.item is not None:
            return normalized(self._entry, completed(raw, told.item), self._now, warn)
        item = normalized(self._entry, raw, self._now, warn)
        state = self._remembered(key)
        if before is None or state is None or not state.read or not isinstance(item, Item):
            return item
        if before.listed and item.content_hash == state.listed:
            return msgspec.structs.replace(item, content_hash=before.content_hash)
        stored = self._memory.stored([before.id])[before.id].item
        return normalized(self._entry, completed(raw, self._kept(raw, stored)), self._now, warn)

    def shown(self, key: str, warn: Callable[[str], None]) -> Item | Rejected:
        """Give an item as it is from now on, to be shown: what is unchanged as it is stored, with its page."""
        item, before = self.item(key, warn), self._known.get(key)
        if before is None or self._remembered(key) is None or not isinstance(item, Item):
            return item
        if item.content_hash != before.content_hash:
            return item
        return self._memory.stored([before.id])[before.id].item

    def _remembered(self, key: str) -> DetailState | None:
        """Give what earlier runs left of an item's page."""
        known = self._known.get(key)
        return self._before.get(known.id) if known is not None else None

    def _state(self, told: Told) -> DetailState:
        before = self._remembered(told.key)
        item = normalized(self._entry, self._raw[told.key], self._now)
        listed = item.content_hash if isinstance(item, Item) else b""
        if told.item is not None:
            return DetailState(listed=listed, read=True, tries=None)
        tries = (before.tries or 0) if before is not None and before.listed == listed else 0
        tries += told.error is not None
        return DetailState(
            listed=listed, read=before is not None and before.read, tries=tries if tries < TRIES else None
        )

    def _is_unchanged(self, key: str, after: DetailState) -> bool:
        known = self._known.get(key)
        if known is None or not known.listed:
            return False
        before = self._remembered(key)
        said = known.content_hash if before is None else before.listed
        return said == after.listed or known.raw_hash == raw_hash(self._raw[key])

    def _kept(self, raw: RawItem, stored: Item) -> RawItem:
        """Write what a page once said as if it said so now: its fields, and the attributes that the list lacks."""
        detail = self._entry.source.detail(raw)
        gives = detail.gives if detail is not None else frozenset({"text"})
        texts = {name: getattr(stored, name) for name in ("title", "organization", "location") if name in gives}
        return RawItem(
            **{name: html.escape(text, quote=False) for name, text in texts.items() if text},
            text=stored.text or None,
            markup="plain",
            published_at=stored.published_at.isoformat() if stored.published_at and "published_at" in gives else None,
            attributes={name: value for name, value in stored.attributes.items() if name not in raw.attributes},
        )
