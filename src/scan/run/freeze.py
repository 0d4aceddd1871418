"""What waits in the outbox becomes messages, rendered once and kept: a retry is the same to the byte (T2a)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from scan.channels.base import Channel
from scan.errors import DeliveryError
from scan.model import Alert, Digest, Notice
from scan.store.database import Store

SINGLY = 20
"""Messages that a channel of mode `each` gets from one run at most; more notices make one digest."""

AT_ONCE = 1000
"""Notices put into one digest at most; more make another."""


class Freezer:
    """Turns what waits for each recipient of a channel into messages.

    Args:
        store: keeps the outbox.
        profile: whose messages these are.
        zone: of the dates that people read.

    """

    def __init__(self, store: Store, *, profile: str, zone: str) -> None:
        self._store, self._profile, self._zone = store, profile, zone

    def freeze(self, channel: Channel, now: datetime) -> None:
        """Freeze what waits for a channel.

        Raises:
            DeliveryError: the channel cannot put it into words; what is not yet frozen waits on.

        """
        for name, recipient in self._store.waiting():
            if name != channel.name or recipient not in channel.recipients():
                continue
            while alerts := self._store.pending_alerts(name, recipient, AT_ONCE):
                self._freeze_one(channel, recipient, now, alerts=alerts)
            for backlog in (False, True):
                while notices := self._store.pending(name, recipient, AT_ONCE, backlog=backlog):
                    for members in _grouped(channel, notices, backlog=backlog):
                        self._freeze_one(channel, recipient, now, notices=members, backlog=backlog)

    def _freeze_one(
        self,
        channel: Channel,
        recipient: str,
        now: datetime,
        *,
        notices: Sequence[Notice] = (),
        alerts: Sequence[Alert] = (),
        backlog: bool = False,
    ) -> None:
        deliveries = [*(notice.delivery for notice in notices), *(alert.delivery for alert in alerts)]
        digest = Digest(
            id=_identity(channel.name, recipient, deliveries),
            profile=self._profile,
            created_at=now,
            notices=tuple(notices),
            alerts=tuple(alerts),
            backlog=backlog,
            zone=self._zone,
        )
        self._store.freeze(
            channel.name,
            recipient,
            message_id=digest.id,
            payload=_composed(channel, digest, recipient),
            delivery_ids=deliveries,
            now=now,
        )


def _composed(channel: Channel, digest: Digest, recipient: str) -> bytes:
    try:
        return channel.compose(digest, recipient)
    except Exception as error:  # a plug-in's bug must cost its own channel only
        why = f"{type(error).__name__}: {error}"
        raise DeliveryError(f"the kind {channel.kind} cannot put it into words: {why}", config=True) from error


def _grouped(channel: Channel, notices: Sequence[Notice], *, backlog: bool) -> Iterator[Sequence[Notice]]:
    """Group notices into messages: one digest, or each its own.

    What a first run or a changed search finds, and whatever is too much to be told singly, is one digest on every
    channel: nobody wants 300 messages.
    """
    if channel.mode == "digest" or backlog or len(notices) > SINGLY:
        yield notices
        return
    first = [notice for notice in notices if notice.first_run]
    if first:
        yield first
    yield from ([notice] for notice in notices if not notice.first_run)


def _identity(channel: str, recipient: str, deliveries: Sequence[str]) -> str:
    """Identify a message by what it tells and to whom."""
    return hashlib.sha256(msgspec.json.encode((channel, recipient, sorted(deliveries)))).hexdigest()[:40]
