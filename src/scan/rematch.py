"""What a search, as the config has it now, finds among the stored items. Nothing is written, and nobody is told."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from scan.config.model import Config
from scan.match.matcher import Matcher
from scan.match.search import Search, selects
from scan.model import MatchRow, Reason, StoredItem
from scan.store.database import Store

AT_ONCE = 500
"""Items looked at together: bounded memory, and few questions to the database."""


class Rematch(msgspec.Struct, frozen=True, kw_only=True):
    """An item that the search meets.

    Attributes:
        recorded: the search's newest match of this item, if there is one: then nobody is told again.

    """

    stored: StoredItem
    reasons: tuple[Reason, ...]
    recorded: MatchRow | None


class Rematched(msgspec.Struct, frozen=True, kw_only=True):
    """What became of looking.

    Attributes:
        looked_at: items that the search was asked about: those that are not gone, of the sources it looks at.
        matched: how many of them it meets.
        untold: how many of these have no recorded match.
        newest: the newest of those it meets.

    """

    looked_at: int
    matched: int
    untold: int
    newest: tuple[Rematch, ...]


def rematch(
    config: Config, store: Store, search: Search, *, now: datetime, since: datetime | None, limit: int
) -> Rematched:
    """Evaluate a search on the stored items.

    Args:
        config: the sources that it may look at.
        store: what is stored.
        search: one of the config's.
        now: what `now` means in its `where`; aware.
        since: leave items out that were first seen before.
        limit: return at most so many.

    """
    matcher = Matcher([search], now=now)
    names = [entry.name for entry in config.sources if selects(search, entry.names, entry.tags)]
    stored = (row for row in store.each_item(names) if since is None or row.first_seen_at >= since)
    looked_at = matched = untold = 0
    newest: deque[Rematch] = deque(maxlen=limit)
    while some := list(islice(stored, AT_ONCE)):
        looked_at += len(some)
        for met in _met(matcher, store, search, some):
            matched += 1
            untold += met.recorded is None
            newest.append(met)
    return Rematched(looked_at=looked_at, matched=matched, untold=untold, newest=tuple(reversed(newest)))


def _met(matcher: Matcher, store: Store, search: Search, some: Sequence[StoredItem]) -> Iterator[Rematch]:
    met = [(row, reasons) for row in some for _, reasons in matcher.match(row.item)]
    recorded = {match.item.id: match for match in store.matches_of([row.id for row, _ in met], search=search.name)}
    for row, reasons in met:
        yield Rematch(stored=row, reasons=reasons, recorded=recorded.get(row.id))
