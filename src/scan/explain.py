"""Why an item was told or not: its story, and what each search makes of it as the config is now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from scan.config.model import Config
from scan.match.explanation import Condition
from scan.match.matcher import Matcher
from scan.match.search import selects
from scan.model import Event, FieldChange, Item, MatchRow, StoredItem
from scan.store.database import Store
from scan.store.history import Absence, Telling


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One field's change, and when it was seen."""

    at: datetime
    change: FieldChange


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded match, and what became of each of its deliveries."""

    match: MatchRow
    tellings: tuple[Telling, ...]


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What a search makes of an item.

    Attributes:
        verdict: `looks_elsewhere` if its `sources:` leave the item's source out; it has no conditions then.
        on: the events it waits for.

    """

    search: str
    verdict: Literal["matches", "fails", "looks_elsewhere"]
    on: tuple[Event, ...]
    conditions: tuple[Condition, ...] = ()


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say about an item. Lists of what happened begin with the oldest.

    Attributes:
        configured: the config still has the item's source.

    """

    stored: StoredItem
    configured: bool
    absences: tuple[Absence, ...]
    changes: tuple[Change, ...]
    matches: tuple[Found, ...]
    searches: tuple[Opinion, ...]


def explain(config: Config, store: Store, stored: StoredItem, *, now: datetime) -> Story:
    """Put an item's story together.

    Args:
        config: whose searches are asked.
        store: what was recorded.
        stored: the item.
        now: what `now` means in a `where`; aware.

    """
    tellings = store.tellings_of(stored.id)
    found = store.matches_of([stored.id])
    return Story(
        stored=stored,
        configured=any(entry.name == stored.item.source for entry in config.sources),
        absences=tuple(store.absences_of(stored.id)),
        changes=tuple(Change(at=at, change=change) for at, change in store.changes_of(stored.id)),
        matches=tuple(Found(match=row, tellings=tuple(tellings.get(row.id, ()))) for row in found),
        searches=tuple(opinions(config, stored.item, now=now)),
    )


def opinions(config: Config, item: Item, *, now: datetime) -> Sequence[Opinion]:
    """Ask every search of the config, in its order, about an item."""
    entry = next((entry for entry in config.sources if entry.name == item.source), None)
    names, tags = (entry.names, entry.tags) if entry else ((item.source,), ())
    asked = zip(config.searches, Matcher(config.searches, now=now).explain(item), strict=True)
    return [
        Opinion(
            search=search.name,
            verdict="matches" if explanation.held else "fails",
            on=search.on,
            conditions=explanation.conditions,
        )
        if selects(search, names, tags)
        else Opinion(search=search.name, verdict="looks_elsewhere", on=search.on)
        for search, explanation in asked
    ]
