"""What is wrong at present, and the alerts that tell of it, each raised once for as long as its cause lasts."""

from collections.abc import Collection, Iterable
from datetime import datetime

from scan.model import Alert
from scan.store.connection import Connection, chunks, execute_many, next_id, select_in
from scan.store.records import ChannelState
from scan.store.rows import source_state, source_states
from scan.store.sql import sa, t
from scan.store.statement import any_of, highest, inserting_once, statement
from scan.store.transactions import Transactions
from scan.store.trouble import GivenUp, Held, NewAlert, OpenAlert, Trouble

_HIGHEST = highest("alerts")
_RAISE = inserting_once("alerts", "id", "kind", "subject", "since", "text", "at", "resolved_at")
_QUEUE = inserting_once("deliveries", "id", "alert_id", "channel", "recipient", "state")


@statement
def _in_trouble() -> "sa.Executable":
    return source_states().where(t.IN_TROUBLE).order_by(t.sources.c.name)


@statement
def _channels() -> "sa.Executable":
    return sa.select(t.channels).order_by(t.channels.c.channel)


@statement
def _pending() -> "sa.Executable":
    alert, queued = t.alerts.c, t.deliveries.c
    return (
        sa.select(queued.id.label("delivery"), alert.kind, alert.subject, alert.since, alert.text)
        .join_from(t.deliveries, t.alerts, queued.alert_id == alert.id)
        .where(queued.state == "pending")
        .where(queued.channel == sa.bindparam("channel"), queued.recipient == sa.bindparam("recipient"))
        .order_by(alert.id)
        .limit(sa.bindparam("limit"))
    )


@statement
def _held_back() -> "sa.Executable":
    since = sa.func.min(t.matches.c.at).label("since")
    return (
        sa.select(t.sources.c.name.label("source"), sa.func.count().label("deliveries"), since)
        .join_from(t.deliveries, t.matches, t.deliveries.c.match_id == t.matches.c.id)
        .join(t.sources, t.matches.c.source_id == t.sources.c.id)
        .where(t.deliveries.c.state == "held")
        .group_by(t.sources.c.name)
        .order_by(t.sources.c.name)
    )


@statement
def _dead() -> "sa.Executable":
    whom = (t.deliveries.c.channel, t.deliveries.c.recipient)
    return (
        sa.select(
            *whom,
            sa.func.count().label("deliveries"),
            sa.func.min(t.deliveries.c.settled_at).label("since"),
            sa.func.max(t.deliveries.c.batch_id).label("last"),
        )
        .where(t.deliveries.c.state == "dead")
        .group_by(*whom)
        .order_by(*whom)
    )


@statement
def _errors() -> "sa.Executable":
    return sa.select(t.batches.c.id, t.batches.c.last_error).where(t.batches.c.id.in_(any_of("ids")))


@statement
def _open_alerts() -> "sa.Executable":
    alert = t.alerts.c
    return sa.select(alert.id, alert.kind, alert.subject, alert.since).where(t.OPEN).order_by(alert.id)


@statement
def _still_open() -> "sa.Executable":
    return sa.select(t.alerts.c.id).where(t.OPEN, t.alerts.c.id.in_(any_of("ids")))


@statement
def _resolve() -> "sa.Executable":
    return sa.update(t.alerts).where(t.alerts.c.id.in_(any_of("ids"))).values(resolved_at=sa.bindparam("now"))


class Alerts(Transactions):
    """Trouble, and the alerts that tell of it."""

    def trouble(self) -> Trouble:
        """Look at everything that is wrong, and at what was said of it."""
        with self.reading() as connection:
            ill = connection.execute(_in_trouble)
            out_of_order = connection.execute(_channels).mappings()
            return Trouble(
                sources=tuple(map(source_state, ill)),
                held=_held(connection),
                given_up=_given_up(connection),
                channels=tuple(ChannelState(**row) for row in out_of_order),
                open=_open(connection),
            )

    def held(self) -> tuple[Held, ...]:
        """Count the deliveries that are held back, by source."""
        with self.reading() as connection:
            return _held(connection)

    def record_alerts(self, now: datetime, raised: Iterable[NewAlert], over: Collection[int]) -> set[str]:
        """Raise alerts, queue their deliveries, and close those whose cause is over, all in one transaction.

        What another process raised or closed meanwhile is left as it is, and nobody is told of it again.

        Args:
            now: the run's time.
            raised: the new ones.
            over: the open ones that end, those that the new ones tell the end of included.

        Returns:
            The channels that have something to tell now.

        """
        told: set[str] = set()
        with self.writing() as connection:
            closed = _close(connection, now, over)
            for alert in raised:
                if closed.issuperset(alert.ends) and _raise(connection, now, alert):
                    told |= {delivery.channel for delivery in alert.deliveries}
        return told

    def pending_alerts(self, channel: str, recipient: str, limit: int) -> list[Alert]:
        """Compose the alerts that are pending for a recipient, at most so many, the oldest first."""
        of_recipient = {"channel": channel, "recipient": recipient, "limit": limit}
        with self.reading() as connection:
            return [Alert(**row) for row in connection.execute(_pending, of_recipient).mappings()]


def _held(connection: Connection) -> tuple[Held, ...]:
    return tuple(Held(**row) for row in connection.execute(_held_back).mappings())


def _given_up(connection: Connection) -> tuple[GivenUp, ...]:
    dead = connection.execute(_dead).all()
    errors = dict(select_in(connection, _errors, "ids", (last for *_, last in dead)))
    return tuple(
        GivenUp(channel=channel, recipient=recipient, deliveries=count, since=since, error=errors[last])
        for channel, recipient, count, since, last in dead
    )


def _open(connection: Connection) -> tuple[OpenAlert, ...]:
    return tuple(OpenAlert(**row) for row in connection.execute(_open_alerts).mappings())


def _close(connection: Connection, now: datetime, ids: Collection[int]) -> set[int]:
    """Close alerts; returns those that were still open."""
    found: set[int] = set()
    for some in chunks(ids):
        if closing := list(connection.execute(_still_open, {"ids": some}).scalars()):
            connection.execute(_resolve, {"ids": closing, "now": now})
        found.update(closing)
    return found


def _raise(connection: Connection, now: datetime, alert: NewAlert) -> bool:
    """Write an alert with its deliveries, unless one for the same is open."""
    row = next_id(connection, _HIGHEST)
    values = {"kind": alert.kind, "subject": alert.subject, "since": alert.since, "text": alert.text}
    resolved_at = now if alert.ends else None
    written = connection.execute(_RAISE, {"id": row, **values, "at": now, "resolved_at": resolved_at})
    if written.rowcount != 1:
        return False
    queued = ({"id": d.id, "channel": d.channel, "recipient": d.recipient, "state": d.state} for d in alert.deliveries)
    execute_many(connection, _QUEUE, ({**one, "alert_id": row} for one in queued))
    return True
