"""What the event loop has in hand: conversations, and what it carries them on with."""

from collections.abc import Callable, Generator
from typing import Generic, TypeVar

import msgspec

from scan.errors import FetchError
from scan.fetch.exchange import Exchange
from scan.fetch.hosts import WEIGHTLESS, Weight
from scan.fetch.sockets import Sockets
from scan.fetch.transfer import Transfer
from scan.fetch.urls import Place
from scan.page import Page, Request

K = TypeVar("K")
T = TypeVar("T")

Conversation = Generator[Request, Page | FetchError, T]
"""Asks by yielding requests, is sent what came back, returns its result. It does no input or output of its own."""


class Kit(msgspec.Struct):
    """What a loop works with and leaves for the next one: sockets with their connections, and idle transfers."""

    sockets: Sockets
    make: Callable[[], Transfer]
    idle: list[Transfer] = []

    def close(self) -> None:
        """Free everything."""
        for transfer in self.idle:
            transfer.close()
        self.sockets.close()


class Talk(Generic[K, T]):
    """A conversation, its present question, and whom it asks; `begun` once its first question is out."""

    __slots__ = ("begun", "conversation", "exchange", "key", "place", "weight")

    exchange: Exchange
    place: Place

    def __init__(
        self, key: K, conversation: Conversation[T], weight: Weight = WEIGHTLESS, *, begun: bool = False
    ) -> None:
        self.key, self.conversation, self.weight, self.begun = key, conversation, weight, begun


def errand(request: Request) -> Conversation[Page | FetchError]:
    """Ask one thing, for the loop itself."""
    return (yield request)


def left_alone(exchange: Exchange, status: int, wait: float) -> FetchError:
    """Say that a host asked to be left alone."""
    return exchange.error(f"the host asked to be left alone for {wait:.0f} s", status=status, wait=wait)
