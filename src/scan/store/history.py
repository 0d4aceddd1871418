"""One item's story: finding it by whatever it is known by, and everything that was recorded of it."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from scan.model import MatchRow, StoredItem
from scan.store.connection import chunks
from scan.store.matches import told_of
from scan.store.records import DeliveryState
from scan.store.rows import match_row, matched_items, stored_item, stored_items
from scan.store.sql import sa, t
from scan.store.transactions import Transactions

LARGEST_ID = 2**63 - 1


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which an item was not listed.

    Attributes:
        seen_at: when it was last seen before.
        gone_at: when it was found to be gone; None where it left a feed's window, which says nothing.
        returned_at: when it was back; None if it is not.

    """

    seen_at: datetime
    gone_at: datetime | None
    returned_at: datetime | None


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one delivery of a match.

    Attributes:
        at: when it was sent, given up, dropped or recorded as never to be told; None while it waits.
        attempts, next_at, error: of the message it is in, where it is in one.

    """

    channel: str
    recipient: str
    state: DeliveryState
    at: datetime | None
    attempts: int
    next_at: datetime | None
    error: str | None


class History(Transactions):
    """What was recorded of single items."""

    def find(self, sought: str, *, limit: int) -> list[StoredItem]:
        """Find items by their row's number; else by their key or address; else by words of their title, newest first.

        Args:
            sought: any of these; of words, each has to be in the title.
            limit: at most so many.

        """
        words = [t.items.c.title.icontains(word, autoescape=True) for word in sought.split()]
        ways = [[sa.or_(t.items.c.key == sought, t.items.c.url == sought)], words]
        if sought.isascii() and sought.isdecimal() and int(sought) <= LARGEST_ID:
            ways.insert(0, [t.items.c.id == int(sought)])
        with self.reading() as connection:
            for way in filter(None, ways):
                query = stored_items().where(*way).order_by(sa.desc(t.items.c.id)).limit(limit)
                if found := connection.execute(query).all():
                    return [stored_item(row) for row in found]
        return []

    def matches_of(self, ids: Collection[int], *, search: str | None = None) -> list[MatchRow]:
        """List the matches of items, of one search or of all, with what became of their deliveries."""
        query = matched_items().order_by(t.matches.c.id)
        if search is not None:
            query = query.where(t.matches.c.search == search)
        with self.reading() as connection:
            rows = [row for some in chunks(ids) for row in connection.execute(query.where(t.items.c.id.in_(some)))]
            told = told_of(connection, [row.match_id for row in rows])
        return [match_row(row, told.get(row.match_id, {})) for row in rows]

    def tellings_of(self, item: int) -> dict[int, list[Telling]]:
        """Read what became of an item's deliveries, by match."""
        query = (
            sa.select(
                t.deliveries.c.match_id,
                t.deliveries.c.channel,
                t.deliveries.c.recipient,
                t.deliveries.c.state,
                t.deliveries.c.settled_at,
                sa.func.coalesce(t.batches.c.attempts, 0).label("attempts"),
                t.batches.c.next_at,
                t.batches.c.last_error,
            )
            .join_from(t.deliveries, t.matches, t.deliveries.c.match_id == t.matches.c.id)
            .outerjoin(t.batches, t.deliveries.c.batch_id == t.batches.c.id)
            .where(t.matches.c.item_id == item)
            .order_by(t.deliveries.c.channel, t.deliveries.c.recipient)
        )
        found: dict[int, list[Telling]] = {}
        with self.reading() as connection:
            for row in connection.execute(query):
                telling = Telling(
                    channel=row.channel,
                    recipient=row.recipient,
                    state=row.state,
                    at=row.settled_at,
                    attempts=row.attempts,
                    next_at=row.next_at,
                    error=row.last_error,
                )
                found.setdefault(row.match_id, []).append(telling)
        return found

    def absences_of(self, item: int) -> list[Absence]:
        """List when an item was not listed, the oldest first; the last one may last."""
        past = sa.select(t.absences).where(t.absences.c.item_id == item).order_by(t.absences.c.returned_at)
        present = sa.select(t.items.c.last_seen_at, t.items.c.gone_at).where(
            t.items.c.id == item, t.items.c.last_seen_at.is_not(None)
        )
        with self.reading() as connection:
            over = [
                Absence(seen_at=row.seen_at, gone_at=row.gone_at, returned_at=row.returned_at)
                for row in connection.execute(past)
            ]
            lasting = [
                Absence(seen_at=row.last_seen_at, gone_at=row.gone_at, returned_at=None)
                for row in connection.execute(present)
            ]
        return over + lasting
