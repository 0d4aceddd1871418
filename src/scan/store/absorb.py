"""Taking in what sources' results change: the transaction T1 of docs/delivery.md."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scan.cadence import SourceState
from scan.store.connection import Connection, Row, execute_many, insert_rows, next_id, select_in
from scan.store.details import remember_details
from scan.store.matches import Met, postings_of, record
from scan.store.records import Absorbed, ChangedItem, LeftItem, NewItem
from scan.store.rows import OF_ITEM, item_values
from scan.store.runs import log_sources
from scan.store.sources import remember, rows_of
from scan.store.sql import sa, t
from scan.store.statement import any_of, highest, inserting, statement, updating_items
from scan.store.transactions import Transactions

_COUNTED = ("revision", "episode", "changed_at", "last_seen_at", "gone_at")

_HIGHEST = highest("items")
_ADD, _ADD_TEXTS = inserting("items"), inserting("texts")
_ADD_CHANGES, _ADD_ABSENCES = inserting("changes"), inserting("absences")
_RECODE = updating_items("raw_hash")
_LEAVE = updating_items("last_seen_at", "gone_at")
_CHANGE = updating_items("raw_hash", *_COUNTED, *OF_ITEM)


@statement
def _successes() -> "sa.Executable":
    return sa.select(t.sources.c.name, t.sources.c.last_success_at).where(t.sources.c.name.in_(any_of("names")))


@statement
def _known() -> "sa.Executable":
    return sa.select(t.items.c.id, *(t.items.c[name] for name in _COUNTED)).where(t.items.c.id.in_(any_of("ids")))


@statement
def _rewrite() -> "sa.Executable":
    texts = t.texts.c
    other = (texts.item_id == sa.bindparam("row"), texts.text != sa.bindparam("other_than"))
    return sa.update(t.texts).where(*other).values(text=sa.bindparam("text"))


class Absorbing(Transactions):
    """Taking in results."""

    def absorb(self, run_id: str, now: datetime, *results: Absorbed) -> None:
        """Write results of several sources: their memory, the log, items, matches and deliveries, all or nothing.

        Args:
            run_id: of the run that found them.
            now: the run's time, which every row bears.
            results: what changes, one a source.

        """
        if not results:
            return
        with self.writing() as connection:
            seen_before = _last_successes(connection, results)
            rows = _remember(connection, [one.state for one in results])
            log_sources(connection, run_id, [(rows[one.state.name], one.run) for one in results])
            met = _add(connection, now, [(rows[one.state.name], it) for one in results for it in one.new])
            for one in (each for each in results if each.changes_items):
                source_id = rows[one.state.name]
                met += _change(connection, now, source_id, one.changed)
                met += _leave(connection, now, one.left, seen_before.get(one.state.name) or now)
                remember_details(connection, [(row, source_id, detail) for row, detail in one.details.items()])
            recoded = ((raw, row) for one in results for row, raw in one.recoded)
            connection.write_rows(_RECODE, ("raw_hash", "row"), recoded)
            record(connection, run_id, now, met)


def _last_successes(connection: Connection, results: Iterable[Absorbed]) -> dict[str, datetime]:
    """Read when sources of which something left were last well, by their names."""
    names = [one.state.name for one in results if one.left]
    return {row[0]: row[1] for row in select_in(connection, _successes, "names", names)}


def _remember(connection: Connection, states: Sequence[SourceState]) -> dict[str, int]:
    """Write what is remembered of sources; returns their rows by their names."""
    remember(connection, states)
    return rows_of(connection, (state.name for state in states))


def _add(connection: Connection, now: datetime, new: Sequence[tuple[int, NewItem]]) -> list[Met]:
    """Write new items, each given with its source."""
    if not new:
        return []
    first = next_id(connection, _HIGHEST)
    numbered = [(row, source_id, it) for row, (source_id, it) in enumerate(new, first)]
    insert_rows(connection, _ADD, (_item_row(row, source_id, now, it) for row, source_id, it in numbered))
    insert_rows(connection, _ADD_TEXTS, ((row, it.item.text) for row, _, it in numbered))
    remember_details(connection, [(row, source_id, it.detail) for row, source_id, it in numbered if it.detail])
    return [
        Met(row, source_id, 0, it.item.fingerprint, match, fresh=True)
        for row, source_id, it in numbered
        for match in it.matches
    ]


def _item_row(row: int, source_id: int, now: datetime, new: NewItem) -> Row:
    it = new.item
    revision = episode = 0
    last_seen_at = changed_at = gone_at = None
    return (
        row,
        source_id,
        it.key,
        new.raw_hash,
        it.content_hash,
        revision,
        episode,
        now,
        last_seen_at,
        changed_at,
        gone_at,
        it.fingerprint,
        it.kind,
        it.title,
        it.url,
        it.organization,
        it.location,
        it.published_at,
        it.updated_at,
        it.attributes,
    )


def _change(connection: Connection, now: datetime, source_id: int, changed: Sequence[ChangedItem]) -> list[Met]:
    known = {row[0]: row[1:] for row in select_in(connection, _known, "ids", (item.id for item in changed))}
    updates: list[dict[str, object]] = []
    written: list[Row] = []
    over: list[Row] = []
    met: list[Met] = []
    for it in changed:
        revision, episode, changed_at, seen_at, gone_at = known[it.id]
        revision, episode = revision + bool(it.changes), episode + it.new_episode
        counts = {"revision": revision, "episode": episode, "changed_at": now if it.changes else changed_at}
        back = {"last_seen_at": None, "gone_at": None}
        if seen_at is not None:
            over.append((it.id, now, seen_at, gone_at))
        updates.append({"row": it.id, **item_values(it.item), **counts, **back, "raw_hash": it.raw_hash})
        written += ((it.id, revision, one.field, now, one.old, one.new) for one in it.changes)
        met += (Met(it.id, source_id, episode, it.item.fingerprint, match) for match in it.matches)
    execute_many(connection, _CHANGE, updates)
    written_anew = ((it.item.text, it.id, it.item.text) for it in changed)
    connection.write_rows(_rewrite, ("text", "row", "other_than"), written_anew)
    insert_rows(connection, _ADD_CHANGES, written)
    insert_rows(connection, _ADD_ABSENCES, over)
    return met


def _leave(connection: Connection, now: datetime, left: Sequence[LeftItem], seen: datetime) -> list[Met]:
    gone = ({"row": it.id, "last_seen_at": seen, "gone_at": now if it.gone else None} for it in left)
    execute_many(connection, _LEAVE, gone)
    matched = [it for it in left if it.matches]
    postings = postings_of(connection, (it.id for it in matched))
    return [Met(it.id, *postings[it.id], match) for it in matched for match in it.matches]
