"""New and changed searches look at what is stored already."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from scan.config.model import Config
from scan.match.search import Search
from scan.model import Event, StoredItem
from scan.run.matching import Circumstances, Occasion, Told, Watch, looks_at
from scan.store.database import Store
from scan.store.records import NewMatch

if TYPE_CHECKING:  # start-up: searches seldom change
    from scan.details import Outstanding

log = logging.getLogger("scan.run")

AT_ONCE = 500
FOUND = Circumstances(backlog=True)


def look_back(config: Config, store: Store, watch: Watch, *, run_id: str, now: datetime) -> int:
    """Evaluate every search that is new or differs from last time on the stored items, each in one transaction.

    Returns:
        How many matches were found that had not been told.

    """
    remembered = store.search_fingerprints()
    total = 0
    for search in config.searches:
        fingerprint = search.fingerprint
        if remembered.get(search.name) == fingerprint:
            continue
        found = list(_found(config, store, watch, search)) if Event.NEW in search.on else []
        store.save_search(run_id, now, name=search.name, fingerprint=fingerprint, found=found)
        new = sum(not match.duplicate for _, match in found)
        total += new
        if search.name in remembered or found:
            facts = {"event": "search_evaluated", "search": search.name, "matches": new}
            log.info("the search %s was changed: %d stored items match", search.name, new, extra=facts)
    return total


def _found(config: Config, store: Store, watch: Watch, search: Search) -> Iterator[tuple[int, NewMatch]]:
    """Go through the stored items a few at a time: what matches, and was not told."""
    from scan.details import Outstanding

    entries = {entry.name: entry for entry in config.sources if looks_at(search, entry)}
    stored = iter(store.each_item(list(entries)))
    pages = Outstanding(entries, store)
    first_source: dict[bytes, str] = {}
    while some := list(islice(stored, AT_ONCE)):
        yield from _of_some(store, watch, search, some, first_source, pages)


def _of_some(
    store: Store,
    watch: Watch,
    search: Search,
    some: Sequence[StoredItem],
    first_source: dict[bytes, str],
    pages: "Outstanding",
) -> Iterator[tuple[int, NewMatch]]:
    told = Told(store.existing_matches([row.id for row in some]))
    elsewhere = _told_elsewhere(store, search, some)
    for row in some:
        occasion = Occasion(
            item=row.item,
            event=Event.NEW,
            episode=row.episode,
            told=told.of(row.id),
            open_fields=pages.open_fields(row),
        )
        for match in watch.met(occasion, only=search.name):
            posting, source = row.item.fingerprint, row.item.source
            duplicate = posting is not None and (
                posting in elsewhere[source] or first_source.setdefault(posting, source) != source
            )
            yield row.id, watch.record(occasion, match, FOUND, duplicate=duplicate)


def _told_elsewhere(store: Store, search: Search, some: Sequence[StoredItem]) -> dict[str, set[bytes]]:
    """Find, for each source, the postings that another one told of."""
    postings: dict[str, set[bytes]] = defaultdict(set)
    for row in some:
        if row.item.fingerprint is not None:
            postings[row.item.source].add(row.item.fingerprint)
    told: dict[str, set[bytes]] = defaultdict(set)
    for source, wanted in postings.items():
        found = store.fingerprints_told({search.name}, wanted, not_source=source)
        told[source] = {posting for _, posting in found}
    return told
