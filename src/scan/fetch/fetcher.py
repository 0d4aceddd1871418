"""Requests in, pages out: the door to the network."""

import random as randomness
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakSet

import msgspec

from scan.errors import FetchError
from scan.fetch.descriptors import affordable
from scan.fetch.exchange import Bounds
from scan.fetch.hosts import WEIGHTLESS, Weight
from scan.fetch.loop import Loop
from scan.fetch.programs import Surroundings
from scan.fetch.remembered import HostMemory
from scan.fetch.robots import Gate
from scan.fetch.settings import HttpSettings
from scan.fetch.sockets import Sockets
from scan.fetch.talk import Conversation, Kit
from scan.fetch.transfer import Limits, Transfer
from scan.page import Page, Request

K = TypeVar("K")
T = TypeVar("T")


def _present() -> datetime:
    return datetime.now(UTC)


def never() -> bool:
    """Don't stop."""
    return False


def weightless(key: object) -> Weight:
    """Expect nothing."""
    del key
    return WEIGHTLESS


def ignore(key: object) -> None:
    """Don't care what has begun."""


class Fetcher:
    """Fetches within the limits of the settings, from one thread. Connections live until it is closed."""

    def __init__(
        self,
        settings: HttpSettings,
        *,
        version: str,
        ca_file: str | None = None,
        surroundings: Surroundings | None = None,
        random: Callable[[], float] = randomness.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make ready; nothing is opened yet.

        Args:
            settings: of the config.
            version: of scan, for the User-Agent.
            ca_file: trusted certificates in PEM, instead of the machine's.
            surroundings: where programs run; without, none may be asked.
            random: gives numbers in [0, 1), to spread retries.
            clock: monotonic seconds.

        """
        self._settings = replace(settings, concurrency=affordable(settings.concurrency))
        self._limits = Limits.of(settings, version, ca_file)
        self._bounds = Bounds.of(settings)
        self._surroundings = surroundings
        self._random = random
        self._clock = clock
        self._kits: list[Kit] = []
        self._drives: WeakSet[Generator[Any, None, None]] = WeakSet()
        self._loops: list[Loop[Any, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def drive(
        self,
        conversations: Iterable[tuple[K, Conversation[T]]],
        *,
        weigh: Callable[[K], Weight] = weightless,
        begun: Callable[[K], None] = ignore,
        stop: Callable[[], bool] = never,
        deadline: float | None = None,
        memory: HostMemory | None = None,
    ) -> Iterator[tuple[K, T]]:
        """Hold many conversations at once and yield each one's key and result as it ends, in no order.

        All are begun at once, so each should be tiny until it has been answered. Between two results the other
        transfers move on. For any HTTP status a conversation is sent a `Page`, after the retries that the settings
        allow; a `FetchError` is sent, not thrown, where there is no answer.

        Args:
            conversations: keys, and generators that have not begun; those of one host are asked in this order.
            weigh: tells by its key what counts when it is decided whose host's turn it is.
            begun: told a key when the conversation's first question goes out.
            stop: asked about ten times a second; once it is true, nothing more starts or is yielded, transfers are
                dropped and the conversations left are closed.
            deadline: as if `stop` turned true at this time of the clock.
            memory: of hosts; takes in what happens to them. Only with one is robots.txt obeyed, if the settings say so.

        Raises:
            Exception: what a conversation raises comes through and ends the drive. A conversation that must not sink
                the others catches its own.

        """
        drive = self._drive(conversations, self._bounds, stop, deadline, memory, weigh=weigh, begun=begun)
        self._drives.add(drive)
        return drive

    def asking(self) -> list[Any]:
        """Name the conversations whose questions are out now, by their keys, those that wait longest first."""
        return [key for loop in self._loops for key in loop.asking()]

    def ask(self, request: Request) -> Page:
        """Ask one thing once, without retries. Works within a `drive` too.

        Returns the answer, whatever its status.

        Raises:
            FetchError: there was none; its `in_doubt` tells whether the server may have acted all the same.

        """
        once = msgspec.structs.replace(self._bounds, retries=0)
        ((_, page),) = self._drive([(None, _one(request))], once, never, None)
        return page

    def get(self, request: Request) -> Page:
        """Ask one thing, as `ask` does, with the retries that the settings allow."""
        ((_, page),) = self._drive([(None, _one(request))], self._bounds, never, None)
        return page

    def close(self) -> None:
        """End every drive that was left before its end, and close every connection."""
        for drive in list(self._drives):
            drive.close()
        while self._kits:
            self._kits.pop().close()

    def _drive(
        self,
        conversations: Iterable[tuple[K, Conversation[T]]],
        bounds: Bounds,
        stop: Callable[[], bool],
        deadline: float | None,
        memory: HostMemory | None = None,
        *,
        weigh: Callable[[K], Weight] = weightless,
        begun: Callable[[K], None] = ignore,
    ) -> Generator[tuple[K, T], None, None]:
        kit = self._kits.pop() if self._kits else self._new_kit()
        obeying = memory is not None and self._settings.robots == "obey"
        memory = memory or HostMemory(wall=_present)
        loop: Loop[K, T] = Loop(
            kit,
            self._settings,
            bounds,
            self._surroundings,
            memory,
            Gate(memory, self._limits.user_agent) if obeying else None,
            random=self._random,
            clock=self._clock,
            begun=begun,
        )
        self._loops.append(loop)
        try:
            yield from loop.run(conversations, weigh=weigh, stop=stop, deadline=deadline)
        finally:
            self._loops.remove(loop)
            self._kits.append(kit)

    def _new_kit(self) -> Kit:
        return Kit(Sockets(connections=2 * self._settings.concurrency), lambda: Transfer(self._limits))


def _one(request: Request) -> Conversation[Page]:
    answer = yield request
    if isinstance(answer, FetchError):
        raise answer
    return answer
