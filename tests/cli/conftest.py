"""The installed command, run as a user does: a process of its own, real files, nothing of the machine's own config."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.web import Web

COMMAND = Path(sys.executable).with_name("scan")
PATIENCE = 60


@dataclass
class Ran:
    """What a finished command left."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document of `--json`."""
        return json.loads(self.out)

    @property
    def log(self) -> list[dict[str, Any]]:
        """The log lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Scan:
    """`scan` in a folder of its own."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    program: Path = COMMAND

    @property
    def config(self) -> Path:
        return self.folder / "profile.yaml"

    @property
    def state(self) -> Path:
        return self.folder / "state" / "scan"

    @property
    def database(self) -> Path:
        return self.state / "profile.db"

    def configure(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(0o600)

    def command(self, *arguments: str) -> list[str]:
        return [str(self.program), "--config", str(self.config), *arguments]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        own = {"HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state"), "PATH": os.environ["PATH"]}
        return {**own, "XDG_CONFIG_HOME": str(self.folder / "config"), **self.environ, **(more or {})}

    def __call__(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment(environ),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def set_back(self, since: str, hours: int) -> None:
        """Have what the sources have been `since` (a column) begun so many hours earlier than it did."""
        with sqlite3.connect(self.database) as database:
            earlier = f"strftime('%Y-%m-%dT%H:%M:%f000Z', {since}, '-{hours} hours')"
            database.execute(f"UPDATE source SET {since} = {earlier}")
        database.close()

    def run(self, *arguments: str) -> Any:
        """Run once, due or not, and return the result."""
        ran = self("run", "--all", "--json", *arguments)
        assert ran.out, ran.err
        return ran.json


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    return Scan(tmp_path)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server
