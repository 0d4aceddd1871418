"""Puts man pages and shell completions into the wheel, under share/: made when it is built, from docs/ and by click.

pip lays them down in the environment; `make install`, the Debian package and pipx take them on from there.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from click import Command
from click.shell_completion import get_completion_class
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))  # hatchling loads this file alone
from manual import manual

COMPLETIONS = {
    "bash": "bash-completion/completions/scan",
    "zsh": "zsh/site-functions/_scan",
    "fish": "fish/vendor_completions.d/scan.fish",
}


class Shared(BuildHookInterface[Any]):
    """What comes with the command and is no code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files that this wheel is to have; an editable one has none."""
        if version == "editable" or self.target_name != "wheel":
            return
        self.folder = tempfile.TemporaryDirectory()
        for place, text in {**self._pages(), **_completions()}.items():
            file = Path(self.folder.name, place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(file)] = f"share/{place}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Tidy up."""
        del version, build_data, artifact_path
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def _pages(self) -> dict[str, str]:
        core = self.metadata.core
        pages = manual(Path(self.root, "docs"), version=core.version, purpose=core.description.rstrip("."))
        return {f"man/man{name[-1]}/{name}": text for name, text in pages.items()}


def _completions() -> dict[str, str]:
    """Give the scripts that ask scan itself what could come next, by the place where their shell looks."""
    made = {}
    for shell, place in COMPLETIONS.items():
        completion = get_completion_class(shell)
        assert completion is not None
        made[place] = completion(Command("scan"), {}, "scan", "_SCAN_COMPLETE").source()
    return made
