"""The point of no return, as whoever keeps the outbox sees it."""

from typing import Protocol


class Handover(Protocol):
    """Called around the moment in which a message leaves our hands. What either raises ends the sending, unchanged."""

    def arm(self) -> None:
        """Note that from here on the receiver may have the message. Nothing was sent yet; raising keeps it so."""

    def accepted(self, code: int | None, receipt: str) -> None:
        """Note that the receiver has it, before anything else is said to it.

        Args:
            code: its status, where it has one.
            receipt: what it calls the message, or empty.

        """
