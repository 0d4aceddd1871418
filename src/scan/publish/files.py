"""Reports as files: whoever reads one sees the old one or the new one, whole."""

import contextlib
import errno
import os
import stat
import time
from pathlib import Path, PurePath

from scan.atomic import replace_changed
from scan.errors import ReportError
from scan.publish.world import Bounded
from scan.reports.base import Document, FileReport
from scan.reports.view import View

_CURES = {
    errno.EROFS: "read-only here; under systemd, ReadWritePaths= of the service lets it be written",
    errno.EACCES: "may not be written; let its folder belong to the user or group that runs scan",
    errno.EPERM: "may not be written; let its folder belong to the user or group that runs scan",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
}

_DATABASE = b"SQLite format 3\0"
_FORGOTTEN = 3600
"""Seconds after which a temporary file is none that is being written."""


def write(report: FileReport, view: View, bounded: Bounded) -> str:
    """Write a report's files, each by way of a new one beside it; one that would stay the same is left alone.

    Args:
        report: which.
        view: what it is made of.
        bounded: passes a file's parts on, for as long as the report may take.

    Returns:
        What was done, in words.

    Raises:
        ReportError: a file could not be written, or nothing but a report belongs there.

    """
    written = kept = 0
    for document in report.documents(view):
        if _write(_place(report.to, document.name), document, bounded, report.mode):
            written += 1
        else:
            kept += 1
    return f"{written} written, {kept} unchanged" if kept else f"{written} written"


def _place(to: Path, name: str) -> Path:
    """Find a document's true place: links are followed, so that a link to it stays one."""
    if not name:
        return Path(os.path.realpath(to))
    inside = PurePath(name)
    if inside.is_absolute() or ".." in inside.parts:
        raise ReportError(f"{name!r} does not lie in the report's folder")
    return Path(os.path.realpath(to / inside))


def _write(place: Path, document: Document, bounded: Bounded, mode: int) -> bool:
    """Write one file; returns whether it is another one now."""
    try:
        mode = _mode(place, mode)
        place.parent.mkdir(parents=True, exist_ok=True)
        _tidy(place)
        return replace_changed(place, bounded(document.parts), mode=mode)
    except OSError as error:
        raise ReportError(f"{place}: {_CURES.get(error.errno or 0, error.strerror or error)}") from error


def _mode(place: Path, usual: int) -> int:
    """Give the permissions for a new file: those of the one it replaces.

    Raises:
        ReportError: what is there is no report.

    """
    try:
        found = place.stat()
    except FileNotFoundError:
        return usual
    if stat.S_ISDIR(found.st_mode):
        raise ReportError(f"{place}: is a folder; name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise ReportError(f"{place}: is no ordinary file; name one that may be replaced")
    with place.open("rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise ReportError(f"{place}: is a database; name a file that may be replaced")
    return stat.S_IMODE(found.st_mode)


def _tidy(place: Path) -> None:
    """Remove what processes that were killed have left."""
    for left in place.parent.glob(f".{_literal(place.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _FORGOTTEN:
                left.unlink()


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
