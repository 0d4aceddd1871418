"""What is wrong at present, and the alerts that tell of it, each raised once for as long as its cause lasts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from scan.model import Alert
from scan.store.direct import next_id
from scan.store.records import ChannelState
from scan.store.rows import SOURCE_STATES, source_state
from scan.store.schema import IN_TROUBLE, OPEN, alerts, batches, channels, deliveries, matches, sources
from scan.store.transactions import Transactions, chunks, execute_many, insert_once, pairs
from scan.store.trouble import GivenUp, Held, NewAlert, OpenAlert, Trouble


class Alerts(Transactions):
    """Trouble, and the alerts that tell of it."""

    def trouble(self) -> Trouble:
        """Look at everything that is wrong, and at what was said of it."""
        with self.reading() as connection:
            ill = connection.execute(SOURCE_STATES.where(IN_TROUBLE).order_by(sources.c.name))
            out_of_order = connection.execute(select(channels).order_by(channels.c.channel)).mappings()
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
        query = (
            select(deliveries.c.id.label("delivery"), alerts.c.kind, alerts.c.subject, alerts.c.since, alerts.c.text)
            .join_from(deliveries, alerts, deliveries.c.alert_id == alerts.c.id)
            .where(deliveries.c.state == "pending")
            .where(deliveries.c.channel == channel, deliveries.c.recipient == recipient)
            .order_by(alerts.c.id)
            .limit(limit)
        )
        with self.reading() as connection:
            return [Alert(**row) for row in connection.execute(query).mappings()]


def _held(connection: Connection) -> tuple[Held, ...]:
    query = (
        select(sources.c.name.label("source"), func.count().label("deliveries"), func.min(matches.c.at).label("since"))
        .join_from(deliveries, matches, deliveries.c.match_id == matches.c.id)
        .join(sources, matches.c.source_id == sources.c.id)
        .where(deliveries.c.state == "held")
        .group_by(sources.c.name)
        .order_by(sources.c.name)
    )
    return tuple(Held(**row) for row in connection.execute(query).mappings())


def _given_up(connection: Connection) -> tuple[GivenUp, ...]:
    whom = (deliveries.c.channel, deliveries.c.recipient)
    query = (
        select(
            *whom,
            func.count().label("deliveries"),
            func.min(deliveries.c.settled_at).label("since"),
            func.max(deliveries.c.batch_id).label("last"),
        )
        .where(deliveries.c.state == "dead")
        .group_by(*whom)
        .order_by(*whom)
    )
    rows = connection.execute(query).all()
    said = select(batches.c.id, batches.c.last_error).where(batches.c.id.in_([row.last for row in rows]))
    errors = pairs(connection, said) if rows else {}
    return tuple(
        GivenUp(
            channel=row.channel,
            recipient=row.recipient,
            deliveries=row.deliveries,
            since=row.since,
            error=errors[row.last],
        )
        for row in rows
    )


def _open(connection: Connection) -> tuple[OpenAlert, ...]:
    query = select(alerts.c.id, alerts.c.kind, alerts.c.subject, alerts.c.since).where(OPEN).order_by(alerts.c.id)
    return tuple(OpenAlert(**row) for row in connection.execute(query).mappings())


def _close(connection: Connection, now: datetime, ids: Collection[int]) -> set[int]:
    """Close alerts; returns those that were still open."""
    found: set[int] = set()
    for some in chunks(ids):
        still_open = select(alerts.c.id).where(OPEN, alerts.c.id.in_(some))
        closing: Sequence[int] = connection.execute(still_open).scalars().all()
        connection.execute(update(alerts).where(alerts.c.id.in_(closing)).values(resolved_at=now))
        found.update(closing)
    return found


def _raise(connection: Connection, now: datetime, alert: NewAlert) -> bool:
    """Write an alert with its deliveries, unless one for the same is open."""
    row = next_id(connection, alerts.c.id)
    values = {"kind": alert.kind, "subject": alert.subject, "since": alert.since, "text": alert.text}
    resolved_at = now if alert.ends else None
    written = connection.execute(
        insert_once(connection, alerts), {"id": row, **values, "at": now, "resolved_at": resolved_at}
    )
    if written.rowcount != 1:
        return False
    queued = ({"id": d.id, "channel": d.channel, "recipient": d.recipient, "state": d.state} for d in alert.deliveries)
    execute_many(connection, insert_once(connection, deliveries), ({**one, "alert_id": row} for one in queued))
    return True
