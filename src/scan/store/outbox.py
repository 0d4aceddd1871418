"""The outbox: what is told to whom, never lost, and never twice but in the one gap that cannot be closed.

    delivery   pending ─freeze─► batched ─ follows its batch ─► sent | dead
    batch      ready ─claim─► claimed ─arm─► armed ─sent─► sent
                 ▲               │              │
                 └── recover ────┴── failed ────┘   or dead: refused for good, 12 attempts, twice in doubt
                                                  (where it is so configured, once)

By hand (`scan.store.intervention`) what is dead becomes ready again, and whatever was not sent becomes dropped.

Every step is one transaction that is committed before the next begins, guarded by the state it starts from and by the
lease's owner, so that of two processes only one can send. See docs/delivery.md.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, and_, func, insert, or_, select, update

from scan.errors import DeliveryError
from scan.store.direct import next_id
from scan.store.records import BatchRow, Recovered
from scan.store.schema import batches, deliveries
from scan.store.transactions import Transactions, chunks

MAX_ATTEMPTS = 12
"""A message that was tried so often is given up; about two days with the usual back-off."""

MAX_IN_DOUBT = 2
"""A message that may have been accepted so often is given up: the doubt can repeat while the disk is full."""

LONGEST_WAIT = timedelta(hours=6)
"""However long a receiver asks us to wait, and whatever the clock did."""

UNKNOWN = "the run died while it handed the message over, which may have arrived"

_EXHAUSTED = or_(batches.c.attempts - batches.c.spared >= MAX_ATTEMPTS, batches.c.in_doubt >= MAX_IN_DOUBT)
_FREE = {"lease_owner": None, "lease_until": None}


class Outbox(Transactions):
    """Messages on their way."""

    def recover(
        self,
        now: datetime,
        *,
        lock_held: bool,
        alive: Callable[[str], bool] = lambda _: False,
        holding: Collection[str] = (),
    ) -> Recovered:
        """Take back what a dead process left, and cut waits that a clock set back made too long.

        Args:
            now: the run's time.
            lock_held: of those not known to be alive no process is, so that their leases are dead; else only those that
                have run out.
            alive: tells whether the owner of a lease may be alive, lock or no lock: on another machine, for one.
            holding: channels whose messages are given up the first time that they are in doubt.

        """
        with self.writing() as connection:
            lost = {
                state: [
                    held
                    for held in _held(connection, state)
                    if held.lease_until < now or (lock_held and not alive(held.lease_owner))
                ]
                for state in ("claimed", "armed")
            }
            claimed, armed = ([held.id for held in lost[state]] for state in ("claimed", "armed"))
            _free(connection, claimed)
            _free(connection, armed, in_doubt=batches.c.in_doubt + 1, last_error=UNKNOWN)
            dead = _bury(connection, now, [held.id for held in lost["armed"] if held.channel in holding], anyway=True)
            dead |= _bury(connection, now, [*claimed, *armed])
            late = and_(batches.c.state == "ready", batches.c.next_at > now + LONGEST_WAIT)
            connection.execute(update(batches).where(late).values(next_at=now + LONGEST_WAIT))
        return Recovered(claimed=len(set(claimed) - dead), armed=len(set(armed) - dead), dead=len(dead))

    def freeze(
        self,
        channel: str,
        recipient: str,
        *,
        message_id: str,
        payload: bytes,
        delivery_ids: Collection[str],
        now: datetime,
    ) -> int | None:
        """Make pending deliveries one message, whose bytes never change again.

        Returns the batch; None, with nothing changed, unless each of the deliveries is still pending.
        """
        if not delivery_ids:
            return None
        first = {"state": "ready", "attempts": 0, "spared": 0, "in_doubt": 0, "created_at": now}
        whom = {"channel": channel, "recipient": recipient}
        with self.writing() as connection:
            if _count_pending(connection, channel, recipient, delivery_ids) != len(set(delivery_ids)):
                return None
            batch = next_id(connection, batches.c.id)
            connection.execute(
                insert(batches).values(id=batch, **whom, **first, message_id=message_id, payload=payload)
            )
            for some in chunks(delivery_ids):
                chosen = update(deliveries).where(deliveries.c.id.in_(some), deliveries.c.state == "pending")
                connection.execute(chosen.values(state="batched", batch_id=batch))
        return batch

    def due(self, channel: str, now: datetime) -> list[BatchRow]:
        """List a channel's messages to send now, least often tried first: a bad one blocks only itself."""
        count = select(func.count()).where(deliveries.c.batch_id == batches.c.id).scalar_subquery()
        query = (
            select(batches, count.label("deliveries"))
            .where(batches.c.state == "ready", batches.c.channel == channel)
            .where(or_(batches.c.next_at.is_(None), batches.c.next_at <= now))
            .order_by(batches.c.attempts, batches.c.id)
        )
        with self.reading() as connection:
            return [_batch_row(row) for row in connection.execute(query)]

    def claim(self, batch_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Take a message to send, and count the attempt before anything is rendered or sent; False if it is taken."""
        free = update(batches).where(batches.c.id == batch_id, batches.c.state == "ready")
        taken = free.values(
            state="claimed", attempts=batches.c.attempts + 1, lease_owner=owner, lease_until=now + lease
        )
        with self.writing() as connection:
            return connection.execute(taken).rowcount == 1

    def arm(self, batch_id: int, owner: str) -> None:
        """Record that the message is handed over from now on: directly before its first byte.

        Raises:
            DeliveryError: another process has taken it over; nothing may be sent.

        """
        with self.writing() as connection:
            if connection.execute(_mine(batch_id, owner, "claimed").values(state="armed")).rowcount != 1:
                raise DeliveryError(f"message {batch_id} was taken over by another process")

    def sent(
        self, batch_id: int, owner: str, now: datetime, *, code: int | None = None, receipt: str | None = None
    ) -> bool:
        """Record that the receiver accepted; False if another process has taken the message over meanwhile.

        Args:
            batch_id: the armed message.
            owner: who armed it.
            now: when.
            code: the receiver's status.
            receipt: the receiver's own name for the message.

        """
        done = _mine(batch_id, owner, "armed").values(
            state="sent", settled_at=now, last_code=code, last_error=None, receipt=receipt, next_at=None, **_FREE
        )
        with self.writing() as connection:
            if connection.execute(done).rowcount != 1:
                return False
            _settle(connection, "sent", now, [batch_id])
        return True

    def failed(
        self,
        batch_id: int,
        owner: str,
        now: datetime,
        *,
        error: str,
        code: int | None = None,
        permanent: bool = False,
        in_doubt: bool = False,
        next_at: datetime | None = None,
        count_attempt: bool = True,
    ) -> bool:
        """Record that the message was not accepted: ready again, or dead.

        Args:
            batch_id: the claimed or armed message.
            owner: who claimed it.
            now: when.
            error: why, for people.
            code: the receiver's status.
            permanent: trying again cannot help.
            in_doubt: the receiver may have accepted it all the same.
            next_at: not before then, at most six hours from now.
            count_attempt: False where the channel itself is wrong, so that no attempt is used up.

        Returns:
            False if another process has taken the message over meanwhile; then nothing is changed.

        """
        back = _mine(batch_id, owner, "claimed", "armed").values(
            state="ready",
            next_at=None if next_at is None else min(next_at, now + LONGEST_WAIT),
            in_doubt=batches.c.in_doubt + int(in_doubt),
            spared=batches.c.spared + int(not count_attempt),
            last_code=code,
            last_error=error[:500],
            **_FREE,
        )
        with self.writing() as connection:
            if connection.execute(back).rowcount != 1:
                return False
            _bury(connection, now, [batch_id], anyway=permanent)
        return True


def _mine(batch_id: int, owner: str, *states: str) -> Update:
    return update(batches).where(batches.c.id == batch_id, batches.c.state.in_(states), batches.c.lease_owner == owner)


def _held(connection: Connection, state: str) -> Sequence[Any]:
    """List the leases of messages in a state, with their channels."""
    what = (batches.c.id, batches.c.channel, batches.c.lease_owner, batches.c.lease_until)
    return connection.execute(select(*what).where(batches.c.state == state)).all()


def _free(connection: Connection, ids: Collection[int], **more: Any) -> None:
    for some in chunks(ids):
        connection.execute(update(batches).where(batches.c.id.in_(some)).values(state="ready", **_FREE, **more))


def _bury(connection: Connection, now: datetime, ids: Collection[int], *, anyway: bool = False) -> set[int]:
    """Give up those of the ready messages that have had their chances, or all of them."""
    dead: set[int] = set()
    for some in chunks(ids):
        query = select(batches.c.id).where(batches.c.id.in_(some))
        dead.update(connection.execute(query if anyway else query.where(_EXHAUSTED)).scalars())
    for some in chunks(dead):
        given_up = update(batches).where(batches.c.id.in_(some))
        connection.execute(given_up.values(state="dead", settled_at=now, next_at=None))
    _settle(connection, "dead", now, dead)
    return dead


def _settle(connection: Connection, state: str, now: datetime, ids: Collection[int]) -> None:
    for some in chunks(ids):
        of_batches = update(deliveries).where(deliveries.c.batch_id.in_(some))
        connection.execute(of_batches.values(state=state, settled_at=now))


def _count_pending(connection: Connection, channel: str, recipient: str, ids: Collection[str]) -> int:
    pending = select(func.count()).where(
        deliveries.c.state == "pending", deliveries.c.channel == channel, deliveries.c.recipient == recipient
    )
    counts = (connection.execute(pending.where(deliveries.c.id.in_(some))) for some in chunks(set(ids)))
    return sum(count.scalar_one() for count in counts)


def _batch_row(row: Any) -> BatchRow:
    return BatchRow(**{name: getattr(row, name) for name in BatchRow.__struct_fields__})
