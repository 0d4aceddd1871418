"""What is remembered of hosts, in this run and from earlier ones: that they asked to be left alone, how often they were
asked, and their robots.txt. Times go in and out as seconds from now.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from scan.fetch.urls import Place, root

LONGEST_CLOSED = timedelta(days=1)
"""However long a host asks to be left alone, somebody looks again after this."""


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one host.

    Attributes:
        name: its scheme, name and port, if that is not the usual one: `https://example.org`.
        closed_until: as it asked (Retry-After), with the status that said so.
        asked: when requests were started that count against a service's limit, the newest last.

    """

    name: str
    closed_until: datetime | None = None
    closed_status: int | None = None
    asked: tuple[datetime, ...] = ()


class Robots(NamedTuple):
    """A host's robots.txt, empty where there is none, and when it was read."""

    text: str
    read_at: datetime


def forgetful(name: str) -> Robots | None:
    """Recall nothing."""
    del name
    return None


class HostMemory:
    """Everything that is remembered of hosts."""

    def __init__(
        self,
        states: Iterable[HostState] = (),
        *,
        wall: Callable[[], datetime],
        recall: Callable[[str], Robots | None] = forgetful,
    ) -> None:
        """Start from what was remembered.

        Args:
            states: of hosts.
            wall: the present, in aware UTC.
            recall: gives a host's robots.txt by the host's name, when it is asked for.

        """
        self._states = {state.name: state for state in states}
        self._changed: set[str] = set()
        self._forget_beyond(wall() + LONGEST_CLOSED)
        self._robots: dict[str, Robots] = {}
        self._wall = wall
        self._recall = recall

    @property
    def is_wary(self) -> bool:
        """Whether any host has ever asked to be left alone."""
        return any(state.closed_until is not None for state in self._states.values())

    def closed(self, place: Place) -> tuple[float, int] | None:
        """Tell for how many seconds a host is to be left alone, and the status that said so; None if it is not."""
        state = self._states.get(root(place))
        if state is None or state.closed_until is None:
            return None
        left = (state.closed_until - self._wall()).total_seconds()
        return (left, state.closed_status or 0) if left > 0 else None

    def close(self, place: Place, seconds: float, status: int) -> None:
        """Remember that a host asked to be left alone."""
        until = self._wall() + min(timedelta(seconds=seconds), LONGEST_CLOSED)
        self._change(place, closed_until=until, closed_status=status)

    def reopen(self, place: Place) -> None:
        """Forget that a host asked to be left alone: somebody wants to know now."""
        if self.closed(place) is not None:
            self._change(place, closed_until=None, closed_status=None)

    def asked(self, place: Place) -> list[float]:
        """Tell how many seconds ago requests were started that count against a limit, the newest last.

        What is still to come was noted by a clock that was ahead, and counts no more.
        """
        state, now = self._states.get(root(place)), self._wall()
        return [(now - then).total_seconds() for then in state.asked if then <= now] if state else []

    def ask(self, place: Place, ago: Sequence[float]) -> None:
        """Remember when they were started."""
        now = self._wall()
        self._change(place, asked=tuple(now - timedelta(seconds=seconds) for seconds in ago))

    def robots(self, place: Place) -> tuple[str, float] | None:
        """Give a host's robots.txt, and how many seconds ago it was read; None if it never was."""
        name = root(place)
        known = self._robots.get(name) or self._recall(name)
        return None if known is None else (known.text, (self._wall() - known.read_at).total_seconds())

    def learn_robots(self, place: Place, text: str) -> None:
        """Remember a host's robots.txt."""
        self._robots[root(place)] = Robots(text, self._wall())

    def changed(self) -> list[HostState]:
        """Give what is to be kept of hosts for the next run."""
        return [self._states[name] for name in sorted(self._changed)]

    def changed_robots(self) -> list[tuple[str, Robots]]:
        """Give what is to be kept of robots.txt for the next run, by the host's name."""
        return sorted(self._robots.items())

    def _forget_beyond(self, latest: datetime) -> None:
        """Forget what is further away than anything that is agreed on: the clock was ahead when it was noted."""
        for name, state in self._states.items():
            if state.closed_until is not None and state.closed_until > latest:
                self._states[name] = msgspec.structs.replace(state, closed_until=None, closed_status=None)
                self._changed.add(name)

    def _change(self, place: Place, **values: object) -> None:
        name = root(place)
        state = self._states.get(name) or HostState(name=name)
        self._states[name] = msgspec.structs.replace(state, **values)
        self._changed.add(name)
