"""What a process costs, as the kernel counts it."""

import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost, with its children.

    Attributes:
        cpu: seconds, user and system.
        wall: seconds.
        peak: bytes of memory at its largest.
        written: bytes it caused to be written to disk.

    """

    cpu: float
    wall: float
    peak: int
    written: int


class Failed(Exception):
    """A measured process did not do its work, so that its cost means nothing."""


def run(command: Sequence[str], *, environ: Mapping[str, str], output: Path) -> Cost:
    """Run a command to its end, its standard output in a file, its complaints in one beside it.

    Raises:
        Failed: it ended with another status than 0.

    """
    complaints = output.with_suffix(".err")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(complaints), flags, 0o600),
    ]
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], list(command), dict(environ), file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    if code := os.waitstatus_to_exitcode(status):
        said = complaints.read_text(encoding="utf-8", errors="replace")[-600:]
        raise Failed(f"{' '.join(command)}: status {code}\n{said}")
    # getrusage(2): kilobytes, and blocks of 512 bytes.
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, usage.ru_oublock * 512)


def median(costs: Sequence[Cost]) -> Cost:
    """Take the median of each figure by itself; of the memory, the largest."""
    return Cost(
        cpu=statistics.median(cost.cpu for cost in costs),
        wall=statistics.median(cost.wall for cost in costs),
        peak=max(cost.peak for cost in costs),
        written=int(statistics.median(cost.written for cost in costs)),
    )
