"""What is remembered of the configured sources."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, select

from scan.cadence import SourceState
from scan.store.rows import SOURCE_STATES, source_state, source_values
from scan.store.schema import items, matches, sources
from scan.store.transactions import Transactions, any_of, execute_many, pairs, select_in, upsert

_STATES = SOURCE_STATES.where(sources.c.name.in_(any_of("names")))
_ROWS = select(sources.c.name, sources.c.id).where(sources.c.name.in_(any_of("names")))


class Sources(Transactions):
    """What is remembered of the configured sources."""

    def source_states(self, names: Collection[str]) -> dict[str, SourceState]:
        """Read what is remembered of sources, by name; nothing for one never seen."""
        with self.reading() as connection:
            states = map(source_state, select_in(connection, _STATES, "names", names))
            return {state.name: state for state in states}

    def item_counts(self) -> dict[str, tuple[int, int]]:
        """Count, by source, the items listed now and the matches ever made."""
        listed = select(items.c.source_id, func.count()).where(items.c.last_seen_at.is_(None))
        matched = select(matches.c.source_id, func.count())
        with self.reading() as connection:
            items_of: dict[int, int] = pairs(connection, listed.group_by(items.c.source_id))
            matches_of: dict[int, int] = pairs(connection, matched.group_by(matches.c.source_id))
            names = connection.execute(select(sources.c.name, sources.c.id))
            return {name: (items_of.get(id_, 0), matches_of.get(id_, 0)) for name, id_ in names}


def remember(connection: Connection, states: Iterable[SourceState]) -> None:
    """Write what is remembered of sources, known or new."""
    execute_many(connection, upsert(connection, sources), (source_values(state) for state in states))


def rows_of(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Find the rows of sources by their names."""
    return {row[0]: row[1] for row in select_in(connection, _ROWS, "names", names)}
