"""What is remembered of the configured sources."""

from collections.abc import Collection, Iterable
from operator import itemgetter

from sqlalchemy import Connection, select

from scan.cadence import SourceState
from scan.store.direct import read_rows, write_rows
from scan.store.rows import SOURCE_STATES, source_state, source_values
from scan.store.schema import sources
from scan.store.transactions import Transactions, any_of, chunks, select_in, upsert

_STATES = SOURCE_STATES.where(sources.c.name.in_(any_of("names")))
_ROWS = select(sources.c.name, sources.c.id).where(sources.c.name.in_(any_of("names")))
_COUNTS = select(sources.c.name, sources.c.match_count).where(sources.c.name.in_(any_of("names")))
_WRITTEN = tuple(column.name for column in sources.columns if column.name not in {"id", "match_count"})
_row = itemgetter(*_WRITTEN)


class Sources(Transactions):
    """What is remembered of the configured sources."""

    def source_states(self, names: Collection[str]) -> dict[str, SourceState]:
        """Read what is remembered of sources, by name; nothing for one never seen."""
        with self.reading() as connection:
            states = map(source_state, select_in(connection, _STATES, "names", names))
            return {state.name: state for state in states}

    def remember(self, *states: SourceState) -> None:
        """Write what is remembered of sources, known or new; nothing happens without any."""
        if states:
            with self.writing() as connection:
                remember(connection, states)

    def match_counts(self, names: Collection[str]) -> dict[str, int]:
        """Tell how many matches sources ever brought, by name; nothing for one never seen."""
        with self.reading() as connection:
            return {row[0]: row[1] for row in select_in(connection, _COUNTS, "names", names)}


def remember(connection: Connection, states: Iterable[SourceState]) -> None:
    """Write what is remembered of sources, known or new."""
    statement = upsert(connection, sources, leaving="match_count")
    write_rows(connection, statement, _WRITTEN, (_row(source_values(state)) for state in states))


def rows_of(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Find the rows of sources by their names."""
    found: dict[str, int] = {}
    for some in chunks(names):
        found.update(read_rows(connection, _ROWS, names=some))
    return found
