"""Who claims a message: a name by which a later run sees whether that one may still be sending."""

import os

from scan.store.records import RunStart


def owner_of(run: RunStart) -> str:
    """Name a run as the owner of what it claims: no other ever has the same name."""
    return f"{run.host}:{run.pid}:{run.id}"


def may_be_alive(owner: str, run: RunStart) -> bool:
    """Tell, in a run, whether the owner of a claim may be another one that is still at work.

    The lock says no for this machine, where it works; whoever is on another machine has a lock of its own.
    """
    host, pid, _ = owner.rsplit(":", 2)
    if host != run.host:
        return True
    return int(pid) != run.pid and _is_process(int(pid))


def _is_process(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
