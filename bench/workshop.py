"""Where the benchmark makes its things, and what a measurement is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import measure
from bench.measure import Cost
from bench.server import Traffic

PYTHON = sys.executable
SCAN = str(Path(sys.executable).with_name("scan"))

Say = Callable[[str], None]
"""Tells how far it is, apart from the result."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: which case, who did it, what it cost, and what the server saw of it."""

    case: str
    who: str
    cost: Cost
    traffic: Traffic | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where everything lies: `folder` and what is made in it."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """An environment without anybody's habits, whose state lies here."""
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": path, "HOME": str(self.state), "XDG_STATE_HOME": str(self.state), "LC_ALL": "C.UTF-8"}

    @property
    def state(self) -> Path:
        """Where everybody's databases lie."""
        return self.folder / "state"

    def run(self, *command: str) -> tuple[Cost, bytes]:
        """Measure one command; returns what it cost, and what it printed."""
        return measure.run(command, environ=self.environ)

    def forget(self) -> None:
        """Start afresh, without any database."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True)

    def environment(self, requirements: Path) -> Path | None:
        """Make a virtual environment as a file of requirements says, once; None where that cannot be had.

        Returns:
            The folder of its programs.

        """
        home = self.folder / "venvs" / requirements.stem
        ready = home / "requirements.txt"
        wanted = requirements.read_bytes()
        if not ready.exists() or ready.read_bytes() != wanted:
            shutil.rmtree(home, ignore_errors=True)
            install = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--requirement")
            try:
                subprocess.run([PYTHON, "-m", "venv", home], check=True)
                subprocess.run([home / "bin" / "python", *install, requirements], check=True)
            except subprocess.CalledProcessError:
                return None
            ready.write_bytes(wanted)
        return home / "bin"
