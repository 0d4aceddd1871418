"""Politeness: which request may start now. Pure; times are monotonic seconds, given by the caller.

Hosts take turns, so that one with a thousand requests does not hold up one with a single request: first those that are
owed a turn, then in each round the one with the most work before it. At one host, what has begun comes before what has
not, so that little is in hand at once and little is lost when time is up. Every operation costs next to nothing however
many hosts and requests wait.
"""

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Generic, NamedTuple, TypeVar

import msgspec

from scan.fetch.urls import Place
from scan.page import Limit

J = TypeVar("J")


class Weight(NamedTuple):
    """What counts when it is decided whose turn it is.

    Attributes:
        owed: how often it was not its turn in earlier drives.
        seconds: it is expected to take.

    """

    owed: int = 0
    seconds: float = 0.0


WEIGHTLESS = Weight()


class _Host(msgspec.Struct, Generic[J]):
    interval: float
    waiting: deque[tuple[J, Weight]] = msgspec.field(default_factory=deque)
    seconds: float = 0.0  # that what waits is expected to take
    active: int = 0
    not_before: float = 0.0
    listed: bool = False  # in turn, or asleep until `not_before`
    turns: int = 0
    within: float = 0.0
    starts: deque[float] | None = None  # of as many requests as are allowed `within` so many seconds

    @property
    def pause(self) -> float:
        """Seconds from one start to the next, on average."""
        return max(self.interval, self.within / self.starts.maxlen if self.starts and self.starts.maxlen else 0.0)


_Turn = tuple[bool, int, int, float, int, _Host[J]]
"""A host in turn, the next one least: whether it is owed nothing; its turns so far; how often it was not its turn, and
the seconds of work before it, both negative; a serial number."""


class Hosts(Generic[J]):
    """Requests waiting by host: at most `per_host` at once to each, `min_interval` seconds between their starts."""

    def __init__(self, *, per_host: int, min_interval: float) -> None:
        self._per_host = per_host
        self._min_interval = min_interval
        self._hosts: dict[Place, _Host[J]] = {}
        self._fresh: list[_Host[J]] = []  # to be in turn, once it is known what waits for them
        self._turn: list[_Turn[J]] = []
        self._round = 0
        self._asleep: list[tuple[float, int, _Host[J]]] = []
        self._later: list[tuple[float, int, Place, J, Weight, bool]] = []
        self._serial = count()

    def add(
        self, place: Place, job: J, *, due: float | None = None, weight: Weight = WEIGHTLESS, begun: bool = False
    ) -> None:
        """Queue a request; with `due`, to be seen from that time on. Goes on with what has `begun` first."""
        if due is not None:
            heapq.heappush(self._later, (due, next(self._serial), place, job, weight, begun))
            return
        host = self._host(place)
        (host.waiting.appendleft if begun else host.waiting.append)((job, weight))
        host.seconds += weight.seconds
        self._list(host)

    def slow(self, place: Place, interval: float) -> None:
        """Leave at least so many seconds between the starts of two requests to a host."""
        host = self._host(place)
        host.interval = max(host.interval, interval)

    def limit(self, place: Place, limit: Limit, now: float, ago: Sequence[float], *, begun: bool = False) -> float:
        """Keep a host to a limit; returns how many seconds from now a request would start that is queued now, or more.

        Args:
            place: where the host is.
            limit: of its service; the first one counts.
            now: the time.
            ago: how many seconds ago earlier requests were started, the newest last.
            begun: it will go on with what has begun.

        """
        host = self._host(place)
        if host.starts is None:
            host.within = limit.within.total_seconds()
            host.starts = deque((now - seconds for seconds in ago), maxlen=limit.requests)
            host.interval = max(host.interval, limit.apart.total_seconds())
            host.not_before = max(host.not_before, _free(host))
        before = len(host.starts) + (0 if begun else len(host.waiting)) - limit.requests
        if before < 0:
            return 0.0
        earlier = host.starts[before] if before < len(host.starts) else now
        return max(0.0, earlier + host.within - now)

    def limited(self, now: float) -> Iterator[tuple[Place, list[float]]]:
        """Give how many seconds ago requests were started to the hosts that are kept to a limit, the newest last."""
        for place, host in self._hosts.items():
            if host.starts:
                yield place, [now - start for start in host.starts]

    def take(self, now: float) -> J | None:
        """Give the next request that may start, and count it as running; None if none may."""
        self._wake(now)
        while self._turn:
            *_, host = heapq.heappop(self._turn)
            host.listed = False
            if not host.waiting or host.active >= self._per_host:
                continue
            if host.not_before > now:
                host.listed = True
                heapq.heappush(self._asleep, (host.not_before, next(self._serial), host))
                continue
            self._round = host.turns
            host.turns += 1
            host.active += 1
            if host.starts is not None:
                host.starts.append(now)
            host.not_before = max(now + host.interval, _free(host))
            job, weight = host.waiting.popleft()
            host.seconds -= weight.seconds
            self._list(host)
            return job
        return None

    def release(self, place: Place) -> None:
        """Count a request that was taken as over."""
        host = self._hosts[place]
        host.active -= 1
        self._list(host)

    def pause(self, place: Place, until: float) -> None:
        """Start nothing to a host before a time."""
        host = self._hosts[place]
        host.not_before = max(host.not_before, until)

    def withdraw(self, place: Place) -> list[J]:
        """Take back what waits for a host and has not started."""
        host = self._hosts[place]
        withdrawn = [job for job, _ in host.waiting]
        host.waiting.clear()
        host.seconds = 0.0
        return withdrawn

    def next_due(self) -> float | None:
        """Tell when something that waits for its time may start; None if nothing does."""
        times = [heap[0][0] for heap in (self._asleep, self._later) if heap]
        return min(times, default=None)

    def _host(self, place: Place) -> _Host[J]:
        host = self._hosts.get(place)
        if host is None:
            host = self._hosts[place] = _Host(self._min_interval)
        return host

    def _wake(self, now: float) -> None:
        """Put in turn whose time has come."""
        while self._later and self._later[0][0] <= now:
            _, _, place, job, weight, begun = heapq.heappop(self._later)
            self.add(place, job, weight=weight, begun=begun)
        while self._asleep and self._asleep[0][0] <= now:
            self._fresh.append(heapq.heappop(self._asleep)[2])
        for host in self._fresh:
            self._put_in_turn(host)
        self._fresh.clear()

    def _list(self, host: _Host[J]) -> None:
        if host.waiting and not host.listed and host.active < self._per_host:
            host.listed = True
            self._fresh.append(host)

    def _put_in_turn(self, host: _Host[J]) -> None:
        """Rank a host by what waits for it now. One that had no turn for long has no more than one to catch up on."""
        host.turns = max(host.turns, self._round)
        owed = host.waiting[0][1].owed if host.waiting else 0
        work = max(host.seconds / self._per_host, len(host.waiting) * host.pause)
        heapq.heappush(self._turn, (not owed, host.turns, -owed, -work, next(self._serial), host))


def _free(host: _Host[J]) -> float:
    """Tell when a host's limit lets the next request start."""
    if host.starts is None or len(host.starts) < (host.starts.maxlen or 0):
        return 0.0
    return host.starts[0] + host.within
