"""What is wrong at present, and what has been said of it, as values."""

from datetime import datetime

import msgspec

from scan.cadence import SourceState
from scan.model import AlertKind
from scan.store.records import ChannelState, NewDelivery


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries of one source that the flood guard holds back.

    Attributes:
        since: when the oldest of their matches was made.

    """

    source: str
    deliveries: int
    since: datetime


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """Dead deliveries to one recipient.

    Attributes:
        since: when the first of them was given up.
        error: of the last one.

    """

    channel: str
    recipient: str
    deliveries: int
    since: datetime
    error: str | None


class OpenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that was raised and whose cause lasts, as far as is known."""

    id: int
    kind: AlertKind
    subject: str
    since: datetime


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong, from one look at the database.

    Attributes:
        sources: those that fail, or whose result is suspicious.
        channels: those that had trouble.
        open: the alerts that were raised before.

    """

    sources: tuple[SourceState, ...] = ()
    held: tuple[Held, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    channels: tuple[ChannelState, ...] = ()
    open: tuple[OpenAlert, ...] = ()


class NewAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert to raise, with its deliveries.

    Attributes:
        ends: the open alerts whose end is what this one tells, so that it is over as soon as it is told.

    """

    kind: AlertKind
    subject: str
    since: datetime
    text: str
    deliveries: tuple[NewDelivery, ...]
    ends: tuple[int, ...] = ()
