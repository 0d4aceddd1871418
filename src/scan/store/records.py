"""What goes into the store and comes out of it, as values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from scan.cadence import SourceState
from scan.changes import DetailState
from scan.model import AlertKind, Event, FieldChange, Item, Match
from scan.outcome import SourceRun

DeliveryState = Literal["pending", "baseline", "held", "batched", "sent", "dead", "dropped"]
BatchState = Literal["ready", "claimed", "armed", "sent", "dead", "dropped"]


class RunStart(msgspec.Struct, frozen=True, kw_only=True):
    """The row that a run opens with."""

    id: str
    profile: str
    trigger: Literal["timer", "manual"]
    host: str
    pid: int
    version: str
    started_at: datetime


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the execution log.

    Attributes:
        result: the run's whole result but for `by_source` (see docs/cli.md), as JSON; None while it runs.

    """

    start: RunStart
    status: Literal["running", "success", "partial_failure", "failure", "skipped", "interrupted"]
    finished_at: datetime | None
    duration_seconds: float | None
    error: str | None
    result: Mapping[str, Any] | None

    def count(self, group: str, name: str) -> int | None:
        """Tell what the run counted, such as the items that are new; None where it came to no result."""
        found: int | None = (self.result or {}).get(group, {}).get(name)
        return found


class NewDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One match for one recipient of one channel.

    Attributes:
        id: the delivery's identity, a hash of what is told to whom: the same however often it is computed.

    """

    id: str
    channel: str
    recipient: str
    state: DeliveryState


class NewMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A match to record, with its deliveries.

    Attributes:
        duplicate: another source's item with the same fingerprint was matched before: recorded, not told.
        revision: 0 for the first time; for `changed`, the item's revision.
        first_run: found on its source's first run; it is told in one message, marked as such (`Notice.first_run`).
        backlog: found by a new or changed search among what was stored (`Digest.backlog`).

    """

    match: Match
    duplicate: bool = False
    revision: int = 0
    first_run: bool = False
    backlog: bool = False
    deliveries: tuple[NewDelivery, ...] = ()

    @property
    def is_skipped(self) -> bool:
        """Whether nobody is told, or not before somebody looks, although no other source had it before."""
        return not self.duplicate and all(delivery.state != "pending" for delivery in self.deliveries)


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item never seen before.

    Attributes:
        detail: what is to be remembered of its own page, where it was wanted.

    """

    item: Item
    raw_hash: bytes
    matches: tuple[NewMatch, ...] = ()
    detail: DetailState | None = None


class ChangedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A known item whose content differs, that is back, or that now has its own page, or several of these.

    Attributes:
        id: its row.
        changes: empty for one that is back as it was, and for one of which only its own page is new.
        returned: it was gone (or had left a feed's window).
        new_episode: it was away for so long that its return deserves a new alert.

    """

    id: int
    item: Item
    raw_hash: bytes
    changes: tuple[FieldChange, ...] = ()
    returned: bool = False
    new_episode: bool = False
    matches: tuple[NewMatch, ...] = ()


class LeftItem(msgspec.Struct, frozen=True, kw_only=True):
    """A known item that is not listed any more: gone, or out of a feed's window."""

    id: int
    gone: bool
    matches: tuple[NewMatch, ...] = ()


class Absorbed(msgspec.Struct, frozen=True, kw_only=True):
    """All that one source's result changes, written in one transaction (T1).

    Attributes:
        state: the source's memory from now on.
        recoded: (item id, raw_hash) of items whose bytes differ while their content is the same.
        details: by the row of a known item, what is to be remembered of its own page.

    """

    state: SourceState
    run: SourceRun
    new: tuple[NewItem, ...] = ()
    changed: tuple[ChangedItem, ...] = ()
    left: tuple[LeftItem, ...] = ()
    recoded: tuple[tuple[int, bytes], ...] = ()
    details: Mapping[int, DetailState] = {}

    @property
    def changes_items(self) -> bool:
        """Tell whether anything is written of an item."""
        return bool(self.new or self.changed or self.left or self.recoded or self.details)


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one recipient, rendered once and kept, so that a retry is the same to the byte.

    Attributes:
        message_id: its identity towards the receiver.
        attempts: that were made, the spared ones included.
        spared: attempts that do not count: the channel itself was wrong, or somebody had it tried anew.
        in_doubt: how often it may have been accepted without our knowing.

    """

    id: int
    channel: str
    recipient: str
    message_id: str
    payload: bytes
    state: BatchState
    attempts: int
    spared: int
    in_doubt: int
    next_at: datetime | None
    deliveries: int


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel is."""

    channel: str
    state: Literal["ok", "config_error", "paused"] = "ok"
    until: datetime | None = None
    consecutive_failures: int = 0
    last_error: str | None = None


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """What a dead process left of its messages.

    Attributes:
        claimed: nothing was sent yet; ready again.
        armed: may have been accepted; ready again, once more in doubt.
        dead: given up, after too many attempts or too much doubt.

    """

    claimed: int = 0
    armed: int = 0
    dead: int = 0


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery, for people.

    Attributes:
        search, event, source: of its match; None for an alert.
        alert: what the alert is about; None for a match.
        title: of the item; for an alert, its text.
        at: when its match was made, or the alert was raised.
        attempts, next_at, error: of the message it is in, where it is in one.

    """

    id: str
    channel: str
    recipient: str
    state: DeliveryState
    search: str | None = None
    event: Event | None = None
    source: str | None = None
    alert: AlertKind | None = None
    title: str
    at: datetime
    batch: int | None
    attempts: int
    next_at: datetime | None
    error: str | None
