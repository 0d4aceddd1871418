"""Those who do the same work in turn, and how it is known that each did it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from bench import config
from bench.corpus import Corpus
from bench.measure import Failed
from bench.server import Server, Traffic, free_port, serve
from bench.workshop import PYTHON, SCAN, Sample, Say, Workshop

FIRST, UNMODIFIED, SAME, AGAIN, EDITED = CASES = ("first", "304", "same body", "bytes differ", "1 % changed")
"""What is measured, in this order, each on the state that the one before has left."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done.

    Attributes:
        folder: the contestant's own.
        urls: of the sources, in the corpus's order.

    """

    folder: Path
    corpus: Corpus
    urls: Sequence[str]
    searches: Sequence[config.Search]


class Contestant(Protocol):
    """Somebody who scans sources, ready to run."""

    @property
    def cases(self) -> Sequence[str]:
        """What it is measured at."""

    def command(self, case: str) -> Sequence[str]:
        """Give the command that scans all sources once."""

    def check(self, case: str, said: bytes, traffic: Traffic) -> None:
        """Look whether it did the work of a case, of which it printed something.

        Raises:
            Failed: it asked for something else, or found something else.

        """


Enter = Callable[[Task], Contestant]
"""Makes a contestant ready for a task: writes its config and whatever else it needs into its empty folder."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One of the floors, run by the interpreter that has what it imports."""

    task: Task
    interpreter: str
    script: Path
    what: str
    cases: Sequence[str] = CASES

    @classmethod
    def enter(cls, what: str, task: Task) -> "Floor":
        """Make one of `floors.py` ready."""
        (task.folder / "urls").write_text("\n".join(task.urls), encoding="utf-8")
        (task.folder / "words").write_text("\n".join(config.words(task.searches)), encoding="utf-8")
        return cls(task, PYTHON, Path(__file__).with_name("floors.py"), what)

    def command(self, case: str) -> list[str]:
        """Give the same for each case."""
        del case
        folder = self.task.folder
        files = (str(folder / name) for name in ("urls", "words", "floor.db"))
        return [self.interpreter, str(self.script), self.what, *files]

    def check(self, case: str, said: bytes, traffic: Traffic) -> None:
        """Look into the server's log."""
        del said
        answered(self.task.corpus, case, traffic)


@dataclass(frozen=True, slots=True)
class Scan:
    """What all this is about."""

    task: Task
    cases: Sequence[str] = CASES

    @classmethod
    def enter(cls, task: Task) -> "Scan":
        """Write its config."""
        config.write(task.folder / "scan.yaml", task.urls, task.searches)
        return cls(task)

    def command(self, case: str) -> list[str]:
        """Give the same for each case."""
        del case
        return [SCAN, "-c", str(self.task.folder / "scan.yaml"), "run", "--all", "--json"]

    def check(self, case: str, said: bytes, traffic: Traffic) -> None:
        """Look into the server's log, and into the result."""
        corpus = self.task.corpus
        answered(corpus, case, traffic)
        result = json.loads(said)
        items, sources = result["items"], result["sources"]
        number, total = len(corpus.names), len(corpus.names) * corpus.items
        found = {
            FIRST: items["new"] == total,
            UNMODIFIED: sources["unchanged"] == number,
            SAME: sources["unchanged"] == number,
            AGAIN: items["unchanged"] == total and not sources["unchanged"],
            EDITED: (items["changed"], items["new"]) == (corpus.edited, 0),
        }
        if not found[case] or sources["failed"] or sources["ok"] < number:
            raise Failed(f"{case}: scan found {sources}, {items}")


def answered(corpus: Corpus, case: str, traffic: Traffic) -> None:
    """Look whether every source was asked once, and whether conditionally.

    Raises:
        Failed: it was not.

    """
    expected = {304 if case == UNMODIFIED else 200: len(corpus.names)}
    if traffic.statuses != expected:
        raise Failed(f"{case}: the server gave {traffic.statuses}, not {expected}")


def contest(
    workshop: Workshop,
    corpus: Corpus,
    searches: Sequence[config.Search],
    entries: Iterable[dict[str, Enter]],
    say: Say,
    *,
    cases: Sequence[str] = CASES,
    hosts: bool = False,
) -> Iterator[Sample]:
    """Measure whole scans of a corpus: the first, and those in which next to nothing has changed.

    Args:
        workshop: where it takes place.
        corpus: what is scanned.
        searches: what is looked for, by those who can.
        entries: those who take part, for each round.
        say: tells how far it is.
        cases: what is measured, in this order.
        hosts: whether each source has a host of its own, as in life; else all have one.

    """
    variants = {AGAIN: ("again", corpus.again), EDITED: ("edited", corpus.edit)}
    served = {case: corpus.varied(*variants[case], say) if case in variants else corpus for case in cases}
    for number, round_ in enumerate(entries):
        workshop.forget()
        port = free_port()
        addresses = [host(one) if hosts else host(0) for one in range(len(corpus.names))]
        urls = [f"http://{address}:{port}/{name}" for address, name in zip(addresses, corpus.names, strict=True)]
        contestants = {}
        for who, enter in round_.items():
            folder = workshop.state / who.replace(" ", "-")
            folder.mkdir()
            contestants[who] = enter(Task(folder, corpus, urls, searches))
        for case in cases:
            say(f"{corpus.folder.name}, round {number + 1}: {case}")
            validators = case in {FIRST, UNMODIFIED}
            with serve(
                served[case].folder, workshop.folder / "server", sorted(set(addresses)), port, validators=validators
            ) as server:
                for who, one in contestants.items():
                    if case in one.cases:
                        yield measured(workshop, case, who, one, server)


def measured(workshop: Workshop, case: str, who: str, one: Contestant, server: Server) -> Sample:
    """Let one do the work of one case, and look whether it did.

    Raises:
        Failed: it did not.

    """
    cost, said = workshop.run(*one.command(case))
    traffic = server.traffic()
    try:
        one.check(case, said, traffic)
    except Failed as error:
        raise Failed(f"{who}, {error}") from None
    return Sample(case, who, cost, traffic)


def host(number: int) -> str:
    """Name an address of this machine; each source can have one of its own."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


FLOORS: dict[str, Enter] = {
    f"floor: {name}": partial(Floor.enter, what)
    for what, name in (
        ("fetch", "fetch"),
        ("parse", "fetch, parse"),
        ("keep", "fetch, parse, SQLite"),
        ("work", "each stage in C"),
    )
}
SCANS: dict[str, Enter] = {"scan": Scan.enter}
