"""Recording matches with their deliveries, and looking them up."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scan.model import Event, MatchRow
from scan.store.connection import Connection, Row, chunks, insert_rows, next_id, pairs, select_in
from scan.store.records import NewMatch
from scan.store.rows import match_row, matched_items
from scan.store.sql import sa, t
from scan.store.statement import any_of, highest, inserting, inserting_once, statement, upserting
from scan.store.transactions import Transactions

_NEVER_TOLD = {"baseline", "dropped"}
_HIGHEST = highest("matches")
_RECORD = inserting("matches")
_QUEUED = ("id", "match_id", "channel", "recipient", "state", "settled_at")
_QUEUE = inserting_once("deliveries", *_QUEUED)
_EVALUATED = upserting("searches")


@statement
def _identity() -> "sa.Executable":
    match = t.matches.c
    identity = sa.select(match.item_id, match.search, match.event, match.revision, match.episode)
    return identity.where(match.item_id.in_(any_of("ids")))


@statement
def _of_episode() -> "sa.Executable":
    match = t.matches.c
    same = (match.item_id == t.items.c.id) & (match.episode == t.items.c.episode)
    return (
        sa.select(match.search, match.item_id, match.event, match.revision)
        .join_from(t.matches, t.items, same)
        .where(match.item_id.in_(any_of("ids")))
    )


@statement
def _told_elsewhere() -> "sa.Executable":
    return (
        sa.select(t.matches.c.search, t.matches.c.fingerprint)
        .join_from(t.matches, t.sources, t.matches.c.source_id == t.sources.c.id)
        .where(t.matches.c.search.in_(any_of("searches")), t.matches.c.fingerprint.in_(any_of("fingerprints")))
        .where(t.sources.c.name != sa.bindparam("not_source"))
    )


@statement
def _postings() -> "sa.Executable":
    posting = sa.select(t.items.c.id, t.items.c.source_id, t.items.c.episode, t.items.c.fingerprint)
    return posting.where(t.items.c.id.in_(any_of("ids")))


@statement
def _count() -> "sa.Executable":
    of_source = sa.update(t.sources).where(t.sources.c.id == sa.bindparam("source"))
    return of_source.values(match_count=t.sources.c.match_count + sa.bindparam("more"))


@statement
def _searches() -> "sa.Executable":
    return sa.select(t.searches.c.name, t.searches.c.fingerprint)


@statement
def _told() -> "sa.Executable":
    of_match = (t.deliveries.c.match_id, t.deliveries.c.state)
    return sa.select(*of_match, sa.func.count()).where(of_match[0].in_(any_of("ids"))).group_by(*of_match)


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
                for search, item, event, revision in connection.execute(_of_episode, {"ids": some})
            }

    def fingerprints_told(
        self, searches: Collection[str], fingerprints: Collection[bytes], *, not_source: str
    ) -> set[tuple[str, bytes]]:
        """Find postings that another source's item matched before: (search, fingerprint)."""
        others = {"searches": list(searches), "not_source": not_source}
        found: set[tuple[str, bytes]] = set()
        with self.reading() as connection:
            for some in chunks(fingerprints):
                found.update(map(tuple, connection.execute(_told_elsewhere, {"fingerprints": some, **others})))
        return found

    def matches(
        self, *, search: str | None = None, since: datetime | None = None, limit: int, offset: int = 0
    ) -> list[MatchRow]:
        """List matches, the newest first, with what became of their deliveries."""
        query = matched_items().order_by(sa.desc(t.matches.c.id)).limit(limit).offset(offset)
        if search is not None:
            query = query.where(t.matches.c.search == search)
        if since is not None:
            query = query.where(t.matches.c.at >= since)
        with self.reading() as connection:
            rows = connection.execute(query).all()
            told = told_of(connection, [row.match_id for row in rows])
        return [match_row(row, told.get(row.match_id, {})) for row in rows]

    def search_fingerprints(self) -> dict[str, str]:
        """Read what each search looked for when stored items were last evaluated with it."""
        with self.reading() as connection:
            return pairs(connection, _searches)

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
            connection.execute(_EVALUATED, row)


def postings_of(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[int, int, bytes | None]]:
    """Read the source, the episode and the fingerprint of items."""
    rows = select_in(connection, _postings, "ids", ids)
    return {item: (source, episode, fingerprint) for item, source, episode, fingerprint in rows}


def record(connection: Connection, run_id: str, now: datetime, met: Iterable[Met]) -> None:
    """Write matches with their deliveries. One that is there already is left as it is, and nobody is told again."""
    wanted = {one.identity: one for one in met}
    if not wanted:
        return
    there = _existing(connection, {one.item_id for one in wanted.values() if not one.fresh})
    new = [one for identity, one in wanted.items() if identity not in there]
    first = next_id(connection, _HIGHEST)
    insert_rows(connection, _RECORD, (_match_row(row, one, run_id, now) for row, one in enumerate(new, first)))
    counted = Counter(one.source_id for one in new)
    connection.write_rows(_count, ("more", "source"), ((more, source) for source, more in counted.items()))
    queued = (
        (each.id, row, each.channel, each.recipient, each.state, now if each.state in _NEVER_TOLD else None)
        for row, one in enumerate(new, first)
        for each in one.new.deliveries
    )
    connection.write_rows(_QUEUE, _QUEUED, queued)


def _existing(connection: Connection, ids: Collection[int]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in select_in(connection, _identity, "ids", ids)}


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
    for match_id, state, number in select_in(connection, _told, "ids", ids):
        told.setdefault(match_id, {})[state] = number
    return told
