"""Which source a run has in hand, noted where the next run finds it if this one dies of it.

A page that crashes a parser, hangs it until systemd kills the run, or eats all memory would do so every time, and no
other source would be looked at any more. The note costs two small writes an answer and no sync: what a crash of the
process, not of the machine, takes away is not in it. It is two lines: the run's id, and the source in hand, or nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec

from scan.errors import ScanError

LONGEST_NOTE = 4096


class Left(msgspec.Struct, frozen=True):
    """What a run that died had in hand."""

    run: str
    source: str


class AtWork:
    """The note of one profile's run, which holds its lock.

    Attributes:
        left: what the run before had in hand when it died; None if it ended otherwise.

    """

    def __init__(self, path: Path, run: str) -> None:
        """Read the note, and keep it at hand. A note that cannot be kept is no reason not to run."""
        self._run = f"{run}\n".encode()
        self._named = False
        self._file: int | None = None
        self.left: Left | None = None
        with suppress(OSError):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o640)
            if os.fstat(self._file).st_nlink > 1:  # it is another file, too
                self.__exit__()
                return
            self.left = _read(os.pread(self._file, LONGEST_NOTE, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def seen(self) -> None:
        """Take the note away, once the database knows what it says."""
        self._write(b"")

    @contextmanager
    def on(self, source: str) -> Iterator[None]:
        """Note that a source is in hand. A bug leaves the note as a crash does: it would be met again each time."""
        self._write(source.encode())
        try:
            yield
        except BaseException as error:
            if isinstance(error, ScanError) or not isinstance(error, Exception):  # the disk, or who stops the run
                self._write(b"")
            raise
        self._write(b"")

    def _write(self, note: bytes) -> None:
        """Write the second line, and before it, the first time, the first."""
        if self._file is None:
            return
        with suppress(OSError):
            if self._named:
                os.pwrite(self._file, note + b"\n", len(self._run))
            else:
                os.pwrite(self._file, self._run + note + b"\n", 0)
                self._named = True


def _read(note: bytes) -> Left | None:
    """Read both lines; what follows is of longer notes before."""
    run, _, rest = note.partition(b"\n")
    source, end, _ = rest.partition(b"\n")
    with suppress(UnicodeDecodeError):
        return Left(run.decode(), source.decode()) if source and end else None
    return None
