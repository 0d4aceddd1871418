"""Looking up stored items."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, desc, or_, select

from scan.changes import Known
from scan.model import FieldChange, StoredItem
from scan.store.direct import read_rows
from scan.store.rows import stored_item, stored_items
from scan.store.schema import changes, items, sources, texts
from scan.store.transactions import CHUNK, Transactions, any_of, select_in

_LISTED = select(
    items.c.key, items.c.id, items.c.raw_hash, items.c.content_hash, items.c.revision, items.c.episode
)  # no times: reading 100,000 rows is what an unchanged scan costs
_HERE = items.c.source_id == select(sources.c.id).where(sources.c.name == bindparam("source")).scalar_subquery()
_LISTED_HERE = _LISTED.where(_HERE, items.c.last_seen_at.is_(None))
_ANY_HERE = _LISTED.add_columns(items.c.last_seen_at, items.c.gone_at).where(_HERE, items.c.key.in_(any_of("keys")))
_STORED = stored_items().where(items.c.id.in_(any_of("ids")))


class Items(Transactions):
    """Stored items, for comparing, matching and looking at."""

    def known(self, source: str, keys: Collection[str]) -> dict[str, Known]:
        """Read what comparing needs, by key: all listed items of a source, and those of `keys` that once were."""
        with self.reading() as connection:
            found = {row[0]: _known(*row) for row in read_rows(connection, _LISTED_HERE, source=source)}
            others = [key for key in keys if key not in found]
            rows = select_in(connection, _ANY_HERE, "keys", others, source=source)
            found.update((row[0], _known(*row)) for row in rows)
        return found

    def stored(self, ids: Collection[int]) -> dict[int, StoredItem]:
        """Read items whole, by their row."""
        with self.reading() as connection:
            return {row.id: stored_item(row) for row in select_in(connection, _STORED, "ids", ids)}

    def items(
        self,
        *,
        source: str | None = None,
        since: datetime | None = None,
        gone: bool | None = None,
        text: str | None = None,
        limit: int,
        offset: int = 0,
    ) -> list[StoredItem]:
        """List items, the newest first.

        Args:
            source: of this one only.
            since: first seen then or later.
            gone: only those that are gone, or only those that aren't.
            text: what has to be in the title or the text, in whatever case.
            limit: at most so many.
            offset: after so many.

        """
        query = _narrowed(stored_items(), source, since, text=text)
        if gone is not None:
            query = query.where(items.c.gone_at.is_not(None) if gone else items.c.gone_at.is_(None))
        with self.reading() as connection:
            rows = connection.execute(query.order_by(desc(items.c.id)).limit(limit).offset(offset))
            return [stored_item(row) for row in rows]

    def each_item(self, names: Collection[str] | None = None) -> Iterator[StoredItem]:
        """Go through all items that are not gone, the oldest first, a few at a time, in no transaction.

        Args:
            names: of these sources only.

        """
        last = 0
        while batch := self._after(last, names):
            yield from batch
            last = batch[-1].id

    def changes_of(self, item: int) -> list[tuple[datetime, FieldChange]]:
        """List what changed in an item, with the time, the oldest first."""
        query = select(changes).where(changes.c.item_id == item).order_by(changes.c.revision, changes.c.field)
        with self.reading() as connection:
            return [(row.at, FieldChange(row.field, row.old, row.new)) for row in connection.execute(query)]

    def _after(self, last: int, names: Collection[str] | None) -> list[StoredItem]:
        query = stored_items().where(items.c.id > last, items.c.gone_at.is_(None))
        if names is not None:
            query = query.where(sources.c.name.in_(names))
        with self.reading() as connection:
            return [stored_item(row) for row in connection.execute(query.order_by(items.c.id).limit(CHUNK))]


def _narrowed(query: Select[Any], source: str | None, since: datetime | None, *, text: str | None) -> Select[Any]:
    if source is not None:
        query = query.where(items.c.source_id == _source_id(source))
    if since is not None:
        query = query.where(items.c.first_seen_at >= since)
    if text is not None:
        holds = (column.icontains(text, autoescape=True) for column in (items.c.title, texts.c.text))
        query = query.where(or_(*holds))
    return query


def _source_id(name: str) -> Any:
    return select(sources.c.id).where(sources.c.name == name).scalar_subquery()


def _known(
    key: str,
    id_: int,
    raw_hash: bytes,
    content_hash: bytes,
    revision: int,
    episode: int,
    left_at: datetime | None = None,
    gone_at: datetime | None = None,
) -> Known:
    return Known(
        id=id_,
        key=key,
        raw_hash=raw_hash,
        content_hash=content_hash,
        listed=left_at is None,
        gone=gone_at is not None,
        left_at=left_at,
        revision=revision,
        episode=episode,
    )
