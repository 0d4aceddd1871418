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
from bench.generate import Corpus, dated, edited, vary
from bench.measure import Cost, Failed
from bench.peers import Rss2email
from bench.server import Server, Traffic, serve

PYTHON = sys.executable
SCAN = str(Path(sys.executable).with_name("scan"))
FLOORS = Path(__file__).with_name("floors.py")
IMPORTS = "import click, msgspec, pycurl, sqlalchemy, yaml"
MANY = 10_000
"""Sources of the case in which none is due."""

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

    def run(self, *command: str) -> tuple[Cost, bytes]:
        """Measure one command; returns what it cost, and what it printed."""
        return measure.run(command, environ=self.environ)

    def forget(self) -> None:
        """Start afresh, without any database."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir()

    def lxml_python(self) -> str:
        """Make the floors' own environment, with lxml, and give its interpreter."""
        return str(environment(self.folder / "venv", "lxml", "pycurl") / "python")

    def rss2email(self, corpus: Corpus, url: str) -> Rss2email | None:
        """Make rss2email's own environment, and its config; None where it cannot be installed."""
        try:
            programs = environment(self.folder / "venv-rss2email", "rss2email")
        except subprocess.CalledProcessError:
            return None
        return Rss2email.prepare(self.state / "rss2email", programs / "r2e", corpus, url)


def environment(home: Path, *packages: str) -> Path:
    """Make a virtual environment with some packages, once, and give the folder of its programs.

    Raises:
        subprocess.CalledProcessError: they cannot be installed.

    """
    if not (home / ".ready").exists():
        subprocess.run([PYTHON, "-m", "venv", home], check=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True)
        (home / ".ready").touch()
    return home / "bin"


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
            yield Sample("start", who, workshop.run(*command)[0])


def idle(workshop: Workshop) -> Iterator[Sample]:
    """Measure runs with many sources of which none is due: written out, and as rows of a list."""
    for case, write in (("nothing due", config.write_many), ("no row due", config.write_rows)):
        many = workshop.folder / f"{write.__name__}.yaml"
        write(many, MANY)
        workshop.forget()
        workshop.run(SCAN, "-c", str(many), "--log-level", "error", "run")
        cost, said = workshop.run(SCAN, "-c", str(many), "run", "--json")
        if json.loads(said)["sources"]["not_due"] != MANY:
            raise Failed(f"some of {MANY} sources were due")
        yield Sample(case, "scan", cost)


def scans(
    workshop: Workshop, corpus: Corpus, port: int, rounds: int, say: Say, *, peers: bool = True
) -> Iterator[Sample]:
    """Measure whole scans of the corpus beside both floors: the first, and four in which next to nothing has changed.

    The peers, which take long, run in the first round only.
    """
    served, name = workshop.folder / "server", corpus.folder.name
    again = vary(corpus, workshop.folder / f"{name}-dated", dated)
    changed = vary(corpus, workshop.folder / f"{name}-edited", edited)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        contest = Contest.prepare(workshop, corpus, f"http://127.0.0.1:{port}", peers=peers and number == 0)
        if peers and number == 0 and contest.peer is None:
            say("rss2email cannot be installed here; it is left out")
        with serve(corpus.folder, served, port) as server:
            yield from contest.hold("first", server, 200)
            yield from contest.hold("304", server, 304)
        with serve(corpus.folder, served, port, validators=False) as server:
            yield from contest.hold("same body", server, 200)
        with serve(again.folder, served, port, validators=False) as server:
            yield from contest.hold("bytes differ", server, 200)
        with serve(changed.folder, served, port, validators=False) as server:
            yield from contest.hold("1 % changed", server, 200)


@dataclass(frozen=True, slots=True)
class Contest:
    """Those who do the same work in turn, each with a database of its own."""

    workshop: Workshop
    corpus: Corpus
    commands: dict[str, list[str]]
    peer: Rss2email | None

    @classmethod
    def prepare(cls, workshop: Workshop, corpus: Corpus, url: str, *, peers: bool) -> "Contest":
        """Give everybody a config and an empty database."""
        workshop.forget()
        profile = workshop.folder / "bench.yaml"
        config.write(profile, corpus, url)
        floor = [workshop.lxml_python(), str(FLOORS)]
        commands = {
            "fetch": [*floor, "fetch", str(corpus.feeds), url, str(workshop.state / "fetch.db")],
            "keep": [*floor, "keep", str(corpus.feeds), url, str(workshop.state / "keep.db")],
            "scan": [SCAN, "-c", str(profile), "run", "--all", "--json"],
        }
        return cls(workshop, corpus, commands, workshop.rss2email(corpus, url) if peers else None)

    def hold(self, case: str, server: Server, status: int) -> Iterator[Sample]:
        """Let each do the work of one case, and look whether it did.

        Raises:
            Failed: somebody asked for something else, or says that it found something else.

        """
        expected = {status: self.corpus.feeds}
        for who, command in self.commands.items():
            cost, said = self.workshop.run(*command)
            traffic = server.traffic()
            if traffic.statuses != expected:
                raise Failed(f"{case}, {who}: the server gave {traffic.statuses}, not {expected}")
            if who == "scan":
                check(case, json.loads(said), self.corpus)
            yield Sample(case, who, cost, traffic)
        if self.peer is not None and case in Rss2email.CASES:
            cost, _ = self.workshop.run(*self.peer.command)
            if self.peer.seen() != self.corpus.feeds * self.corpus.items:
                raise Failed(f"{case}, rss2email: it knows {self.peer.seen()} items")
            yield Sample(case, "rss2email", cost, server.traffic())


def check(case: str, said: dict[str, dict[str, int]], corpus: Corpus) -> None:
    """Look into the result that `scan run --json` gives."""
    all_items = corpus.feeds * corpus.items
    items, sources = said["items"], said["sources"]
    found = {
        "first": items["new"] == all_items,
        "304": sources["unchanged"] == corpus.feeds,
        "same body": sources["unchanged"] == corpus.feeds,
        "bytes differ": items["unchanged"] == all_items and not sources["unchanged"],
        "1 % changed": (items["changed"], items["new"]) == (corpus.feeds // 2, 0),
    }
    if not found[case] or sources["failed"] or sources["ok"] < corpus.feeds:
        raise Failed(f"{case}: scan found {sources}, {items}")
