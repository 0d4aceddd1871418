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

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scan.errors import DeliveryError
from scan.store.connection import Connection, chunks, named, next_id, select_in
from scan.store.records import BatchRow, Recovered
from scan.store.sql import sa, t
from scan.store.statement import Statement, any_of, highest, statement
from scan.store.transactions import Transactions

MAX_ATTEMPTS = 12
"""A message that was tried so often is given up; about two days with the usual back-off."""

MAX_IN_DOUBT = 2
"""A message that may have been accepted so often is given up: the doubt can repeat while the disk is full."""

LONGEST_WAIT = timedelta(hours=6)
"""However long a receiver asks us to wait, and whatever the clock did."""

UNKNOWN = "the run died while it handed the message over, which may have arrived"

_FREE = {"lease_owner": None, "lease_until": None}
_HIGHEST = highest("batches")
_FROZEN = ("id", "channel", "recipient", "message_id", "payload", "created_at")


@statement
def _leased() -> "sa.Executable":
    what = (t.batches.c.id, t.batches.c.channel, t.batches.c.lease_owner, t.batches.c.lease_until)
    return sa.select(*what).where(t.batches.c.state == sa.bindparam("state"))


@statement
def _cut_wait() -> "sa.Executable":
    late = (t.batches.c.state == "ready", t.batches.c.next_at > sa.bindparam("longest"))
    return sa.update(t.batches).where(*late).values(next_at=sa.bindparam("next"))


@statement
def _freeze() -> "sa.Executable":
    given: dict[str, object] = {name: sa.bindparam(name) for name in _FROZEN}
    return sa.insert(t.batches).values(**given, state="ready", attempts=0, spared=0, in_doubt=0)


@statement
def _batch() -> "sa.Executable":
    chosen = sa.update(t.deliveries).where(t.deliveries.c.id.in_(any_of("ids")), t.deliveries.c.state == "pending")
    return chosen.values(state="batched", batch_id=sa.bindparam("batch"))


@statement
def _pending() -> "sa.Executable":
    queued = t.deliveries.c
    whose = (queued.channel == sa.bindparam("channel"), queued.recipient == sa.bindparam("recipient"))
    return sa.select(sa.func.count()).where(queued.state == "pending", *whose, queued.id.in_(any_of("ids")))


@statement
def _claim() -> "sa.Executable":
    free = sa.update(t.batches).where(t.batches.c.id == sa.bindparam("batch"), t.batches.c.state == "ready")
    lease: dict[str, object] = {"lease_owner": sa.bindparam("owner"), "lease_until": sa.bindparam("until")}
    return free.values(state="claimed", attempts=t.batches.c.attempts + 1, **lease)


@statement
def _arm() -> "sa.Executable":
    return _mine("claimed").values(state="armed")


@statement
def _sent() -> "sa.Executable":
    said: dict[str, object] = {"last_code": sa.bindparam("code"), "receipt": sa.bindparam("text")}
    settled: dict[str, object] = {
        "state": "sent",
        "settled_at": sa.bindparam("now"),
        "last_error": None,
        "next_at": None,
    }
    return _mine("armed").values(**settled, **said, **_FREE)


@statement
def _failed() -> "sa.Executable":
    return _mine("claimed", "armed").values(
        state="ready",
        next_at=sa.bindparam("next"),
        in_doubt=t.batches.c.in_doubt + sa.bindparam("doubt"),
        spared=t.batches.c.spared + sa.bindparam("spare"),
        last_code=sa.bindparam("code"),
        last_error=sa.bindparam("error"),
        **_FREE,
    )


@statement
def _free() -> "sa.Executable":
    return _of_batches().values(state="ready", **_FREE)


@statement
def _free_in_doubt() -> "sa.Executable":
    return _of_batches().values(state="ready", **_FREE, in_doubt=t.batches.c.in_doubt + 1, last_error=UNKNOWN)


@statement
def _there() -> "sa.Executable":
    return sa.select(t.batches.c.id).where(t.batches.c.id.in_(any_of("ids")))


@statement
def _exhausted() -> "sa.Executable":
    tried = t.batches.c.attempts - t.batches.c.spared
    over = sa.or_(tried >= MAX_ATTEMPTS, t.batches.c.in_doubt >= MAX_IN_DOUBT)
    return sa.select(t.batches.c.id).where(t.batches.c.id.in_(any_of("ids")), over)


@statement
def _give_up() -> "sa.Executable":
    return _of_batches().values(state="dead", settled_at=sa.bindparam("now"), next_at=None)


@statement
def _settle() -> "sa.Executable":
    theirs = sa.update(t.deliveries).where(t.deliveries.c.batch_id.in_(any_of("ids")))
    return theirs.values(state=sa.bindparam("to"), settled_at=sa.bindparam("now"))


@statement
def _due() -> "sa.Executable":
    count = sa.select(sa.func.count()).where(t.deliveries.c.batch_id == t.batches.c.id).scalar_subquery()
    return (
        sa.select(t.batches, count.label("deliveries"))
        .where(t.batches.c.state == "ready", t.batches.c.channel == sa.bindparam("channel"))
        .where(sa.or_(t.batches.c.next_at.is_(None), t.batches.c.next_at <= sa.bindparam("now")))
        .order_by(t.batches.c.attempts, t.batches.c.id)
    )


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
            _each(connection, _free, claimed)
            _each(connection, _free_in_doubt, armed)
            dead = _bury(connection, now, [held.id for held in lost["armed"] if held.channel in holding], anyway=True)
            dead |= _bury(connection, now, [*claimed, *armed])
            connection.execute(_cut_wait, {"longest": now + LONGEST_WAIT, "next": now + LONGEST_WAIT})
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
        ids, whom = set(delivery_ids), {"channel": channel, "recipient": recipient}
        with self.writing() as connection:
            pending = sum(connection.execute(_pending, {"ids": some, **whom}).scalar_one() for some in chunks(ids))
            if pending != len(ids):
                return None
            batch = next_id(connection, _HIGHEST)
            message = {"id": batch, "message_id": message_id, "payload": payload, "created_at": now}
            connection.execute(_freeze, {**message, **whom})
            _each(connection, _batch, ids, batch=batch)
        return batch

    def due(self, channel: str, now: datetime) -> list[BatchRow]:
        """List a channel's messages to send now, least often tried first: a bad one blocks only itself."""
        with self.reading() as connection:
            return [_batch_row(row) for row in named(connection.execute(_due, {"channel": channel, "now": now}))]

    def claim(self, batch_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Take a message to send, and count the attempt before anything is rendered or sent; False if it is taken."""
        with self.writing() as connection:
            return _changes_one(connection, _claim, batch=batch_id, owner=owner, until=now + lease)

    def arm(self, batch_id: int, owner: str) -> None:
        """Record that the message is handed over from now on: directly before its first byte.

        Raises:
            DeliveryError: another process has taken it over; nothing may be sent.

        """
        with self.writing() as connection:
            if not _changes_one(connection, _arm, batch=batch_id, owner=owner):
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
        with self.writing() as connection:
            if not _changes_one(connection, _sent, batch=batch_id, owner=owner, now=now, code=code, text=receipt):
                return False
            _each(connection, _settle, [batch_id], to="sent", now=now)
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
        values = {
            "next": None if next_at is None else min(next_at, now + LONGEST_WAIT),
            "doubt": int(in_doubt),
            "spare": int(not count_attempt),
            "code": code,
            "error": error[:500],
        }
        with self.writing() as connection:
            if not _changes_one(connection, _failed, batch=batch_id, owner=owner, **values):
                return False
            _bury(connection, now, [batch_id], anyway=permanent)
        return True


def _mine(*states: str) -> "sa.Update":
    mine = (t.batches.c.id == sa.bindparam("batch"), t.batches.c.lease_owner == sa.bindparam("owner"))
    return sa.update(t.batches).where(*mine, t.batches.c.state.in_(states))


def _of_batches() -> "sa.Update":
    return sa.update(t.batches).where(t.batches.c.id.in_(any_of("ids")))


def _changes_one(connection: Connection, statement: Statement, **values: object) -> bool:
    """Execute; tells whether it changed a row."""
    changed: int = connection.execute(statement, values).rowcount
    return changed == 1


def _each(connection: Connection, statement: Statement, ids: Iterable[object], **values: object) -> None:
    """Execute for any number of rows, a chunk at a time."""
    for some in chunks(ids):
        connection.execute(statement, {"ids": some, **values})


def _held(connection: Connection, state: str) -> Sequence[Any]:
    """List the leases of messages in a state, with their channels."""
    return list(named(connection.execute(_leased, {"state": state})))


def _bury(connection: Connection, now: datetime, ids: Collection[int], *, anyway: bool = False) -> set[int]:
    """Give up those of the ready messages that have had their chances, or all of them."""
    chosen = select_in(connection, _there if anyway else _exhausted, "ids", ids)
    dead = {row[0] for row in chosen}
    _each(connection, _give_up, dead, now=now)
    _each(connection, _settle, dead, to="dead", now=now)
    return dead


def _batch_row(row: Any) -> BatchRow:
    return BatchRow(**{name: getattr(row, name) for name in BatchRow.__struct_fields__})
