"""Files to serve: the same bytes on every machine, on every day."""

import gzip
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.workshop import Say

EPOCH = 1_780_000_000
"""Of every date in the files, and of the files, so that ETag and Last-Modified are always the same."""
LATER = EPOCH + 3600
"""Of files that are another than before."""

Change = Callable[[int, bytes], bytes]
"""Given a source's number and its bytes; gives other bytes, or the same."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What some sources say, each in a file of a folder, compressed as `NAME.gz`.

    Attributes:
        names: of the files; a name's end tells its kind.
        items: in each.
        make: writes the source with that number.
        changes: what they say later, by the case in which they do.
        changed: the number of items that are new or edited then, by the case.

    """

    folder: Path
    names: tuple[str, ...]
    items: int
    make: Callable[[int], bytes]
    changes: Mapping[str, Change]
    changed: Mapping[str, int]

    def write(self, say: Say) -> None:
        """Write what is missing of it."""
        for number, path in self._missing(self.folder, say):
            write(path, self.make(number), EPOCH)

    def later(self, case: str, say: Say) -> Path:
        """Write what the sources say from a case on in which something changes, and give the folder."""
        folder = self.folder.with_name(f"{self.folder.name} {case}".replace(" ", "-").replace("-%", "-in-100"))
        for number, path in self._missing(folder, say):
            before = gzip.decompress(packed(self.folder / self.names[number]).read_bytes())
            body = self.changes[case](number, before)
            write(path, body, EPOCH if body == before else LATER)
        return folder

    def _missing(self, folder: Path, say: Say) -> Iterator[tuple[int, Path]]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / name for name in self.names]
        missing = [(number, path) for number, path in enumerate(paths) if not packed(path).exists()]
        if missing:
            say(f"writing {folder.name}")
        yield from missing

    def size(self) -> tuple[int, int]:
        """Measure all files: bytes as they are, and compressed."""
        files = [packed(self.folder / name) for name in self.names]
        # The last four bytes of a gzip file (RFC 1952) are the length of what is in it.
        raw = sum(int.from_bytes(file.read_bytes()[-4:], "little") for file in files)
        return raw, sum(file.stat().st_size for file in files)


def packed(path: Path) -> Path:
    """Name the compressed twin of a file."""
    return path.with_name(f"{path.name}.gz")


def write(path: Path, body: bytes, time: int) -> None:
    """Write a file, compressed, as of a time; a file with its name is whole."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(gzip.compress(body, 6, mtime=0))
    os.utime(draft, (time, time))
    draft.rename(packed(path))
