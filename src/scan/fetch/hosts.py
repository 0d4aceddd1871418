"""Politeness: which request may start now. Pure; times are monotonic seconds, given by the caller.

Hosts take turns, so that one with a thousand requests does not hold up one with a single request. Every operation
costs the same however many hosts and requests wait.
"""

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from scan.fetch.urls import Place
from scan.page import Limit

J = TypeVar("J")


@dataclass(slots=True)
class _Host(Generic[J]):
    interval: float
    waiting: deque[J] = field(default_factory=deque)
    active: int = 0
    not_before: float = 0.0
    listed: bool = False  # in turn, or asleep until `not_before`
    within: float = 0.0
    starts: deque[float] | None = None  # of as many requests as are allowed `within` so many seconds


class Hosts(Generic[J]):
    """Requests waiting by host: at most `per_host` at once to each, `min_interval` seconds between their starts."""

    def __init__(self, *, per_host: int, min_interval: float) -> None:
        self._per_host = per_host
        self._min_interval = min_interval
        self._hosts: dict[Place, _Host[J]] = {}
        self._turn: deque[_Host[J]] = deque()
        self._asleep: list[tuple[float, int, _Host[J]]] = []
        self._later: list[tuple[float, int, Place, J]] = []
        self._serial = count()

    def add(self, place: Place, job: J, *, due: float | None = None) -> None:
        """Queue a request; with `due`, to be seen from that time on."""
        if due is not None:
            heapq.heappush(self._later, (due, next(self._serial), place, job))
            return
        host = self._host(place)
        host.waiting.append(job)
        self._list(host)

    def slow(self, place: Place, interval: float) -> None:
        """Leave at least so many seconds between the starts of two requests to a host."""
        host = self._host(place)
        host.interval = max(host.interval, interval)

    def limit(self, place: Place, limit: Limit, now: float, ago: Sequence[float]) -> float:
        """Keep a host to a limit; returns how many seconds from now a request would start that is queued now, or more.

        Args:
            place: where the host is.
            limit: of its service; the first one counts.
            now: the time.
            ago: how many seconds ago earlier requests were started, the newest last.

        """
        host = self._host(place)
        if host.starts is None:
            host.within = limit.within.total_seconds()
            host.starts = deque((now - seconds for seconds in ago), maxlen=limit.requests)
            host.interval = max(host.interval, limit.apart.total_seconds())
            host.not_before = max(host.not_before, _free(host))
        before = len(host.starts) + len(host.waiting) - limit.requests
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
            host = self._turn.popleft()
            host.listed = False
            if not host.waiting or host.active >= self._per_host:
                continue
            if host.not_before > now:
                host.listed = True
                heapq.heappush(self._asleep, (host.not_before, next(self._serial), host))
                continue
            host.active += 1
            if host.starts is not None:
                host.starts.append(now)
            host.not_before = max(now + host.interval, _free(host))
            job = host.waiting.popleft()
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
        withdrawn = list(host.waiting)
        host.waiting.clear()
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
        while self._later and self._later[0][0] <= now:
            _, _, place, job = heapq.heappop(self._later)
            self.add(place, job)
        while self._asleep and self._asleep[0][0] <= now:
            self._turn.append(heapq.heappop(self._asleep)[2])

    def _list(self, host: _Host[J]) -> None:
        if host.waiting and not host.listed and host.active < self._per_host:
            host.listed = True
            self._turn.append(host)


def _free(host: _Host[J]) -> float:
    """Tell when a host's limit lets the next request start."""
    if host.starts is None or len(host.starts) < (host.starts.maxlen or 0):
        return 0.0
    return host.starts[0] + host.within
