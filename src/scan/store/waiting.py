"""What waits to be told, as notices; and what became of deliveries."""

from collections.abc import Sequence
from typing import Any

import msgspec

from scan.model import Event, FieldChange, Notice
from scan.store.connection import Connection, named, pairs, select_in
from scan.store.records import ChannelState, DeliveryRow, DeliveryState
from scan.store.rows import matched_items, reasons, stored_item
from scan.store.sql import sa, t
from scan.store.statement import any_of, statement, upserting
from scan.store.transactions import Transactions

OPEN_STATES: tuple[DeliveryState, ...] = ("pending", "held", "batched", "dead")
"""States that somebody may have to do something about."""


_REMEMBER_CHANNEL = upserting("channels")


@statement
def _waiting() -> "sa.Executable":
    whom = sa.select(t.deliveries.c.channel, t.deliveries.c.recipient)
    return whom.where(t.deliveries.c.state == "pending").distinct()


@statement
def _counts() -> "sa.Executable":
    counts = sa.select(t.deliveries.c.state, sa.func.count())
    return counts.where(t.deliveries.c.state.in_(OPEN_STATES)).group_by(t.deliveries.c.state)


@statement
def _undelivered() -> "sa.Executable":
    whom = (t.deliveries.c.channel, t.deliveries.c.recipient)
    waiting = t.deliveries.c.state.in_(("pending", "held", "batched"))
    return sa.select(*whom, sa.func.count()).where(waiting).group_by(*whom)


@statement
def _channels() -> "sa.Executable":
    return sa.select(t.channels)


@statement
def _pending() -> "sa.Executable":
    return _pending_matches(backlog=False)


@statement
def _pending_backlog() -> "sa.Executable":
    return _pending_matches(backlog=True)


def _pending_matches(*, backlog: bool) -> "sa.Executable":
    queued = t.deliveries.c
    return (
        matched_items()
        .add_columns(queued.id.label("delivery"))
        .join(t.deliveries, queued.match_id == t.matches.c.id)
        .where(queued.state == "pending", t.matches.c.backlog.is_(backlog))
        .where(queued.channel == sa.bindparam("channel"), queued.recipient == sa.bindparam("recipient"))
        .order_by(queued.match_id)
        .limit(sa.bindparam("limit"))
    )


@statement
def _changed() -> "sa.Executable":
    of_items = t.changes.c.item_id.in_(any_of("ids"))
    what = (t.changes.c.item_id, t.changes.c.revision, t.changes.c.field, t.changes.c.old, t.changes.c.new)
    return sa.select(*what).where(of_items).order_by(t.changes.c.field)


@statement
def _found() -> "sa.Executable":
    return (
        sa.select(t.matches.c.search, t.matches.c.fingerprint, t.sources.c.name)
        .join_from(t.matches, t.sources, t.matches.c.source_id == t.sources.c.id)
        .where(t.matches.c.search.in_(any_of("searches")), t.matches.c.fingerprint.in_(any_of("fingerprints")))
        .order_by(t.matches.c.id)
    )


class Waiting(Transactions):
    """Deliveries by their state, and how the channels are."""

    def waiting(self) -> list[tuple[str, str]]:
        """List the (channel, recipient) that something is pending for."""
        with self.reading() as connection:
            return sorted((channel, recipient) for channel, recipient in connection.execute(_waiting))

    def pending(self, channel: str, recipient: str, limit: int, *, backlog: bool = False) -> list[Notice]:
        """Compose what is pending for a recipient, the oldest first.

        Args:
            channel: its channel.
            recipient: whom.
            limit: at most so many.
            backlog: only what new or changed searches found among the stored items; else only the rest.

        """
        whom = {"channel": channel, "recipient": recipient, "limit": limit}
        with self.reading() as connection:
            rows = list(named(connection.execute(_pending_backlog if backlog else _pending, whom)))
            changed = _changes(connection, rows)
            finders = _finders(connection, rows)
        return [_notice(row, changed, finders) for row in rows]

    def outbox_counts(self) -> dict[DeliveryState, int]:
        """Count the deliveries that wait, are held back or were given up, by state, each named.

        Those that are settled well are not counted: the cost would follow all that was ever told.
        """
        with self.reading() as connection:
            found: dict[str, int] = pairs(connection, _counts)
        return {state: found.get(state, 0) for state in OPEN_STATES}

    def undelivered(self) -> dict[tuple[str, str], int]:
        """Count the deliveries that wait or are held back, by channel and recipient."""
        with self.reading() as connection:
            return {(channel, recipient): count for channel, recipient, count in connection.execute(_undelivered)}

    def deliveries(self, *states: DeliveryState, limit: int, offset: int = 0) -> list[DeliveryRow]:
        """List deliveries, the newest first, in these states or in any, after so many."""
        newest = [
            query.order_by(sa.desc(of)).limit(limit + offset)
            for of, query in ((t.deliveries.c.match_id, _of_matches()), (t.deliveries.c.alert_id, _of_alerts()))
        ]
        chosen = (query.where(t.deliveries.c.state.in_(states)) if states else query for query in newest)
        with self.reading() as connection:
            rows = [_delivery_row(row) for query in chosen for row in connection.execute(query).mappings()]
        return sorted(rows, key=lambda row: row.at, reverse=True)[offset : offset + limit]

    def channel_states(self) -> dict[str, ChannelState]:
        """Read how the channels are, by name; nothing for one that never had trouble."""
        with self.reading() as connection:
            rows = connection.execute(_channels).mappings()
            return {row["channel"]: ChannelState(**row) for row in rows}

    def save_channel_state(self, state: ChannelState) -> None:
        """Write how a channel is."""
        values = msgspec.structs.asdict(state)
        with self.writing() as connection:
            connection.execute(_REMEMBER_CHANNEL, values)


def _deliveries(at: Any, title: Any) -> "sa.Select[Any]":
    """Select deliveries with the messages they are in; what they tell of is for the caller to join."""
    return sa.select(
        t.deliveries.c.id,
        t.deliveries.c.channel,
        t.deliveries.c.recipient,
        t.deliveries.c.state,
        at.label("at"),
        title.label("title"),
        t.deliveries.c.batch_id.label("batch"),
        sa.func.coalesce(t.batches.c.attempts, 0).label("attempts"),
        t.batches.c.next_at,
        t.batches.c.last_error.label("error"),
    ).outerjoin_from(t.deliveries, t.batches, t.deliveries.c.batch_id == t.batches.c.id)


def _of_matches() -> "sa.Select[Any]":
    return (
        _deliveries(t.matches.c.at, t.items.c.title)
        .add_columns(t.matches.c.search, t.matches.c.event, t.sources.c.name.label("source"))
        .join(t.matches, t.deliveries.c.match_id == t.matches.c.id)
        .join(t.items, t.matches.c.item_id == t.items.c.id)
        .join(t.sources, t.matches.c.source_id == t.sources.c.id)
    )


def _of_alerts() -> "sa.Select[Any]":
    of_alert = _deliveries(t.alerts.c.at, t.alerts.c.text).add_columns(t.alerts.c.kind.label("alert"))
    return of_alert.join(t.alerts, t.deliveries.c.alert_id == t.alerts.c.id)


def _delivery_row(row: Any) -> DeliveryRow:
    return DeliveryRow(**{**row, **({"event": Event(row["event"])} if "event" in row else {})})


Changes = dict[tuple[int, int], list[FieldChange]]
Finders = dict[tuple[str, bytes], dict[str, None]]


def _changes(connection: Connection, rows: Sequence[Any]) -> Changes:
    """Read what changed, by item and revision."""
    found: Changes = {}
    ids = {row.id for row in rows if row.match_event == Event.CHANGED}
    for item, revision, field, old, new in select_in(connection, _changed, "ids", ids):
        found.setdefault((item, revision), []).append(FieldChange(field, old, new))
    return found


def _finders(connection: Connection, rows: Sequence[Any]) -> Finders:
    """Read which sources matched a posting, in the order they did (a dict keeps it)."""
    found: Finders = {}
    searches = list({row.match_search for row in rows})
    fingerprints = {row.match_fingerprint for row in rows if row.match_fingerprint is not None}
    for search, fingerprint, name in select_in(connection, _found, "fingerprints", fingerprints, searches=searches):
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
