"""Files to serve: the same bytes on every machine, on every day."""

import gzip
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

EPOCH = 1_780_000_000
"""Of every date in the files, and of the files, so that ETag and Last-Modified are always the same."""

Change = Callable[[int, bytes], bytes]
"""Given a source's number and its bytes; gives other bytes."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What some sources say, each in a file of a folder, compressed as `NAME.gz`.

    Attributes:
        names: of the files; a name's end tells its kind.
        items: in each.
        make: writes the source with that number.
        again: writes it anew with the same items: what a server does that writes the time into every answer.
        edit: changes one item in a hundred.
        edited: the number of items that `edit` changes in all.

    """

    folder: Path
    names: tuple[str, ...]
    items: int
    make: Callable[[int], bytes]
    again: Change
    edit: Change
    edited: int

    def write(self, say: Callable[[str], None]) -> None:
        """Write what is missing of it."""
        missing = [number for number, path in enumerate(self.paths()) if not path.exists()]
        if missing:
            say(f"writing {self.folder.name}")
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in missing:
            write(self.folder / self.names[number], self.make(number))

    def varied(self, how: str, change: Change, say: Callable[[str], None]) -> "Corpus":
        """Write a corpus with the same names beside it, of which each file is changed."""

        def make(number: int) -> bytes:
            return change(number, self.read(number))

        varied = replace(self, folder=self.folder.with_name(f"{self.folder.name}-{how}"), make=make)
        varied.write(say)
        return varied

    def read(self, number: int) -> bytes:
        """Give what a source says."""
        return gzip.decompress(packed(self.folder / self.names[number]).read_bytes())

    def paths(self) -> Iterator[Path]:
        """Give the compressed files."""
        return (packed(self.folder / name) for name in self.names)

    def size(self) -> tuple[int, int]:
        """Measure all files: bytes as they are, and compressed."""
        compressed = sum(path.stat().st_size for path in self.paths())
        # The last four bytes of a gzip file (RFC 1952) are the length of what is in it.
        return sum(int.from_bytes(path.read_bytes()[-4:], "little") for path in self.paths()), compressed


def packed(path: Path) -> Path:
    """Name the compressed twin of a file."""
    return path.with_name(f"{path.name}.gz")


def write(path: Path, body: bytes) -> None:
    """Write a file, compressed, as of the fixed time; a file with its name is whole."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(gzip.compress(body, 6, mtime=0))
    os.utime(draft, (EPOCH, EPOCH))
    draft.rename(packed(path))
