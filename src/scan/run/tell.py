"""Telling: what waits in the outbox becomes messages, and the messages leave, each under an identity that stays.

The order of commits is the whole point: frozen before rendered bytes leave, claimed before a connection is opened,
armed before the first byte of the message, sent directly after the receiver's yes. See docs/delivery.md.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from scan.cadence import awaits, quiet
from scan.channels.base import Channel
from scan.errors import DeliveryError
from scan.outcome import DeliveryCounts, SourceRun, with_told
from scan.run.freeze import Freezer
from scan.store.database import Store
from scan.store.records import BatchRow, ChannelState

log = logging.getLogger("scan.run")

LEASE = timedelta(minutes=15)
"""How long a claimed batch is its claimer's, where several machines share one outbox."""

NEXT_RUN = timedelta(milliseconds=1)
"""However little there is to wait for, it is the next run that tries again: this one has its time from its start."""

LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_FOR_NOW = 3
"""After so many temporary refusals in a row a channel is left alone until the next run."""

GONE = 410
"""The receiver says that it is closed for good: its channel is left alone for a while."""

PAUSE = timedelta(days=1)

Send = Callable[["Channel", BatchRow, "Handover"], None]
"""Hands a batch over to its receiver.

Raises:
    DeliveryError: it was not accepted.

"""


class Handover(msgspec.Struct, frozen=True):
    """The two commits around the point of no return of one batch."""

    store: Store
    batch: BatchRow
    owner: str
    wall: Callable[[], datetime]

    def arm(self) -> None:
        """Record that the next byte may be accepted; if this fails, nothing is sent."""
        self.store.arm(self.batch.id, self.owner)

    def accepted(self, code: int | None, receipt: str) -> None:
        """Record the receiver's yes."""
        self.store.sent(self.batch.id, self.owner, self.wall(), code=code, receipt=receipt)


class Told(msgspec.Struct):
    """What became of messages in a run.

    Attributes:
        sent, refused: the messages.
        unsaid: how often a channel could not put into words what it was to tell.

    """

    sent: list[BatchRow] = []
    refused: list[BatchRow] = []
    unsaid: int = 0


class Teller:
    """Sends what waits, a channel at a time; one channel's failure is no other's.

    It may be asked several times in a run; a channel that refuses is then left alone.

    Attributes:
        told: what came of it so far.

    """

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        send: Send,
        *,
        owner: str,
        profile: str,
        zone: str,
        every: timedelta,
        wall: Callable[[], datetime],
        stop: Callable[[], bool],
    ) -> None:
        self._store, self._channels, self._send = store, channels, send
        self._freezer = Freezer(store, profile=profile, zone=zone)
        self._owner, self._zone, self._every = owner, zone, every
        self._wall, self._stop = wall, stop
        self._left_alone: set[str] = set()
        self.told = Told()

    def tell(self, now: datetime, *, only: Collection[str] | None = None) -> None:
        """Freeze what waits and send what is ready.

        Args:
            now: the run's time.
            only: these channels; None for all.

        """
        states = self._store.channel_states()
        for channel in self._channels:
            if only is not None and channel.name not in only:
                continue
            state = states.get(channel.name, ChannelState(channel=channel.name))
            if awaits(state.until, now):
                continue
            if state.until is not None and now < state.until:  # agreed on while the clock was ahead
                state = self._well(channel, state)
            if self._is_quiet(channel):
                continue
            try:
                self._freezer.freeze(channel, now)
            except DeliveryError as error:
                log.warning("nothing told: %s", error, extra={"event": "delivery_failed", "channel": channel.name})
                self._remember(channel, state, error, now)
                self.told.unsaid += 1
                continue
            self._empty(channel, state, now)

    def _is_quiet(self, channel: Channel) -> bool:
        """Tell whether what is for a channel waits for the morning, by the present time: a run may take a while."""
        hours = channel.quiet_hours
        if hours is None or not quiet(hours, self._wall(), ZoneInfo(self._zone)):
            return False
        log.debug("quiet hours", extra={"event": "channel_quiet", "channel": channel.name})
        return True

    def _empty(self, channel: Channel, state: ChannelState, now: datetime) -> None:
        """Send a channel's ready messages until it refuses too often."""
        in_a_row = 0
        recipients = channel.recipients()
        for batch in self._store.due(channel.name, now):
            if self._stop() or channel.name in self._left_alone:
                break
            if batch.recipient not in recipients:  # taken out of the config: it waits, as for a removed channel
                continue
            if not self._store.claim(batch.id, self._owner, self._wall(), LEASE):
                continue
            try:
                self._send(channel, batch, Handover(self._store, batch, self._owner, self._wall))
            except DeliveryError as error:
                self.told.refused.append(batch)
                in_a_row += 0 if error.permanent else 1
                state = self._refused(channel, state, batch, error, now)
                if error.config or in_a_row >= GIVE_UP_FOR_NOW:
                    self._left_alone.add(channel.name)
            else:
                self.told.sent.append(batch)
                in_a_row = 0
                state = self._accepted(channel, state, batch)

    def _accepted(self, channel: Channel, state: ChannelState, batch: BatchRow) -> ChannelState:
        message = f"{batch.deliveries} told to {batch.recipient}"
        log.info(message, extra={"event": "delivery_sent", "channel": channel.name, "message_id": batch.message_id})
        return self._well(channel, state)

    def _well(self, channel: Channel, state: ChannelState) -> ChannelState:
        """Note that a channel is well."""
        well = ChannelState(channel=channel.name)
        if state != well:
            self._store.save_channel_state(well)
        return well

    def _refused(
        self, channel: Channel, state: ChannelState, batch: BatchRow, error: DeliveryError, now: datetime
    ) -> ChannelState:
        """Put a batch back, or give it up, and remember how the channel is."""
        self._store.failed(
            batch.id,
            self._owner,
            now,
            error=str(error),
            code=error.code,
            permanent=error.permanent or (error.in_doubt and channel.in_doubt == "hold"),
            in_doubt=error.in_doubt,
            next_at=now + self._pause(batch, error),
            count_attempt=not error.config,
        )
        log.warning(
            "not sent to %s: %s",
            batch.recipient,
            error,
            extra={"event": "delivery_failed", "channel": channel.name, "message_id": batch.message_id},
        )
        return self._remember(channel, state, error, now)

    def _remember(self, channel: Channel, state: ChannelState, error: DeliveryError, now: datetime) -> ChannelState:
        """Note how the channel is."""
        ill = ChannelState(
            channel=channel.name,
            state="config_error" if error.config else "paused" if error.code == GONE else "ok",
            until=now + PAUSE if error.code == GONE else None,
            consecutive_failures=state.consecutive_failures + 1,
            last_error=str(error),
        )
        self._store.save_channel_state(ill)
        return ill

    def _pause(self, batch: BatchRow, error: DeliveryError) -> timedelta:
        """Tell how long to wait: the next run tries again, then every second, fourth, eighth.

        A channel that is itself wrong is tried by every run: once it is mended, nothing is to wait for hours more.
        """
        if error.retry_after is not None:
            return min(max(timedelta(seconds=error.retry_after), NEXT_RUN), LONGEST_WAIT)
        if error.config:
            return NEXT_RUN
        intervals: int = 2 ** (batch.attempts - batch.spared) - 1
        return min(max(self._every * intervals, NEXT_RUN), LONGEST_WAIT)


def counts(store: Store, told: Told) -> DeliveryCounts:
    """Count the run's deliveries, and what still waits."""
    waiting = store.outbox_counts()
    return DeliveryCounts(
        sent=sum(batch.deliveries for batch in told.sent),
        failed=sum(batch.deliveries for batch in told.refused) + told.unsaid,
        pending=waiting.get("pending", 0) + waiting.get("batched", 0),
    )


def by_source(store: Store, run_id: str, told: Told, runs: Sequence[SourceRun]) -> list[SourceRun]:
    """Add to each source of the run what was told of it, in the execution log as well."""
    sent, refused = ([batch.id for batch in batches] for batches in (told.sent, told.refused))
    return with_told(runs, store.log_told(run_id, sent, refused)) if sent or refused else list(runs)
