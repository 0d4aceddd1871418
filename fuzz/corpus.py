"""What fuzzing starts from: seeds made by hand, the tests' fixtures, and recorded answers where there are any."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from fuzz.surface import Surface

ROOT = Path(__file__).parents[1]
RECORDED = Path(os.environ.get("SCAN_DATA", ROOT / "../shared/data"))
FIXTURES = ROOT / "tests/sources"
LONGEST = 16_384
"""Bytes of one input: longer ones make fuzzing slow, and hardly reach more."""

MOST = 200
"""Of one folder: libFuzzer reads them all before it begins."""


def seeds(surface: Surface, *, recorded: bool = True) -> Iterator[bytes]:
    """Give a surface's inputs to start from.

    Args:
        surface: which.
        recorded: the recorded answers, too, of which there are hundreds.

    """
    yield from surface.seeds
    yield from _bodies(FIXTURES, surface.fixtures)
    if recorded:
        yield from _bodies(RECORDED, surface.recorded)


def _bodies(root: Path, folders: Mapping[str, bytes]) -> Iterator[bytes]:
    for folder, before in folders.items():
        paths = [path for path in sorted((root / folder).rglob("*")) if _is_body(path)]
        yield from (before + path.read_bytes() for path in paths[:: max(1, len(paths) // MOST)])


def _is_body(path: Path) -> bool:
    about = path.suffix in {".yaml", ".py", ".md"} or path.name.endswith(".expected.json")
    return path.is_file() and not about and path.stat().st_size < LONGEST


def write(surface: Surface, folder: Path) -> int:
    """Write a surface's inputs into a folder, each under the name of its content; returns how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds(surface):
        (folder / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    return sum(1 for _ in folder.iterdir())


def words_of(surface: Surface) -> set[str]:
    """Give words of a surface's own inputs, for libFuzzer to put together anew."""
    text = b"\n".join(seeds(surface, recorded=False)).decode("ascii", "ignore")
    return set(re.findall(r"""[A-Za-z][\w.:-]{2,24}|[<>&/=!?#{}\[\]()%@|*+$^-]{2,6}""", text))
