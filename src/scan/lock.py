"""Never two runs at once. The lock is the operating system's (flock), so it frees itself when the run finishes, crashes
or is killed. Its file is never deleted and says who holds it; only the holder writes to it.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from scan.errors import NotPermitted, ScanError, StoreError

LONGEST_NOTE = 200


class LockHeld(ScanError):
    """Another run is in progress."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"another run is in progress ({holder})")
        self.holder = holder


@contextmanager
def run_lock(path: Path, *, since: datetime, wait: float = 0) -> Iterator[None]:
    """Hold the lock of a profile.

    Args:
        path: the lock's file; its folder exists.
        since: when this run started, for whoever finds the lock held.
        wait: seconds to wait for another run to end.

    Raises:
        LockHeld: another run has it.
        NotPermitted: the file belongs to somebody else, or is no ordinary file.
        StoreError: the disk is full or read-only.

    """
    _demand_own_file(path)
    lock = FileLock(path, mode=0o640)
    try:
        lock.acquire(timeout=wait, poll_interval=0.05)
        _write_note(path, f"{os.getpid()} {since.isoformat(timespec='seconds')}\n")
    except Timeout as error:
        raise LockHeld(holder(path)) from error
    except OSError as error:
        lock.release()
        raise _refusal(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _demand_own_file(path: Path) -> None:
    """Refuse a file that has other names: whoever locks it empties it."""
    with suppress(FileNotFoundError):
        what = path.lstat()
        if stat.S_ISREG(what.st_mode) and what.st_nlink > 1:
            raise NotPermitted(f"{path}: is another file, too, of {what.st_nlink} names in all; remove it")


def is_free(path: Path) -> bool:
    """Tell whether no run is in progress, without disturbing one."""
    if not path.exists():
        return True
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # so that whoever may read it may know
    except OSError as error:
        raise _refusal(path, error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def holder(path: Path) -> str:
    """Say who holds the lock, and since when, from what the holder wrote into it."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            pid, _, since = file.read(LONGEST_NOTE).strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return "holder unknown"
    return f"PID {pid}, since {since}" if pid.isdecimal() and since and since.isprintable() else "holder unknown"


def _write_note(path: Path, note: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        os.ftruncate(file, 0)
        os.write(file, note.encode())
    finally:
        os.close(file)


def _refusal(path: Path, error: OSError) -> ScanError:
    if isinstance(error, PermissionError) and _is_ours(path):
        return StoreError(f"{path}: is read-only; make it, and the folder it lies in, writable")
    if isinstance(error, PermissionError):
        return NotPermitted(f"{path}: {error.strerror}; run scan as the user who owns it (sudo -u OWNER scan …)")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return NotPermitted(f"{path}: not an ordinary file; remove it")
    return StoreError(f"{path}: cannot be locked: {error.strerror or error}")


def _is_ours(path: Path) -> bool:
    """Tell whether the lock, or the folder it is to be made in, belongs to us."""
    try:
        return (path if path.exists() else path.parent).stat().st_uid == os.geteuid()
    except OSError:
        return False
