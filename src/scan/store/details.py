"""What is remembered of items' own pages."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from scan.changes import DetailState
from scan.store.direct import insert_rows
from scan.store.schema import details, sources
from scan.store.transactions import Transactions, any_of, chunks

_OF_SOURCE = (
    select(details.c.item_id, details.c.listed, details.c.read, details.c.tries)
    .join(sources, sources.c.id == details.c.source_id)
    .where(sources.c.name == bindparam("source"))
)
_FORGET = delete(details).where(details.c.item_id.in_(any_of("items")))


class ItemDetails(Transactions):
    """What is remembered of items' own pages."""

    def detail_states(self, source: str) -> dict[int, DetailState]:
        """Read what is remembered of the own pages of a source's items, by the items' rows."""
        with self.reading() as connection:
            return {
                row.item_id: DetailState(listed=row.listed, read=row.read, tries=row.tries)
                for row in connection.execute(_OF_SOURCE, {"source": source})
            }


def remember_details(connection: Connection, states: Sequence[tuple[int, int, DetailState]]) -> None:
    """Write what is remembered of items' own pages, by the items' and sources' rows, in place of what was."""
    for some in chunks(item for item, _, _ in states):
        connection.execute(_FORGET, {"items": some})
    rows = ((item, source_id, state.listed, state.read, state.tries) for item, source_id, state in states)
    insert_rows(connection, details, rows)
