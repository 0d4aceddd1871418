"""The event loop: conversations in, their results out, every limit kept.

One thread; nothing but a conversation's own work can hold it up.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec
import pycurl

from scan.errors import FetchError
from scan.fetch.exchange import Again, Bounds, Exchange
from scan.fetch.files import read_file
from scan.fetch.hosts import Hosts, Weight
from scan.fetch.programs import Programs, Surroundings
from scan.fetch.reasons import Failure
from scan.fetch.remembered import HostMemory
from scan.fetch.retry import LONGEST_WAIT, PAUSING
from scan.fetch.robots import Gate
from scan.fetch.settings import HttpSettings
from scan.fetch.talk import Conversation, Kit, Talk, errand, left_alone
from scan.fetch.transfer import Transfer
from scan.fetch.urls import Place, place
from scan.page import Page, Request
from scan.phrases import span

K = TypeVar("K")
T = TypeVar("T")

BUFFERED = 64_000_000
"""Bytes of answers in memory, above which requests start one after another, and above twice as many none does: memory
stays flat however many sources there are, and a host that sends much, slowly, does not hold up the others."""

LARGE = 1_000_000
"""Bytes of an answer that are much: beside such answers one other request goes on."""

LONGEST_TURN = 15 * 60.0
"""Seconds that a request waits for its turn where a service limits how often it is asked."""

_LONGEST_SLEEP = 0.1  # seconds between two looks at `stop`, whatever hangs


class Loop(Generic[K, T]):
    """One drive of many conversations. Politeness and retries are decided elsewhere; here they are carried out."""

    def __init__(
        self,
        kit: Kit,
        settings: HttpSettings,
        bounds: Bounds,
        surroundings: Surroundings | None,
        memory: HostMemory,
        gate: Gate[Talk[K, T]] | None,
        *,
        random: Callable[[], float],
        clock: Callable[[], float],
        begun: Callable[[K], None],
    ) -> None:
        self._kit = kit
        self._bounds = bounds
        self._concurrency = settings.concurrency
        # A proxy dials for us, and its own address is ours to trust.
        self._may_guard = not settings.allow_private and settings.proxy is None
        self._max_body = settings.max_body
        self._random = random
        self._clock = clock
        self._tell_begun = begun
        self._deadline = math.inf
        self._hosts: Hosts[Talk[K, T]] = Hosts(
            per_host=settings.per_host, min_interval=settings.min_interval.total_seconds()
        )
        self._files: deque[Talk[K, T]] = deque()
        self._to_run: deque[Talk[K, T]] = deque()
        self._programs: Programs[Talk[K, T]] = Programs(surroundings, max_body=settings.max_body)
        self._memory = memory
        self._gate = gate
        self._errands: dict[Talk[Any, Any], Place] = {}
        self._running: dict[pycurl.Curl, tuple[Transfer, Talk[K, T]]] = {}
        self._answers: deque[tuple[Talk[K, T], Page | FetchError]] = deque()
        self._open: set[Talk[K, T]] = set()
        self._done: deque[tuple[K, T]] = deque()

    def run(
        self,
        conversations: Iterable[tuple[K, Conversation[T]]],
        *,
        weigh: Callable[[K], Weight],
        stop: Callable[[], bool],
        deadline: float | None,
    ) -> Iterator[tuple[K, T]]:
        """Yield each result as it comes, until all are there, `stop` turns true or the deadline passes."""
        self._deadline = math.inf if deadline is None else deadline
        talks = [Talk(key, conversation, weigh(key)) for key, conversation in conversations]
        self._open.update(talks)
        try:
            for talk in talks:
                self._advance(talk, None)
            while self._open or self._done:
                if stop() or self._clock() >= self._deadline:
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
        talks = [talk for _, talk in self._running.values() if talk not in self._errands]
        return [talk.key for talk in (*talks, *self._programs.running)]

    def _advance(self, talk: Talk[K, T], answer: Page | FetchError | None) -> None:
        """Hand an answer to its conversation, None to begin it, and queue what it asks next."""
        try:
            # Typeshed has no way to say that a generator not begun takes None.
            request = talk.conversation.send(answer)  # type: ignore[arg-type]
        except StopIteration as end:
            self._open.discard(talk)
            self._end(talk, end.value)
            return
        talk.exchange = Exchange(request, self._bounds)
        self._queue(talk, None)

    def _end(self, talk: Talk[K, T], result: Any) -> None:
        """Hand on what a conversation came to; what an errand did lets those go on who waited for it."""
        host = self._errands.pop(talk, None)
        if host is None or self._gate is None:
            self._done.append((talk.key, result))
            return
        for waiting in self._gate.learn(host, result):
            self._queue(waiting, None)

    def _queue(self, talk: Talk[K, T], delay: float | None) -> None:
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
        elif self._is_let_through(talk):
            due = None if delay is None else self._clock() + delay
            self._hosts.add(talk.place, talk, due=due, weight=talk.weight, begun=talk.begun)

    def _is_let_through(self, talk: Talk[K, T]) -> bool:
        """Tell whether a request may be queued: else it waits for a robots.txt, or has its answer."""
        asked, gate = talk.exchange.asked, self._gate
        if gate is not None and talk not in self._errands:
            if not gate.knows(talk.place):
                self._ask_first(gate, talk)
                return False
            if (why := gate.refuses(talk.place, asked.url)) is not None:
                self._answers.append((talk, talk.exchange.error(why)))
                return False
            self._hosts.slow(talk.place, gate.delay(talk.place))
        if asked.limit is not None:
            ago = self._memory.asked(talk.place)
            wait = self._hosts.limit(talk.place, asked.limit, self._clock(), ago, begun=talk.begun)
            if wait > LONGEST_TURN:
                why = f"the service allows {asked.limit}, and has been asked so often; next in {span(wait)}"
                self._answers.append((talk, talk.exchange.error(why, wait=wait)))
                return False
        return True

    def _ask_first(self, gate: Gate[Talk[K, T]], talk: Talk[K, T]) -> None:
        """Have a request wait for its host's robots.txt, and ask for that unless somebody has."""
        request = gate.wait(talk.place, talk)
        if request is not None:
            asked = talk.exchange.asked
            request = msgspec.structs.replace(request, guarded=asked.guarded, allow_private=asked.allow_private)
            first: Talk[Any, Any] = Talk(None, errand(request), begun=True)
            self._errands[first] = talk.place
            self._open.add(first)
            self._advance(first, None)

    def _start(self) -> None:
        """Start what may start."""
        while self._has_room():
            if self._files:
                self._read(self._files.popleft())
                continue
            if self._to_run and self._programs.have_room:
                talk = self._to_run.popleft()
                self._begins(talk)
                self._programs.start(talk, talk.exchange.asked)
                continue
            waiting = self._hosts.take(self._clock())
            if waiting is None:
                return
            if not self._begin(waiting):
                self._hosts.release(waiting.place)

    def _begins(self, talk: Talk[K, T]) -> None:
        """Note that a question goes out; the conversation's first one is told of."""
        if not talk.begun:
            talk.begun = True
            self._tell_begun(talk.key)

    def _read(self, talk: Talk[K, T]) -> None:
        self._begins(talk)
        try:
            self._answers.append((talk, read_file(talk.exchange.asked, max_body=self._max_body)))
        except FetchError as error:
            self._answers.append((talk, error))

    def _begin(self, talk: Talk[K, T]) -> bool:
        """Start a transfer; False if there was none to start, and the conversation has an error instead."""
        if (closed := self._memory.closed(talk.place)) is not None:
            wait, status = closed
            self._answers.append((talk, left_alone(talk.exchange, status, wait)))
            return False
        asked = talk.exchange.asked
        transfer = self._kit.idle.pop() if self._kit.idle else self._kit.make()
        try:
            transfer.prepare(asked, seconds=talk.exchange.seconds, guarded=self._guards(asked))
        except ValueError as error:
            self._kit.idle.append(transfer)
            self._answers.append((talk, talk.exchange.error(str(error))))
            return False
        self._begins(talk)
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

    def _settle(self, talk: Talk[K, T], outcome: Page | Failure, *, spent: float, sent: bool) -> None:
        if isinstance(outcome, Page) and outcome.status in PAUSING and (wait := outcome.retry_after):
            self._pause(talk.place, wait, outcome.status)
        left = self._deadline - self._clock()
        settled = talk.exchange.settle(outcome, spent=spent, sent=sent, left=left, random=self._random)
        if isinstance(settled, Again):
            self._queue(talk, settled.delay)
        else:
            self._answers.append((talk, settled))

    def _pause(self, host: Place, wait: float, status: int) -> None:
        """Leave a host alone as it asked; if that is too long to wait, tell those who wait for it at once."""
        if wait <= LONGEST_WAIT:
            self._hosts.pause(host, self._clock() + wait)
            return
        self._memory.close(host, wait, status)
        for talk in self._hosts.withdraw(host):
            self._answers.append((talk, left_alone(talk.exchange, status, wait)))

    def _has_room(self) -> bool:
        """Tell whether another request may start: no more at once, or in memory, than the limits say."""
        if len(self._running) >= self._concurrency or len(self._answers) >= self._concurrency:
            return False
        sizes = [transfer.size for transfer, _ in self._running.values()]
        held = self._programs.size + sum(sizes)
        held += sum(len(answer.body) for _, answer in self._answers if isinstance(answer, Page))
        return held < BUFFERED or (held < 2 * BUFFERED and min(sizes, default=0) >= LARGE)

    def _patience(self) -> float:
        """Tell how long to wait for the network before something else is to be done."""
        due = self._hosts.next_due()
        if due is None or not self._has_room():
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.0, due - self._clock()))

    def _drop(self) -> None:
        """End everything in hand, and remember how often hosts were asked."""
        for transfer, _ in self._running.values():
            self._kit.sockets.remove(transfer.easy)
            transfer.close()
        self._programs.drop()
        for talk in self._open:
            talk.conversation.close()
        for host, ago in self._hosts.limited(self._clock()):
            self._memory.ask(host, ago)
