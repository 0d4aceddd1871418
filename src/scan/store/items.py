"""Looking up stored items."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from scan.changes import Known
from scan.model import FieldChange, StoredItem
from scan.store.connection import CHUNK, chunks, named, select_in
from scan.store.rows import stored_item, stored_items
from scan.store.sql import sa, t
from scan.store.statement import any_of, statement
from scan.store.transactions import Transactions


@statement
def _listed_here() -> "sa.Executable":
    """Select no times: reading 100,000 rows is what an unchanged scan costs."""
    return _listed().where(_here(), t.items.c.last_seen_at.is_(None))


@statement
def _any_here() -> "sa.Executable":
    left = (t.items.c.last_seen_at, t.items.c.gone_at)
    return _listed().add_columns(*left).where(_here(), t.items.c.key.in_(any_of("keys")))


@statement
def _stored() -> "sa.Executable":
    return stored_items().where(t.items.c.id.in_(any_of("ids")))


@statement
def _each() -> "sa.Executable":
    return _after()


@statement
def _each_of() -> "sa.Executable":
    return _after().where(t.sources.c.name.in_(any_of("names")))


class Items(Transactions):
    """Stored items, for comparing, matching and looking at."""

    def known(self, source: str, keys: Collection[str]) -> dict[str, Known]:
        """Read what comparing needs, by key: all listed items of a source, and those of `keys` that once were."""
        with self.reading() as connection:
            found = {row[0]: _known(*row) for row in connection.execute(_listed_here, {"source": source})}
            others = [key for key in keys if key not in found]
            rows = select_in(connection, _any_here, "keys", others, source=source)
            found.update((row[0], _known(*row)) for row in rows)
        return found

    def stored(self, ids: Collection[int]) -> dict[int, StoredItem]:
        """Read items whole, by their row."""
        with self.reading() as connection:
            return {
                row.id: stored_item(row)
                for some in chunks(ids)
                for row in named(connection.execute(_stored, {"ids": some}))
            }

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
            query = query.where(t.items.c.gone_at.is_not(None) if gone else t.items.c.gone_at.is_(None))
        with self.reading() as connection:
            rows = connection.execute(query.order_by(sa.desc(t.items.c.id)).limit(limit).offset(offset))
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
        query = (
            sa.select(t.changes).where(t.changes.c.item_id == item).order_by(t.changes.c.revision, t.changes.c.field)
        )
        with self.reading() as connection:
            return [(row.at, FieldChange(row.field, row.old, row.new)) for row in connection.execute(query)]

    def _after(self, last: int, names: Collection[str] | None) -> list[StoredItem]:
        query, of_names = (_each, {}) if names is None else (_each_of, {"names": names})
        with self.reading() as connection:
            found = connection.execute(query, {"last": last, "some": CHUNK, **of_names})
            return [stored_item(row) for row in named(found)]


def _after() -> "sa.Select[Any]":
    after = stored_items().where(t.items.c.id > sa.bindparam("last"), t.items.c.gone_at.is_(None))
    return after.order_by(t.items.c.id).limit(sa.bindparam("some"))


def _listed() -> "sa.Select[Any]":
    return sa.select(
        t.items.c.key, t.items.c.id, t.items.c.raw_hash, t.items.c.content_hash, t.items.c.revision, t.items.c.episode
    )


def _here() -> "sa.ColumnElement[bool]":
    source = sa.select(t.sources.c.id).where(t.sources.c.name == sa.bindparam("source"))
    return t.items.c.source_id == source.scalar_subquery()


def _narrowed(
    query: "sa.Select[Any]", source: str | None, since: datetime | None, *, text: str | None
) -> "sa.Select[Any]":
    if source is not None:
        query = query.where(t.items.c.source_id == _source_id(source))
    if since is not None:
        query = query.where(t.items.c.first_seen_at >= since)
    if text is not None:
        holds = (column.icontains(text, autoescape=True) for column in (t.items.c.title, t.texts.c.text))
        query = query.where(sa.or_(*holds))
    return query


def _source_id(name: str) -> Any:
    return sa.select(t.sources.c.id).where(t.sources.c.name == name).scalar_subquery()


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
