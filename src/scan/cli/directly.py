"""A message sent at once, outside the outbox: nothing is kept of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan.cli.context import Settings
from scan.cli.output import now_utc

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.channels.base import Channel
    from scan.model import Digest
    from scan.page import Page, Request

Ask = Callable[["Request"], "Page"]


@dataclass
class _Noted:
    """A handover that keeps nothing but what the receiver said."""

    said: str = ""

    def arm(self) -> None:
        """Keep no state: whatever becomes of the message, nobody has to know it later."""

    def accepted(self, code: int | None, receipt: str) -> None:
        """Remember what people are shown."""
        self.said = " ".join(filter(None, ("" if code is None else str(code), receipt)))


def send_directly(settings: Settings, channel: "Channel", recipient: str, digest: "Digest", ask: Ask) -> str:
    """Send one message to one recipient; returns what the receiver said to it.

    Raises:
        DeliveryError: it was not accepted.

    """
    from scan.deliver import send

    noted = _Noted()
    payload = channel.compose(digest, recipient)
    send(channel, recipient, digest.id, payload, noted, ask=ask, environ=settings.environ, now=now_utc)
    return noted.said
