"""What is measured, and how it is known that the measured work was done."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import config, measure
from bench.generate import Corpus
from bench.measure import Cost, Failed
from bench.server import Server, Traffic, serve

PYTHON = sys.executable
SCAN = str(Path(sys.executable).with_name("scan"))
FLOORS = Path(__file__).with_name("floors.py")
IMPORTS = "import click, msgspec, pycurl, sqlalchemy, yaml"
Say = Callable[[str], None]


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
        return {"PATH": path, "HOME": str(self.folder), "XDG_STATE_HOME": str(self.state), "LC_ALL": "C.UTF-8"}

    @property
    def state(self) -> Path:
        """Where everybody's databases lie."""
        return self.folder / "state"

    @property
    def output(self) -> Path:
        """Where a measured process writes to."""
        return self.folder / "output"

    def run(self, *command: str) -> Cost:
        """Measure one command."""
        return measure.run(command, environ=self.environ, output=self.output)

    def forget(self) -> None:
        """Start afresh, without any database."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir()

    def lxml_python(self) -> str:
        """Make the floors' own environment, with lxml, and give its interpreter."""
        home = self.folder / "venv"
        python = home / "bin" / "python"
        if not (home / ".ready").exists():
            subprocess.run([PYTHON, "-m", "venv", home], check=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "lxml", "pycurl"]
            subprocess.run(install, check=True)
            (home / ".ready").touch()
        return str(python)


def cold_start(workshop: Workshop, corpus: Corpus, rounds: int) -> Iterator[Sample]:
    """Measure how long a command takes that does next to nothing."""
    small = workshop.folder / "small.yaml"
    config.write_small(small, corpus)
    workshop.forget()
    workshop.run(SCAN, "-c", str(small), "run", "--all")
    commands = {
        "python -c pass": [PYTHON, "-c", "pass"],
        "import click": [PYTHON, "-c", "import click"],
        "import all": [PYTHON, "-c", IMPORTS],
        "scan --version": [SCAN, "--version"],
        "scan --help": [SCAN, "--help"],
        "scan status": [SCAN, "-c", str(small), "status"],
    }
    for _ in range(rounds):
        for who, command in commands.items():
            yield Sample("start", who, workshop.run(*command))


def scans(workshop: Workshop, corpus: Corpus, port: int, rounds: int, say: Say) -> Iterator[Sample]:
    """Measure whole scans of the corpus beside both floors: the first, and two in which nothing has changed."""
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        contestants = prepare(workshop, corpus, f"http://127.0.0.1:{port}")
        served = workshop.folder / "server"
        with serve(corpus.folder, served, port) as server:
            yield from contest("first", contestants, workshop, server, {200: corpus.feeds})
            yield from contest("304", contestants, workshop, server, {304: corpus.feeds})
        with serve(corpus.folder, served, port, validators=False) as server:
            yield from contest("same body", contestants, workshop, server, {200: corpus.feeds})


def prepare(workshop: Workshop, corpus: Corpus, url: str) -> dict[str, list[str]]:
    """Give each contestant's command, with an empty database each."""
    workshop.forget()
    profile = workshop.folder / "bench.yaml"
    config.write(profile, corpus, url)
    floor = [workshop.lxml_python(), str(FLOORS)]
    return {
        "fetch": [*floor, "fetch", str(corpus.feeds), url, str(workshop.state / "fetch.db")],
        "keep": [*floor, "keep", str(corpus.feeds), url, str(workshop.state / "keep.db")],
        "scan": [SCAN, "-c", str(profile), "run", "--all", "--json"],
    }


def contest(
    case: str, contestants: dict[str, list[str]], workshop: Workshop, server: Server, answers: dict[int, int]
) -> Iterator[Sample]:
    """Let each do the same work in turn, and look whether it did.

    Raises:
        Failed: somebody asked for something else, or `scan` says that it found something else.

    """
    for who, command in contestants.items():
        cost = workshop.run(*command)
        traffic = server.traffic()
        if traffic.statuses != answers:
            raise Failed(f"{case}, {who}: the server gave {traffic.statuses}, not {answers}")
        if who == "scan":
            check(case, json.loads(workshop.output.read_bytes()), sum(answers.values()))
        yield Sample(case, who, cost, traffic)


def check(case: str, said: dict[str, dict[str, int]], feeds: int) -> None:
    """Look into the result that `scan run --json` gives."""
    found = said["items"]["new"] > 0 if case == "first" else said["sources"]["unchanged"] == feeds
    if not found or said["sources"]["failed"] or said["sources"]["ok"] + said["sources"]["unchanged"] < feeds:
        raise Failed(f"{case}: scan found {said['sources']}, {said['items']}")
