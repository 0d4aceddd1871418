"""What the kernel tells of processes, and how a thread moves to another network."""

import ctypes
from pathlib import Path

CLONE_NEWNET = 0x40000000
"""Of sched.h."""


def cgroup() -> Path:
    """Find the control group of this process in the unified hierarchy."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    where = next(mount[1] for mount in mounts if mount[2] == "cgroup2")
    groups = Path("/proc/self/cgroup").read_text().splitlines()
    return Path(where + next(group.removeprefix("0::") for group in groups if group.startswith("0::")))


def children(process: int) -> list[int]:
    """Give the processes that a process has started and that are still there."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def enter_network(network: int) -> None:
    """Make a network namespace that of this thread (setns(2))."""
    if ctypes.CDLL(None, use_errno=True).setns(network, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
