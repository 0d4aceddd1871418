"""Files that are replaced all at once: whoever reads one sees the old or the new, whole."""

import contextlib
import filecmp
import os
import stat
from collections.abc import Iterable
from pathlib import Path


def replace(path: Path, content: bytes, *, mode: int = 0o640, like: os.stat_result | None = None) -> None:
    """Put a file in the place of what is there, and only when it is safely on disk.

    Args:
        path: where; its folder exists.
        content: of the whole file.
        mode: what its permissions are at most.
        like: of what was there: the new file gets its permissions, owner and group.

    Raises:
        OSError: the disk is full or read-only, or the folder is somebody else's; what was there is untouched.

    """
    temporary = _beside(path)
    try:
        _write(temporary, [content], mode)
        if like is not None:
            _liken(temporary, like)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def replace_changed(path: Path, parts: Iterable[bytes], *, mode: int) -> bool:
    """Put a file in the place of what is there, unless that is the same to the byte; returns whether it was not.

    Args:
        path: where; its folder exists.
        parts: of the file, made while it is written.
        mode: its permissions, whatever the umask.

    Raises:
        OSError: as for `replace`.
        Exception: what making the parts raises; what was there is untouched.

    """
    temporary = _beside(path)
    try:
        _write(temporary, parts, mode, whatever_the_umask=True)
        if path.exists() and filecmp.cmp(temporary, path, shallow=False):
            return False
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def _write(path: Path, parts: Iterable[bytes], mode: int, *, whatever_the_umask: bool = False) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(parts)
        file.flush()
        if whatever_the_umask:
            with contextlib.suppress(PermissionError):  # file systems without permissions refuse
                os.fchmod(descriptor, mode)
        os.fsync(descriptor)


def _liken(path: Path, like: os.stat_result) -> None:
    """Give a file another one's owner and permissions; in this order, for a change of owner takes some away."""
    mine = path.stat()
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        os.chown(path, like.st_uid, like.st_gid)
    path.chmod(stat.S_IMODE(like.st_mode))


def contents(path: Path) -> bytes:
    """Read a file without waiting for anybody: a pipe in its place is empty."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return file.read()
