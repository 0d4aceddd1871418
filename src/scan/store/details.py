"""What is remembered of items' own pages."""

from collections.abc import Sequence

from scan.changes import DetailState
from scan.store.connection import Connection, chunks, insert_rows
from scan.store.sql import sa, t
from scan.store.statement import any_of, inserting, statement
from scan.store.transactions import Transactions

_REMEMBER = inserting("details")


@statement
def _of_source() -> "sa.Executable":
    return (
        sa.select(t.details.c.item_id, t.details.c.listed, t.details.c.read, t.details.c.tries)
        .join(t.sources, t.sources.c.id == t.details.c.source_id)
        .where(t.sources.c.name == sa.bindparam("source"))
    )


@statement
def _forget() -> "sa.Executable":
    return sa.delete(t.details).where(t.details.c.item_id.in_(any_of("items")))


class ItemDetails(Transactions):
    """What is remembered of items' own pages."""

    def detail_states(self, source: str) -> dict[int, DetailState]:
        """Read what is remembered of the own pages of a source's items, by the items' rows."""
        with self.reading() as connection:
            return {
                item: DetailState(listed=listed, read=read, tries=tries)
                for item, listed, read, tries in connection.execute(_of_source, {"source": source})
            }


def remember_details(connection: Connection, states: Sequence[tuple[int, int, DetailState]]) -> None:
    """Write what is remembered of items' own pages, by the items' and sources' rows, in place of what was."""
    for some in chunks(item for item, _, _ in states):
        connection.execute(_forget, {"items": some})
    rows = ((item, source_id, state.listed, state.read, state.tries) for item, source_id, state in states)
    insert_rows(connection, _REMEMBER, rows)
