"""Recording matches with their deliveries, and looking them up."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, desc, func, select, update

from scan.model import Event, MatchRow
from scan.store.direct import Row, insert_rows, next_id, read_rows, write_rows
from scan.store.records import NewMatch
from scan.store.rows import match_row, matched_items
from scan.store.schema import deliveries, items, matches, searches, sources
from scan.store.transactions import (
    Transactions,
    any_of,
    chunks,
    insert_once,
    pairs,
    select_in,
    upsert,
)

_NEVER_TOLD = {"baseline", "dropped"}
_OF_ITEMS = matches.c.item_id.in_(any_of("ids"))
_IDENTITY = select(matches.c.item_id, matches.c.search, matches.c.event, matches.c.revision, matches.c.episode).where(
    _OF_ITEMS
)
_OF_EPISODE = (
    select(matches.c.search, matches.c.item_id, matches.c.event, matches.c.revision)
    .join_from(matches, items, (matches.c.item_id == items.c.id) & (matches.c.episode == items.c.episode))
    .where(_OF_ITEMS)
)
_TOLD_ELSEWHERE = (
    select(matches.c.search, matches.c.fingerprint)
    .join_from(matches, sources, matches.c.source_id == sources.c.id)
    .where(matches.c.search.in_(any_of("searches")), matches.c.fingerprint.in_(any_of("fingerprints")))
    .where(sources.c.name != bindparam("not_source"))
)
_POSTINGS = select(items.c.id, items.c.source_id, items.c.episode, items.c.fingerprint).where(
    items.c.id.in_(any_of("ids"))
)


_COUNT = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(match_count=sources.c.match_count + bindparam("more"))
)
_QUEUED = ("id", "match_id", "channel", "recipient", "state", "settled_at")


class Met(NamedTuple):
    """A match to record, with what the item's row says of it."""

    item_id: int
    source_id: int
    episode: int
    fingerprint: bytes | None
    new: NewMatch
    fresh: bool = False

    @property
    def identity(self) -> tuple[int, str, str, int, int]:
        """What may be there only once."""
        return self.item_id, self.new.match.search, self.new.match.event.value, self.new.revision, self.episode


class Matches(Transactions):
    """Matches, and the searches that made them."""

    def existing_matches(self, item_ids: Collection[int]) -> set[tuple[str, int, Event, int]]:
        """Find the matches of items in their present episode: (search, item, event, revision)."""
        with self.reading() as connection:
            return {
                (search, item, Event(event), revision)
                for some in chunks(item_ids)
                for search, item, event, revision in read_rows(connection, _OF_EPISODE, ids=some)
            }

    def fingerprints_told(
        self, searches: Collection[str], fingerprints: Collection[bytes], *, not_source: str
    ) -> set[tuple[str, bytes]]:
        """Find postings that another source's item matched before: (search, fingerprint)."""
        others = {"searches": list(searches), "not_source": not_source}
        found: set[tuple[str, bytes]] = set()
        with self.reading() as connection:
            for some in chunks(fingerprints):
                found.update(read_rows(connection, _TOLD_ELSEWHERE, fingerprints=some, **others))
        return found

    def matches(
        self, *, search: str | None = None, since: datetime | None = None, limit: int, offset: int = 0
    ) -> list[MatchRow]:
        """List matches, the newest first, with what became of their deliveries."""
        query = matched_items().order_by(desc(matches.c.id)).limit(limit).offset(offset)
        if search is not None:
            query = query.where(matches.c.search == search)
        if since is not None:
            query = query.where(matches.c.at >= since)
        with self.reading() as connection:
            rows = connection.execute(query).all()
            told = told_of(connection, [row.match_id for row in rows])
        return [match_row(row, told.get(row.match_id, {})) for row in rows]

    def search_fingerprints(self) -> dict[str, str]:
        """Read what each search looked for when stored items were last evaluated with it."""
        with self.reading() as connection:
            return pairs(connection, select(searches.c.name, searches.c.fingerprint))

    def save_search(
        self,
        run_id: str,
        now: datetime,
        *,
        name: str,
        fingerprint: str,
        found: Sequence[tuple[int, NewMatch]] = (),
    ) -> None:
        """Record what a new or changed search found among the stored items, and that it was evaluated.

        Args:
            run_id: of the run that evaluated it.
            now: the run's time.
            name: the search's.
            fingerprint: of what it looks for.
            found: item and match.

        """
        with self.writing() as connection:
            postings = postings_of(connection, (item for item, _ in found))
            record(connection, run_id, now, [Met(item, *postings[item], match) for item, match in found])
            row = {"name": name, "fingerprint": fingerprint, "evaluated_at": now}
            connection.execute(upsert(connection, searches), row)


def postings_of(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[int, int, bytes | None]]:
    """Read the source, the episode and the fingerprint of items."""
    rows = select_in(connection, _POSTINGS, "ids", ids)
    return {row.id: (row.source_id, row.episode, row.fingerprint) for row in rows}


def record(connection: Connection, run_id: str, now: datetime, met: Iterable[Met]) -> None:
    """Write matches with their deliveries. One that is there already is left as it is, and nobody is told again."""
    wanted = {one.identity: one for one in met}
    if not wanted:
        return
    there = _existing(connection, {one.item_id for one in wanted.values() if not one.fresh})
    new = [one for identity, one in wanted.items() if identity not in there]
    first = next_id(connection, matches.c.id)
    insert_rows(connection, matches, (_match_row(row, one, run_id, now) for row, one in enumerate(new, first)))
    counted = Counter(one.source_id for one in new)
    write_rows(connection, _COUNT, ("more", "source"), ((more, source) for source, more in counted.items()))
    queued = (
        (each.id, row, each.channel, each.recipient, each.state, now if each.state in _NEVER_TOLD else None)
        for row, one in enumerate(new, first)
        for each in one.new.deliveries
    )
    write_rows(connection, insert_once(connection, deliveries), _QUEUED, queued)


def _existing(connection: Connection, ids: Collection[int]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in select_in(connection, _IDENTITY, "ids", ids)}


def _match_row(row: int, met: Met, run_id: str, now: datetime) -> Row:
    new = met.new
    return (
        row,
        met.item_id,
        met.source_id,
        new.match.search,
        new.match.event.value,
        new.revision,
        met.episode,
        met.fingerprint,
        run_id,
        now,
        new.duplicate,
        new.backlog,
        new.first_run,
        new.match.reasons,
    )


def told_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Count the deliveries of matches, by match and state."""
    told: dict[int, dict[str, int]] = {}
    count = select(deliveries.c.match_id, deliveries.c.state, func.count())
    for some in chunks(ids):
        query = count.where(deliveries.c.match_id.in_(some)).group_by(deliveries.c.match_id, deliveries.c.state)
        for match_id, state, number in connection.execute(query):
            told.setdefault(match_id, {})[state] = number
    return told
