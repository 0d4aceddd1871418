"""What is remembered of the configured sources."""

from collections.abc import Collection, Iterable
from operator import itemgetter

from scan.cadence import SourceState
from scan.store.connection import Connection, select_in
from scan.store.rows import OF_SOURCE, source_state, source_states, source_values
from scan.store.sql import sa, t
from scan.store.statement import any_of, statement, upserting
from scan.store.transactions import Transactions

_REMEMBER = upserting("sources", leaving="match_count")
_row = itemgetter(*OF_SOURCE)


@statement
def _states() -> "sa.Executable":
    return source_states().where(t.sources.c.name.in_(any_of("names")))


@statement
def _rows() -> "sa.Executable":
    return sa.select(t.sources.c.name, t.sources.c.id).where(t.sources.c.name.in_(any_of("names")))


@statement
def _counts() -> "sa.Executable":
    return sa.select(t.sources.c.name, t.sources.c.match_count).where(t.sources.c.name.in_(any_of("names")))


class Sources(Transactions):
    """What is remembered of the configured sources."""

    def source_states(self, names: Collection[str]) -> dict[str, SourceState]:
        """Read what is remembered of sources, by name; nothing for one never seen."""
        with self.reading() as connection:
            states = map(source_state, select_in(connection, _states, "names", names))
            return {state.name: state for state in states}

    def remember(self, *states: SourceState) -> None:
        """Write what is remembered of sources, known or new; nothing happens without any."""
        if states:
            with self.writing() as connection:
                remember(connection, states)

    def match_counts(self, names: Collection[str]) -> dict[str, int]:
        """Tell how many matches sources ever brought, by name; nothing for one never seen."""
        with self.reading() as connection:
            return {row[0]: row[1] for row in select_in(connection, _counts, "names", names)}


def remember(connection: Connection, states: Iterable[SourceState]) -> None:
    """Write what is remembered of sources, known or new."""
    connection.write_rows(_REMEMBER, OF_SOURCE, (_row(source_values(state)) for state in states))


def rows_of(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Find the rows of sources by their names."""
    return dict(select_in(connection, _rows, "names", names))
