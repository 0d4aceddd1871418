"""What always holds of the outbox, and of what hangs together beside foreign keys.

Where it does not, scan has a bug, or somebody changed the database by hand.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, get_args

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from scan.store.connection import Connection
from scan.store.records import BatchState, DeliveryState
from scan.store.schema import batches, deliveries, items, texts

NAMED = 3
"""Rows that are named of each rule that does not hold."""

OPEN = ("ready", "claimed", "armed")
SETTLED = ("sent", "dead", "dropped")


class Rule(NamedTuple):
    """Something that never is.

    Attributes:
        noun: what the rows are.
        does: what is wrong with one.
        rows: selects the ids of those that break it.

    """

    noun: str
    does: str
    rows: Select[Any]


def broken(connection: Connection) -> Iterator[str]:
    """Name what does not hold, a line each, with some of the rows that break it."""
    for noun, does, rows in RULES:
        found = connection.execute(rows.limit(NAMED + 1)).scalars().all()
        if found:
            named = ", ".join(map(str, found[:NAMED]))
            yield f"{noun} {named}{', …' if len(found) > NAMED else ''}: {does}"


def _delivery(does: str, wrong: ColumnElement[bool]) -> Rule:
    rows = select(deliveries.c.id).outerjoin_from(deliveries, batches, deliveries.c.batch_id == batches.c.id)
    return Rule("delivery", does, rows.where(wrong).order_by(deliveries.c.id))


def _message(does: str, wrong: ColumnElement[bool]) -> Rule:
    return Rule("message", does, select(batches.c.id).where(wrong).order_by(batches.c.id))


def _in(states: Sequence[str]) -> ColumnElement[bool]:
    return func.coalesce(batches.c.state, "").in_(states)


_D, _B = deliveries.c, batches.c
_LEASED = and_(_B.lease_owner.is_not(None), _B.lease_until.is_not(None))
_FREE = and_(_B.lease_owner.is_(None), _B.lease_until.is_(None))
_TELLS = exists().where(_D.batch_id == _B.id)
_TEXT = exists().where(texts.c.item_id == items.c.id)

_SETTLED = "is settled without a time, or has one though it is not"

RULES = (
    _delivery("its state is none that there is", _D.state.not_in(get_args(DeliveryState))),
    _delivery(
        "waits in no message, yet it is in one",
        and_(_D.state.in_(("pending", "held", "baseline")), _D.batch_id.is_not(None)),
    ),
    _delivery("is in a message that waits, yet that does not", and_(_D.state == "batched", ~_in(OPEN))),
    _delivery("is sent, yet its message is not", and_(_D.state == "sent", ~_in(("sent",)))),
    _delivery("is given up, yet its message is not", and_(_D.state == "dead", ~_in(("dead",)))),
    _delivery("is dropped, yet its message is not", and_(_D.state == "dropped", ~_in(("dropped", "")))),
    _delivery(_SETTLED, _D.settled_at.is_(None) == _D.state.in_((*SETTLED, "baseline"))),
    _delivery("is in another recipient's message", or_(_D.channel != _B.channel, _D.recipient != _B.recipient)),
    _message("its state is none that there is", _B.state.not_in(get_args(BatchState))),
    _message("waits, yet tells nothing", and_(_B.state.in_(OPEN), ~_TELLS)),
    _message("is being sent, yet by nobody", and_(_B.state.in_(("claimed", "armed")), ~_LEASED)),
    _message("is not being sent, yet by somebody", and_(_B.state.not_in(("claimed", "armed")), ~_FREE)),
    _message(_SETTLED, _B.settled_at.is_(None) == _B.state.in_(SETTLED)),
    _message("has more attempts spared than made", or_(_B.spared > _B.attempts, _B.spared < 0, _B.in_doubt < 0)),
    Rule("item", "has no text", select(items.c.id).where(~_TEXT).order_by(items.c.id)),
)
