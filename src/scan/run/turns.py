"""Which sources wait for a later run because their host wants to be left alone, or has been asked often enough."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from scan.fetch.remembered import HostMemory
from scan.fetch.urls import Place, place
from scan.run.task import Task

LONG = timedelta(minutes=1)
"""What a service allows within a shorter time is waited for during the run."""


def insist(tasks: Iterable[Task], memory: HostMemory) -> None:
    """Have hosts asked that want to be left alone: somebody has named their sources."""
    if memory.is_wary:
        for host in filter(None, map(_host, tasks)):
            memory.reopen(host)


def whose_turn_it_is(tasks: Iterable[Task], memory: HostMemory) -> Iterator[Task]:
    """Leave out what would be refused, or not asked: those that come first have their turn first."""
    room: dict[Place, int] = {}
    for task in tasks:
        limit = task.entry.source.limit if task.entry.source.url is None else None
        if limit is None and not memory.is_wary:
            yield task
            continue
        host = _host(task)
        if host is not None and memory.closed(host) is not None:
            continue
        if host is not None and limit is not None and limit.within >= LONG:
            asked = sum(ago < limit.within.total_seconds() for ago in memory.asked(host))
            left = room.setdefault(host, limit.requests - asked)
            if left <= 0:
                continue
            room[host] = left - 1
        yield task


def _host(task: Task) -> Place | None:
    """Tell where a source begins to ask; None for a program, a file, or what cannot be asked at all."""
    try:
        where = place(task.entry.source.start().url)
    except Exception:  # noqa: BLE001 - an address that is none, or an adapter's bug: the source fails when it is asked
        return None
    return None if where.scheme == "file" else where
