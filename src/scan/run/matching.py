"""From what happened to items, to matches with their deliveries."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from scan.channels.base import Channel
from scan.config.model import Config, SourceEntry
from scan.match.plan import waits
from scan.match.search import Search, selects
from scan.model import Event, Item, Match
from scan.store.records import DeliveryState, NewDelivery, NewMatch

if TYPE_CHECKING:  # start-up: a run in which nothing has changed does without it
    from scan.match.matcher import Matcher


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an item.

    Attributes:
        episode, revision: of the item; part of what makes a delivery the same one.
        told: the (search, event, revision) that are recorded of this item.
        open_fields: that the item's own page, which is still to be read, may change.

    """

    item: Item
    event: Event
    episode: int = 0
    revision: int = 0
    told: frozenset[tuple[str, Event, int]] = frozenset()
    open_fields: frozenset[str] = frozenset()


class Told:
    """What is recorded of items already, by their row."""

    def __init__(self, existing: Iterable[tuple[str, int, Event, int]]) -> None:
        """Take (search, item, event, revision)."""
        self._of: dict[int, set[tuple[str, Event, int]]] = defaultdict(set)
        for search, item, event, revision in existing:
            self._of[item].add((search, event, revision))

    def of(self, item: int) -> frozenset[tuple[str, Event, int]]:
        """Return the (search, event, revision) recorded of an item."""
        return frozenset(self._of.get(item, ()))


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What else decides how matches are told.

    Attributes:
        state: in which their deliveries start: pending, baseline (never told) or held.
        first_run: of the source.
        backlog: found among what was stored.

    """

    state: DeliveryState = "pending"
    first_run: bool = False
    backlog: bool = False


class Watch:
    """Every search with those it tells, ready to be asked about items."""

    def __init__(self, config: Config, *, now: datetime) -> None:
        self._now = now
        self._searches = {search.name: search for search in config.searches}
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in config.channels}
        self._waiting: dict[tuple[str, Event], frozenset[str]] = {}
        self._entries = {entry.name: entry for entry in config.sources}

    @cached_property
    def matcher(self) -> "Matcher":
        """The searches, compiled when the first item is there to be looked at."""
        from scan.match.matcher import Matcher

        return Matcher(tuple(self._searches.values()), now=self._now)

    def listens(self, source: str, event: Event) -> bool:
        """Tell whether any search wants to hear of such an event in a source."""
        return bool(self._names(source, event))

    def looking_at(self, entry: SourceEntry) -> frozenset[str]:
        """Name the searches that look at a source, whatever they wait for."""
        return frozenset(search.name for search in self._searches.values() if looks_at(search, entry))

    def met(self, occasion: Occasion, *, only: str | None = None) -> list[Match]:
        """Find the searches, or see whether the `only` one, that this meets and that were not told of it before.

        A search that the item's own page may yet prove wrong waits for it.
        """
        names = self._names(occasion.item.source, occasion.event)
        if only is not None:
            names = names & {only}
        if not names:
            return []
        return [
            Match(search=search.name, event=occasion.event, reasons=reasons)
            for search, reasons in self.matcher.match(occasion.item, names)
            if _untold(search, occasion) and not (occasion.open_fields and waits(search, occasion.open_fields))
        ]

    def record(self, occasion: Occasion, match: Match, how: Circumstances, *, duplicate: bool) -> NewMatch:
        """Make what is stored of a match, with one delivery for each recipient of each channel of its search."""
        revision = occasion.revision if occasion.event is Event.CHANGED else 0
        deliveries = () if duplicate else self._deliveries(self._searches[match.search], occasion, revision, how.state)
        return NewMatch(
            match=match,
            duplicate=duplicate,
            revision=revision,
            first_run=how.first_run,
            backlog=how.backlog,
            deliveries=deliveries,
        )

    def _names(self, source: str, event: Event) -> frozenset[str]:
        """Name the searches that look at a source and wait for an event."""
        known = self._waiting.get((source, event))
        if known is None:
            entry = self._entries[source]
            known = frozenset(s.name for s in self._searches.values() if event in s.on and looks_at(s, entry))
            self._waiting[source, event] = known
        return known

    def _deliveries(
        self, search: Search, occasion: Occasion, revision: int, state: DeliveryState
    ) -> tuple[NewDelivery, ...]:
        return tuple(
            NewDelivery(
                id=_identity(name, recipient, search.name, occasion, revision),
                channel=name,
                recipient=recipient,
                state=state,
            )
            for name in search.notify or tuple(self._channels)
            for recipient in self._channels[name].recipients()
        )


def _untold(search: Search, occasion: Occasion) -> bool:
    """Tell whether a search has not heard of this yet. What it hears of as new, it does not hear of as changed too."""
    if occasion.event is Event.CHANGED:
        known = Event.NEW not in search.on or (search.name, Event.NEW, 0) in occasion.told
        return known and (search.name, Event.CHANGED, occasion.revision) not in occasion.told
    return (search.name, occasion.event, 0) not in occasion.told


def looks_at(search: Search, entry: SourceEntry) -> bool:
    """Tell whether a search looks at a source."""
    return selects(search, entry.names, entry.tags)


def _identity(channel: str, recipient: str, search: str, occasion: Occasion, revision: int) -> str:
    """Identify what is told to whom: computed again after a crash, it is the same."""
    item = occasion.item
    parts = (channel, recipient, search, item.source, item.key, str(occasion.event), occasion.episode, revision)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
