"""Plug-ins that are installed without pip."""

import textwrap
from collections.abc import Sequence
from pathlib import Path


def planted(folder: Path, name: str, code: str, *, groups: Sequence[str] = ("reports",), **kinds: str) -> None:
    """Install a package by hand: a module, and what its metadata says."""
    (folder / f"{name}.py").write_text(textwrap.dedent(code))
    metadata = folder / f"{name}-2.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n")
    points = "".join(f"{kind} = {name}:{value}\n" for kind, value in kinds.items())
    (metadata / "entry_points.txt").write_text("".join(f"[scan.{group}]\n{points}" for group in groups))
