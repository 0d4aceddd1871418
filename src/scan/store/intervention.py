"""What an operator does to deliveries by hand: try them again, give them up, let held ones go.

A message's bytes never change, so whatever is done to one of its deliveries is done to all of them. Nothing is done to
a message that some process may be handing over at this moment.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal

from scan.store.connection import Connection, chunks
from scan.store.records import DeliveryState
from scan.store.sql import sa, t
from scan.store.transactions import Transactions

IDLE = ("ready", "dead")
"""States of a message that nobody has in hand."""

MOST_NAMED = 10
"""Deliveries listed at most where the beginning of an id fits several."""


class Intervention(Transactions):
    """Trying again, giving up, letting go."""

    def deliveries_named(self, beginning: str) -> dict[str, DeliveryState | Literal["sending"]]:
        """Find the deliveries whose ids begin so, a few at most, with their states.

        `sending` are those whose message somebody has in hand, or had when he died.
        """
        query = (
            sa.select(
                t.deliveries.c.id, t.deliveries.c.state, t.batches.c.state.in_(("claimed", "armed")).label("sending")
            )
            .outerjoin_from(t.deliveries, t.batches, t.deliveries.c.batch_id == t.batches.c.id)
            .where(t.deliveries.c.id.startswith(beginning, autoescape=True))
            .order_by(t.deliveries.c.id)
            .limit(MOST_NAMED)
        )
        with self.reading() as connection:
            return {row.id: "sending" if row.sending else row.state for row in connection.execute(query)}

    def retry(self, ids: Collection[str]) -> int:
        """Make the messages of deliveries ready now, dead ones too, with a new allowance of attempts.

        The attempts that were made stay counted. A delivery that is in no message yet is left as it is: the next run
        makes one.

        Returns:
            How many deliveries that is, all those of each message counted.

        """
        with self.writing() as connection:
            messages = _messages(connection, ids)
            ready = {"state": "ready", "next_at": None, "in_doubt": 0, "settled_at": None}
            for some in chunks(messages):
                again = sa.update(t.batches).where(t.batches.c.id.in_(some))
                connection.execute(again.values(**ready, spared=t.batches.c.attempts))
            _resume(connection, messages)
            changed = _change(connection, messages, {"state": "batched", "settled_at": None})
            return changed + _count_pending(connection, ids)

    def drop(self, ids: Collection[str], now: datetime) -> int:
        """Give deliveries up, with all others of their messages; returns how many. What was sent stays sent."""
        with self.writing() as connection:
            messages = _messages(connection, ids)
            over = {"state": "dropped", "settled_at": now}
            for some in chunks(messages):
                connection.execute(sa.update(t.batches).where(t.batches.c.id.in_(some)).values(**over, next_at=None))
            dropped = _change(connection, messages, over)
            waiting = sa.update(t.deliveries).where(t.deliveries.c.state.in_(("pending", "held")))
            for named in chunks(ids):
                dropped += connection.execute(waiting.where(t.deliveries.c.id.in_(named)).values(**over)).rowcount
        return dropped

    def held_sources(self) -> set[str]:
        """Name the sources that deliveries are held of."""
        query = (
            sa.select(t.sources.c.name)
            .join_from(t.deliveries, t.matches, t.deliveries.c.match_id == t.matches.c.id)
            .join(t.sources, t.matches.c.source_id == t.sources.c.id)
            .where(t.deliveries.c.state == "held")
            .distinct()
        )
        with self.reading() as connection:
            return set(connection.execute(query).scalars())

    def release(self, source: str | None = None) -> int:
        """Let held deliveries go, of one source or of all; the next run tells them. Returns how many."""
        held = sa.update(t.deliveries).where(t.deliveries.c.state == "held")
        if source is not None:
            of_source = sa.select(t.matches.c.id).join_from(
                t.matches, t.sources, t.matches.c.source_id == t.sources.c.id
            )
            held = held.where(t.deliveries.c.match_id.in_(of_source.where(t.sources.c.name == source)))
        with self.writing() as connection:
            released: int = connection.execute(held.values(state="pending")).rowcount
            return released


def _messages(connection: Connection, ids: Iterable[str]) -> set[int]:
    """Find the messages that deliveries are in, those that wait or were given up."""
    query = sa.select(t.batches.c.id).join_from(t.deliveries, t.batches, t.deliveries.c.batch_id == t.batches.c.id)
    idle = query.where(t.batches.c.state.in_(IDLE))
    return {
        row for some in chunks(ids) for row in connection.execute(idle.where(t.deliveries.c.id.in_(some))).scalars()
    }


def _resume(connection: Connection, messages: Iterable[int]) -> None:
    """End the pause of the messages' channels: somebody wants them tried now."""
    paused = sa.update(t.channels).where(t.channels.c.state == "paused").values(state="ok", until=None)
    for some in chunks(messages):
        theirs = sa.select(t.batches.c.channel).where(t.batches.c.id.in_(some))
        connection.execute(paused.where(t.channels.c.channel.in_(theirs)))


def _change(connection: Connection, messages: Iterable[int], values: Mapping[str, object]) -> int:
    """Change the deliveries of messages; returns how many."""
    theirs = sa.update(t.deliveries).values(**values)
    changing = (theirs.where(t.deliveries.c.batch_id.in_(some)) for some in chunks(messages))
    return sum(connection.execute(change).rowcount for change in changing)


def _count_pending(connection: Connection, ids: Iterable[str]) -> int:
    pending = sa.select(sa.func.count()).where(t.deliveries.c.state == "pending")
    counts = (connection.execute(pending.where(t.deliveries.c.id.in_(some))) for some in chunks(ids))
    return sum(count.scalar_one() for count in counts)
