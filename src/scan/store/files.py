"""The SQLite file before SQLite sees it: what must never be opened, and how a new one comes to be."""

import errno
import os
import pwd
import stat
from collections.abc import Callable
from pathlib import Path

from scan.errors import NotPermitted, ScanError, StoreError

_HEADER = b"SQLite format 3\x00"


def exists(path: Path) -> bool:
    """Tell whether there is anything of that name, be it a dangling link.

    Raises:
        NotPermitted: a folder on the way may not be entered.

    """
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _refused(path, error) from error
    return True


def examine(path: Path, *, read_only: bool) -> None:
    """Refuse what is no database of ours to open. An empty or foreign file is never a fresh start.

    Raises:
        StoreError: a link, not a plain file, empty, no SQLite database, or read-only although it is to be written.
        NotPermitted: it belongs to somebody else.

    """
    what = path.lstat()
    if stat.S_ISLNK(what.st_mode):
        raise StoreError(f"{path}: is a symbolic link; name the database file itself")
    if not stat.S_ISREG(what.st_mode):
        raise StoreError(f"{path}: is not a plain file")
    if what.st_nlink > 1:  # https://sqlite.org/howtocorrupt.html section 2.4
        raise StoreError(f"{path}: has {what.st_nlink} names, which corrupts SQLite databases; remove the other links")
    if what.st_size == 0:
        raise StoreError(f"{path}: is empty; restore a backup, or delete it to start afresh")
    if _beginning(path) != _HEADER:
        raise StoreError(f"{path}: is not an SQLite database, or damaged; restore a backup")
    if not read_only:
        for place in (path, path.parent):
            _demand_writable(place)


def make(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a new database all at once: filled under another name, then renamed, so that it is never there half made.

    Args:
        path: where it will be; folders that are missing are made too.
        fill: makes the tables in the empty file it is given.

    """
    draft = path.with_name(path.name + ".new")
    try:
        _make_folder(path.parent)
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o640))
        try:
            fill(draft)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        raise _refused(path, error) from error


def make_backup(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a copy all at once, for its owner alone; never over what is there.

    Args:
        path: where it will be, in a folder that is there.
        fill: writes the empty file it is given.

    Raises:
        StoreError: there is something of that name, or it cannot be made.

    """
    if os.path.lexists(path):
        raise StoreError(_TAKEN.format(path))
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        try:
            fill(draft)
            _sync(draft)
            _name(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        user = pwd.getpwuid(os.geteuid()).pw_name
        why = f"{str(error.strerror).lower()}; name a file in a folder that {user} may write to"
        raise StoreError(f"{path}: {why}") from error


def _name(draft: Path, path: Path) -> None:
    """Give the draft its name: with a second link, which unlike a rename never replaces what came there meanwhile."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise StoreError(_TAKEN.format(path)) from None
    except OSError as error:
        if error.errno not in _NO_LINKS or os.path.lexists(path):
            raise
        draft.rename(path)


_TAKEN = "{}: exists already; name a new file"
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}
"""What file systems say that have no links, such as those of USB sticks (link(2))."""


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER))
    except OSError as error:
        raise _refused(path, error) from error


def _demand_writable(place: Path) -> None:
    if os.access(place, os.W_OK):
        return
    if not _own(place):
        raise NotPermitted(f"{place}: belongs to another user; run scan as that one, or give this one write access")
    raise StoreError(f"{place}: is read-only; make it writable")


def _make_folder(folder: Path) -> None:
    for parent in (*reversed(folder.parents), folder):  # parents=True would give only the last one the mode
        if not parent.is_dir():
            parent.mkdir(mode=0o700, exist_ok=True)


def _sync(place: Path) -> None:
    """Make a file, or a rename in a folder, last, come a power loss."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(path: Path, error: OSError) -> ScanError:
    place = Path(error.filename or path)
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return StoreError("too many open files; raise the limit (ulimit -n, or LimitNOFILE= of the service)")
    if isinstance(error, PermissionError) and not _own(place):
        return NotPermitted(f"{place}: permission denied; run scan as the user it belongs to")
    return StoreError(f"{place}: {str(error.strerror).lower()}; make it readable and writable")


def _own(place: Path) -> bool:
    """Tell whether a place, or the nearest above it that can be looked at, is this user's."""
    for seen in (place, *place.parents):
        try:
            return seen.stat().st_uid == os.geteuid()
        except OSError:
            continue
    return False
