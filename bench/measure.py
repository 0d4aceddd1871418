"""What a process costs, as the kernel counts it."""

import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost, with its children.

    Attributes:
        cpu: seconds, user and system.
        wall: seconds.
        peak: bytes of memory at its largest; Linux counts from what the benchmark itself had when it started it.
        written: bytes it caused to be written to disk.

    """

    cpu: float
    wall: float
    peak: int
    written: int


class Failed(Exception):
    """A measured process did not do its work, so that its cost means nothing."""


def run(command: Sequence[str], *, environ: Mapping[str, str]) -> tuple[Cost, bytes]:
    """Run a command to its end; returns what it cost, and what it printed.

    What it prints is kept in memory, so that it does not count as written.

    Raises:
        Failed: it ended with another status than 0.

    """
    with in_memory("output") as output, in_memory("complaints") as complaints:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, output, 1),
            (os.POSIX_SPAWN_DUP2, complaints, 2),
        ]
        started = time.perf_counter()
        pid = os.posix_spawn(command[0], list(command), dict(environ), file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - started
        if code := os.waitstatus_to_exitcode(status):
            said = content(complaints).decode(errors="replace")[-600:]
            raise Failed(f"{' '.join(command)}: status {code}\n{said}")
        # getrusage(2): kilobytes, and blocks of 512 bytes.
        cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, usage.ru_oublock * 512)
        return cost, content(output)


@contextmanager
def in_memory(name: str) -> Iterator[int]:
    """Give a file that is on no disk, by its descriptor."""
    descriptor = os.memfd_create(name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def content(descriptor: int) -> bytes:
    """Read a file from its beginning."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def median(costs: Sequence[Cost]) -> Cost:
    """Take the median of each figure by itself; of the memory, the largest."""
    return Cost(
        cpu=statistics.median(cost.cpu for cost in costs),
        wall=statistics.median(cost.wall for cost in costs),
        peak=max(cost.peak for cost in costs),
        written=int(statistics.median(cost.written for cost in costs)),
    )
