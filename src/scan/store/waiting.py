"""What waits to be told, as notices; and what became of deliveries."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, desc, func, select

from scan.model import Event, FieldChange, Notice
from scan.store.records import ChannelState, DeliveryRow, DeliveryState
from scan.store.rows import matched_items, reasons, stored_item
from scan.store.schema import alerts, batches, changes, channels, deliveries, items, matches, sources
from scan.store.transactions import Transactions, chunks, pairs, upsert

OPEN_STATES: tuple[DeliveryState, ...] = ("pending", "held", "batched", "dead")
"""States that somebody may have to do something about."""


class Waiting(Transactions):
    """Deliveries by their state, and how the channels are."""

    def waiting(self) -> list[tuple[str, str]]:
        """List the (channel, recipient) that something is pending for."""
        query = select(deliveries.c.channel, deliveries.c.recipient).where(deliveries.c.state == "pending").distinct()
        with self.reading() as connection:
            return sorted((channel, recipient) for channel, recipient in connection.execute(query))

    def pending(self, channel: str, recipient: str, limit: int, *, backlog: bool = False) -> list[Notice]:
        """Compose what is pending for a recipient, the oldest first.

        Args:
            channel: its channel.
            recipient: whom.
            limit: at most so many.
            backlog: only what new or changed searches found among the stored items; else only the rest.

        """
        query = (
            matched_items()
            .add_columns(deliveries.c.id.label("delivery"))
            .join(deliveries, deliveries.c.match_id == matches.c.id)
            .where(deliveries.c.state == "pending", matches.c.backlog.is_(backlog))
            .where(deliveries.c.channel == channel, deliveries.c.recipient == recipient)
            .order_by(deliveries.c.match_id)
            .limit(limit)
        )
        with self.reading() as connection:
            rows = connection.execute(query).all()
            changed = _changes(connection, rows)
            finders = _finders(connection, rows)
        return [_notice(row, changed, finders) for row in rows]

    def outbox_counts(self) -> dict[DeliveryState, int]:
        """Count the deliveries that wait, are held back or were given up, by state, each named.

        Those that are settled well are not counted: the cost would follow all that was ever told.
        """
        query = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(OPEN_STATES))
        with self.reading() as connection:
            found: dict[str, int] = pairs(connection, query.group_by(deliveries.c.state))
        return {state: found.get(state, 0) for state in OPEN_STATES}

    def undelivered(self) -> dict[tuple[str, str], int]:
        """Count the deliveries that wait or are held back, by channel and recipient."""
        whom = (deliveries.c.channel, deliveries.c.recipient)
        query = select(*whom, func.count()).group_by(*whom)
        with self.reading() as connection:
            rows = connection.execute(query.where(deliveries.c.state.in_(("pending", "held", "batched"))))
            return {(channel, recipient): count for channel, recipient, count in rows}

    def deliveries(self, *states: DeliveryState, limit: int, offset: int = 0) -> list[DeliveryRow]:
        """List deliveries, the newest first, in these states or in any, after so many."""
        newest = [
            query.order_by(desc(of)).limit(limit + offset)
            for of, query in ((deliveries.c.match_id, _of_matches()), (deliveries.c.alert_id, _of_alerts()))
        ]
        chosen = (query.where(deliveries.c.state.in_(states)) if states else query for query in newest)
        with self.reading() as connection:
            rows = [_delivery_row(row) for query in chosen for row in connection.execute(query).mappings()]
        return sorted(rows, key=lambda row: row.at, reverse=True)[offset : offset + limit]

    def channel_states(self) -> dict[str, ChannelState]:
        """Read how the channels are, by name; nothing for one that never had trouble."""
        with self.reading() as connection:
            rows = connection.execute(select(channels)).mappings()
            return {row["channel"]: ChannelState(**row) for row in rows}

    def save_channel_state(self, state: ChannelState) -> None:
        """Write how a channel is."""
        values = msgspec.structs.asdict(state)
        with self.writing() as connection:
            connection.execute(upsert(connection, channels), values)


def _deliveries(at: Any, title: Any) -> Select[Any]:
    """Select deliveries with the messages they are in; what they tell of is for the caller to join."""
    return select(
        deliveries.c.id,
        deliveries.c.channel,
        deliveries.c.recipient,
        deliveries.c.state,
        at.label("at"),
        title.label("title"),
        deliveries.c.batch_id.label("batch"),
        func.coalesce(batches.c.attempts, 0).label("attempts"),
        batches.c.next_at,
        batches.c.last_error.label("error"),
    ).outerjoin_from(deliveries, batches, deliveries.c.batch_id == batches.c.id)


def _of_matches() -> Select[Any]:
    return (
        _deliveries(matches.c.at, items.c.title)
        .add_columns(matches.c.search, matches.c.event, sources.c.name.label("source"))
        .join(matches, deliveries.c.match_id == matches.c.id)
        .join(items, matches.c.item_id == items.c.id)
        .join(sources, matches.c.source_id == sources.c.id)
    )


def _of_alerts() -> Select[Any]:
    of_alert = _deliveries(alerts.c.at, alerts.c.text).add_columns(alerts.c.kind.label("alert"))
    return of_alert.join(alerts, deliveries.c.alert_id == alerts.c.id)


def _delivery_row(row: Any) -> DeliveryRow:
    return DeliveryRow(**{**row, **({"event": Event(row["event"])} if "event" in row else {})})


Changes = dict[tuple[int, int], list[FieldChange]]
Finders = dict[tuple[str, bytes], dict[str, None]]


def _changes(connection: Connection, rows: Sequence[Any]) -> Changes:
    """Read what changed, by item and revision."""
    found: Changes = {}
    ids = {row.id for row in rows if row.match_event == Event.CHANGED}
    for some in chunks(ids):
        query = select(changes).where(changes.c.item_id.in_(some)).order_by(changes.c.field)
        for row in connection.execute(query):
            found.setdefault((row.item_id, row.revision), []).append(FieldChange(row.field, row.old, row.new))
    return found


def _finders(connection: Connection, rows: Sequence[Any]) -> Finders:
    """Read which sources matched a posting, in the order they did (a dict keeps it)."""
    found: Finders = {}
    names: Collection[str] = {row.match_search for row in rows}
    query = (
        select(matches.c.search, matches.c.fingerprint, sources.c.name)
        .join_from(matches, sources, matches.c.source_id == sources.c.id)
        .where(matches.c.search.in_(names))
        .order_by(matches.c.id)
    )
    for some in chunks({row.match_fingerprint for row in rows if row.match_fingerprint is not None}):
        for search, fingerprint, name in connection.execute(query.where(matches.c.fingerprint.in_(some))):
            found.setdefault((search, fingerprint), {})[name] = None
    return found


def _notice(row: Any, changed: Changes, finders: Finders) -> Notice:
    item = stored_item(row).item
    is_change = row.match_event == Event.CHANGED
    return Notice(
        delivery=row.delivery,
        search=row.match_search,
        event=Event(row.match_event),
        item=item,
        sources=tuple(finders.get((row.match_search, row.match_fingerprint), [item.source])),
        reasons=reasons(row),
        changes=tuple(changed.get((row.id, row.match_revision), ())) if is_change else (),
        first_run=row.match_first_run,
    )
