"""The event loop: conversations in, their results out, every limit kept.

One thread; nothing but a conversation's own work can hold it up.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import pycurl

from scan.errors import FetchError
from scan.fetch.exchange import Again, Bounds, Exchange
from scan.fetch.files import read_file
from scan.fetch.hosts import Hosts
from scan.fetch.programs import Programs, Surroundings
from scan.fetch.reasons import Failure
from scan.fetch.retry import LONGEST_WAIT, PAUSING
from scan.fetch.settings import HttpSettings
from scan.fetch.sockets import Sockets
from scan.fetch.transfer import Transfer
from scan.fetch.urls import Place, place
from scan.page import Page, Request

K = TypeVar("K")
T = TypeVar("T")

Conversation = Generator[Request, Page | FetchError, T]
"""Asks by yielding requests, is sent what came back, returns its result. It does no input or output of its own."""

BUFFERED = 64_000_000
"""Bytes of answers in memory, above which no request starts: memory stays flat however many sources there are."""

_LONGEST_SLEEP = 0.1  # seconds between two looks at `stop`, whatever hangs


@dataclass(slots=True)
class Kit:
    """What a loop works with and leaves for the next one: sockets with their connections, and idle transfers."""

    sockets: Sockets
    make: Callable[[], Transfer]
    idle: list[Transfer] = field(default_factory=list)

    def close(self) -> None:
        """Free everything."""
        for transfer in self.idle:
            transfer.close()
        self.sockets.close()


@dataclass(slots=True, eq=False)
class _Talk(Generic[K, T]):
    """A conversation, its present question, and whom it asks."""

    key: K
    conversation: Conversation[T]
    exchange: Exchange = field(init=False)
    place: Place = field(init=False)


class Loop(Generic[K, T]):
    """One drive of many conversations. Politeness and retries are decided elsewhere; here they are carried out."""

    def __init__(
        self,
        kit: Kit,
        settings: HttpSettings,
        bounds: Bounds,
        surroundings: Surroundings | None,
        *,
        random: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self._kit = kit
        self._bounds = bounds
        self._concurrency = settings.concurrency
        # A proxy dials for us, and its own address is ours to trust.
        self._may_guard = not settings.allow_private and settings.proxy is None
        self._max_body = settings.max_body
        self._random = random
        self._clock = clock
        self._hosts: Hosts[_Talk[K, T]] = Hosts(
            per_host=settings.per_host, min_interval=settings.min_interval.total_seconds()
        )
        self._files: deque[_Talk[K, T]] = deque()
        self._to_run: deque[_Talk[K, T]] = deque()
        self._programs: Programs[_Talk[K, T]] = Programs(surroundings, max_body=settings.max_body)
        self._closed: dict[Place, tuple[float, int]] = {}
        self._running: dict[pycurl.Curl, tuple[Transfer, _Talk[K, T]]] = {}
        self._answers: deque[tuple[_Talk[K, T], Page | FetchError]] = deque()
        self._open: set[_Talk[K, T]] = set()
        self._done: deque[tuple[K, T]] = deque()

    def run(
        self, conversations: Iterable[tuple[K, Conversation[T]]], *, stop: Callable[[], bool], deadline: float | None
    ) -> Iterator[tuple[K, T]]:
        """Yield each result as it comes, until all are there, `stop` turns true or the deadline passes."""
        talks = [_Talk(key, conversation) for key, conversation in conversations]
        self._open.update(talks)
        try:
            for talk in talks:
                self._advance(talk, None)
            while self._open or self._done:
                if stop() or (deadline is not None and self._clock() >= deadline):
                    return
                self._start()
                self._receive(0.0 if self._answers or self._done else self._patience())
                self._start()  # before the work on an answer, so that the servers work meanwhile
                if self._answers:
                    self._advance(*self._answers.popleft())
                if self._done:
                    yield self._done.popleft()
        finally:
            self._drop()

    def asking(self) -> list[K]:
        """Name whose questions are out: of servers, then of programs, each the longest first."""
        return [talk.key for _, talk in self._running.values()] + [talk.key for talk in self._programs.running]

    def _advance(self, talk: _Talk[K, T], answer: Page | FetchError | None) -> None:
        """Hand an answer to its conversation, None to begin it, and queue what it asks next."""
        try:
            # Typeshed has no way to say that a generator not begun takes None.
            request = talk.conversation.send(answer)  # type: ignore[arg-type]
        except StopIteration as end:
            self._open.discard(talk)
            self._done.append((talk.key, end.value))
            return
        talk.exchange = Exchange(request, self._bounds)
        self._queue(talk, None)

    def _queue(self, talk: _Talk[K, T], delay: float | None) -> None:
        if talk.exchange.asked.program is not None:
            self._to_run.append(talk)
            return
        try:
            talk.place = place(talk.exchange.asked.url)
        except ValueError as error:
            self._answers.append((talk, talk.exchange.error(str(error))))
            return
        if talk.place.scheme == "file":
            self._files.append(talk)
        else:
            self._hosts.add(talk.place, talk, due=None if delay is None else self._clock() + delay)

    def _start(self) -> None:
        """Start what may start."""
        while self._has_room():
            if self._files:
                self._read(self._files.popleft())
                continue
            if self._to_run and self._programs.have_room:
                talk = self._to_run.popleft()
                self._programs.start(talk, talk.exchange.asked)
                continue
            waiting = self._hosts.take(self._clock())
            if waiting is None:
                return
            if not self._begin(waiting):
                self._hosts.release(waiting.place)

    def _read(self, talk: _Talk[K, T]) -> None:
        try:
            self._answers.append((talk, read_file(talk.exchange.asked, max_body=self._max_body)))
        except FetchError as error:
            self._answers.append((talk, error))

    def _begin(self, talk: _Talk[K, T]) -> bool:
        """Start a transfer; False if there was none to start, and the conversation has an error instead."""
        until, status = self._closed.get(talk.place, (0.0, 0))
        if (wait := until - self._clock()) > 0:
            self._answers.append((talk, _left_alone(talk.exchange, status, wait)))
            return False
        asked = talk.exchange.asked
        transfer = self._kit.idle.pop() if self._kit.idle else self._kit.make()
        try:
            transfer.prepare(asked, seconds=talk.exchange.seconds, guarded=self._guards(asked))
        except ValueError as error:
            self._kit.idle.append(transfer)
            self._answers.append((talk, talk.exchange.error(str(error))))
            return False
        self._running[transfer.easy] = (transfer, talk)
        self._kit.sockets.add(transfer.easy)
        return True

    def _guards(self, asked: Request) -> bool:
        return asked.guarded and self._may_guard and not asked.allow_private

    def _receive(self, seconds: float) -> None:
        """Move the transfers, waiting so long at most, and see what became of those that are over."""
        for easy, code, message in self._kit.sockets.poll(seconds):
            transfer, talk = self._running.pop(easy)
            self._kit.sockets.remove(easy)
            self._hosts.release(talk.place)
            self._settle(talk, transfer.outcome(code, message), spent=transfer.spent, sent=transfer.sent)
            self._kit.idle.append(transfer)
        self._answers.extend(self._programs.ended())

    def _settle(self, talk: _Talk[K, T], outcome: Page | Failure, *, spent: float, sent: bool) -> None:
        if isinstance(outcome, Page) and outcome.status in PAUSING and (wait := outcome.retry_after):
            self._pause(talk.place, wait, outcome.status)
        settled = talk.exchange.settle(outcome, spent=spent, sent=sent, random=self._random)
        if isinstance(settled, Again):
            self._queue(talk, settled.delay)
        else:
            self._answers.append((talk, settled))

    def _pause(self, host: Place, wait: float, status: int) -> None:
        """Leave a host alone as it asked; if that is too long to wait, tell those who wait for it at once."""
        until = self._clock() + wait
        if wait <= LONGEST_WAIT:
            self._hosts.pause(host, until)
            return
        self._closed[host] = (until, status)
        for talk in self._hosts.withdraw(host):
            self._answers.append((talk, _left_alone(talk.exchange, status, wait)))

    def _has_room(self) -> bool:
        """Tell whether another request may start: no more at once, or in memory, than the limits say."""
        if len(self._running) >= self._concurrency or len(self._answers) >= self._concurrency:
            return False
        held = self._programs.size + sum(transfer.size for transfer, _ in self._running.values())
        held += sum(len(answer.body) for _, answer in self._answers if isinstance(answer, Page))
        return held < BUFFERED

    def _patience(self) -> float:
        """Tell how long to wait for the network before something else is to be done."""
        due = self._hosts.next_due()
        if due is None or not self._has_room():
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.0, due - self._clock()))

    def _drop(self) -> None:
        """End everything in hand."""
        for transfer, _ in self._running.values():
            self._kit.sockets.remove(transfer.easy)
            transfer.close()
        self._programs.drop()
        for talk in self._open:
            talk.conversation.close()


def _left_alone(exchange: Exchange, status: int, wait: float) -> FetchError:
    return exchange.error(f"the host asked to be left alone for {wait:.0f} s", status=status, wait=wait)
