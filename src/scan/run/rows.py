"""From what became of items, to the rows that are written, with their matches and deliveries."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import msgspec

from scan.changes import Changes, Known, differences
from scan.details import Whole
from scan.model import Event, Item, StoredItem
from scan.run.matching import Circumstances, Occasion, Told, Watch
from scan.store.database import Store
from scan.store.records import ChangedItem, LeftItem, NewItem, NewMatch

RENOTIFY_AFTER = timedelta(days=90)
"""An item that comes back after so long is told as new again; sooner, it is none."""


class Rows:
    """Makes the rows of one source's result."""

    def __init__(
        self, store: Store, watch: Watch, source: str, how: Circumstances, now: datetime, whole: Whole
    ) -> None:
        self._store, self._watch, self._source, self._how, self._now = store, watch, source, how, now
        self._whole = whole

    def new(self, items: Sequence[Item], seen: Mapping[str, bytes]) -> tuple[NewItem, ...]:
        """Make a row for each item never seen before; `seen` has their raw hashes by key."""
        found = self._matches(
            [Occasion(item=item, event=Event.NEW, open_fields=self._whole.open_fields(item.key)) for item in items]
        )
        states = self._whole.states
        return tuple(
            NewItem(item=item, raw_hash=seen[item.key], matches=matches, detail=states.get(item.key))
            for item, matches in zip(items, found, strict=True)
        )

    def changed(self, changes: Changes, seen: Mapping[str, bytes]) -> tuple[ChangedItem, ...]:
        """Compare what changed or came back with what is stored, and see which searches it meets now."""
        pairs = (*changes.changed, *changes.returned)
        if not pairs:
            return ()
        ids = [known.id for known, _ in pairs]
        stored, told = self._store.stored(ids), Told(self._store.existing_matches(ids))
        occasions = [
            occasion
            for known, item in pairs
            for occasion in self._occasions(known, item, stored[known.id], told.of(known.id))
        ]
        found: dict[str, tuple[NewMatch, ...]] = {}
        for occasion, matches in zip(occasions, self._matches(occasions), strict=True):
            found[occasion.item.key] = found.get(occasion.item.key, ()) + matches
        return tuple(
            ChangedItem(
                id=known.id,
                item=item,
                raw_hash=seen[item.key],
                changes=differences(stored[known.id].item, item),
                returned=not known.listed,
                new_episode=self._is_long_away(known),
                matches=found.get(item.key, ()),
            )
            for known, item in pairs
        )

    def completed(
        self,
        pairs: Sequence[tuple[Known, Item]],
        seen: Mapping[str, bytes],
        first: Circumstances,
        until: datetime | None,
    ) -> tuple[ChangedItem, ...]:
        """See which searches the items meet whose own page came only now, or will not come.

        Args:
            pairs: what was known of them, and the items.
            seen: their raw hashes by key.
            first: how what the source's first run found is told; so are those that have waited since then.
            until: when that run was; None if there was none.

        """
        if not pairs:
            return ()
        ids = [known.id for known, _ in pairs]
        stored, told = self._store.stored(ids), Told(self._store.existing_matches(ids))
        occasions = [
            Occasion(item=item, event=Event.NEW, episode=stored[known.id].episode, told=told.of(known.id))
            for known, item in pairs
        ]
        early = [
            until is not None and stored[known.id].first_seen_at <= until and self._whole.has_waited(item.key)
            for known, item in pairs
        ]
        found = self._matches(occasions, [first if is_early else self._how for is_early in early])
        return tuple(
            ChangedItem(id=known.id, item=item, raw_hash=seen[item.key], matches=matches)
            for (known, item), matches in zip(pairs, found, strict=True)
        )

    def left(self, missing: Sequence[Known], *, gone: bool) -> tuple[LeftItem, ...]:
        """Make a row for each item that is not listed any more: gone, or only out of a feed's window."""
        if not (gone and self._watch.listens(self._source, Event.GONE)):
            return tuple(LeftItem(id=known.id, gone=gone) for known in missing)
        ids = [known.id for known in missing]
        stored, told = self._store.stored(ids), Told(self._store.existing_matches(ids))
        found = self._matches(
            [
                Occasion(item=stored[id_].item, event=Event.GONE, episode=stored[id_].episode, told=told.of(id_))
                for id_ in ids
            ]
        )
        return tuple(LeftItem(id=id_, gone=gone, matches=matches) for id_, matches in zip(ids, found, strict=True))

    def _occasions(
        self, known: Known, item: Item, stored: StoredItem, told: AbstractSet[tuple[str, Event, int]]
    ) -> list[Occasion]:
        """List what an edit or a return can mean.

        Edited into matching is new to a search; else it is a change. What comes back is not new, unless it was away
        for long.
        """
        new = Occasion(
            item=item,
            event=Event.NEW,
            episode=stored.episode,
            revision=stored.revision + 1,
            told=frozenset(told),
            open_fields=self._whole.open_fields(item.key),
        )
        if self._is_long_away(known):
            return [msgspec.structs.replace(new, episode=stored.episode + 1, told=frozenset())]
        if known.content_hash == item.content_hash:
            return []
        return [new, msgspec.structs.replace(new, event=Event.CHANGED)] if known.listed else [new]

    def _is_long_away(self, known: Known) -> bool:
        return known.left_at is not None and self._now - known.left_at >= RENOTIFY_AFTER

    def _matches(
        self, occasions: Sequence[Occasion], how: Sequence[Circumstances] | None = None
    ) -> list[tuple[NewMatch, ...]]:
        """Ask the searches about each occasion; a posting that another source told of is a duplicate."""
        met = [(occasion, self._watch.met(occasion)) for occasion in occasions]
        postings = {
            (match.search, occasion.item.fingerprint)
            for occasion, matches in met
            for match in matches
            if match.event is Event.NEW and occasion.item.fingerprint is not None
        }
        elsewhere = self._elsewhere(postings)
        return [
            tuple(
                self._watch.record(
                    occasion,
                    match,
                    told_so,
                    duplicate=match.event is Event.NEW and (match.search, occasion.item.fingerprint) in elsewhere,
                )
                for match in matches
            )
            if matches
            else ()
            for (occasion, matches), told_so in zip(met, how or [self._how] * len(met), strict=True)
        ]

    def _elsewhere(self, postings: AbstractSet[tuple[str, bytes]]) -> AbstractSet[tuple[str, bytes]]:
        """Find which of (search, fingerprint) another source told of."""
        if not postings:
            return frozenset()
        searches, fingerprints = {search for search, _ in postings}, {fingerprint for _, fingerprint in postings}
        return self._store.fingerprints_told(searches, fingerprints, not_source=self._source)
