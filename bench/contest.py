"""Those who do the same work in turn, and how it is known that each did it."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from bench import config
from bench.cases import AGAIN, CASES, CONDITIONAL, EDITED, FIRST, NEW, SAME, UNMODIFIED
from bench.corpus import Corpus
from bench.measure import Failed
from bench.server import Server, Traffic, free_port, serve
from bench.workshop import PYTHON, SCAN, Sample, Say, Workshop


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
    """One of the floors: what runs it, but for the files it works with."""

    task: Task
    program: Sequence[str]
    cases: Sequence[str] = CASES

    @classmethod
    def enter(cls, program: Sequence[str], task: Task) -> "Floor":
        """Write what it has to know."""
        (task.folder / "urls").write_text("\n".join(task.urls), encoding="utf-8")
        (task.folder / "words").write_text("\n".join(config.words(task.searches)), encoding="utf-8")
        return cls(task, program)

    def command(self, case: str) -> list[str]:
        """Give the same for each case."""
        del case
        return [*self.program, *(str(self.task.folder / name) for name in ("urls", "words", "floor.db"))]

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
            NEW: items["new"] == corpus.changed.get(NEW),
            SAME: sources["unchanged"] == number,
            AGAIN: items["unchanged"] == total and not sources["unchanged"],
            EDITED: (items["changed"], items["new"]) == (corpus.changed[EDITED], 0),
        }
        if not found[case] or sources["failed"] or sources["ok"] < number:
            raise Failed(f"{case}: scan found {sources}, {items}")


def answered(corpus: Corpus, case: str, traffic: Traffic) -> None:
    """Look whether every source was asked once, and whether conditionally.

    Raises:
        Failed: it was not.

    """
    everybody, new = len(corpus.names), corpus.changed.get(NEW, 0)
    expected = {UNMODIFIED: {304: everybody}, NEW: {304: everybody - new, 200: new}}.get(case, {200: everybody})
    if traffic.statuses != expected:
        raise Failed(f"{case}: the server gave {traffic.statuses}, not {expected}")


def contest(
    workshop: Workshop,
    corpus: Corpus,
    searches: Sequence[config.Search],
    rounds: Iterable[Mapping[str, Enter]],
    say: Say,
    *,
    cases: Sequence[str],
    guests: Collection[str] = (),
    hosts: bool = False,
) -> Iterator[Sample]:
    """Measure whole scans of a corpus.

    Args:
        workshop: where it takes place.
        corpus: what is scanned.
        searches: what is looked for, by those who can.
        rounds: those who take part, in each.
        say: tells how far it is.
        cases: what is measured, in this order.
        guests: those of them who are left out from when on they do not do the work; if another doesn't, all is void.
        hosts: whether each source has a host of its own, as in life; else all have one.

    """
    corpus.write(say)
    served, folder = {}, corpus.folder
    for case in cases:
        if case in corpus.changes:
            folder = corpus.later(case, say)
        served[case] = folder
    addresses = [host(number if hosts else 0) for number, _ in enumerate(corpus.names)]
    for number, everybody in enumerate(rounds, 1):
        workshop.forget()
        port = free_port()
        urls = [f"http://{address}:{port}/{name}" for address, name in zip(addresses, corpus.names, strict=True)]
        contestants = {}
        for place, (who, enter) in enumerate(everybody.items()):
            folder = workshop.state / str(place)
            folder.mkdir()
            contestants[who] = enter(Task(folder, corpus, urls, searches))
        for case in cases:
            say(f"{corpus.folder.name}, round {number}: {case}")
            listen, validators = sorted(set(addresses)), case in CONDITIONAL
            with serve(served[case], workshop.folder / "server", listen, port, validators=validators) as server:
                for who, one in tuple(contestants.items()):
                    if case not in one.cases:
                        continue
                    try:
                        yield measured(workshop, case, who, one, server)
                    except Failed as error:
                        if who not in guests:
                            raise
                        say(f"{who} is left out from here on: {error}")
                        del contestants[who]


def measured(workshop: Workshop, case: str, who: str, one: Contestant, server: Server) -> Sample:
    """Let one do the work of one case, and look whether it did.

    Raises:
        Failed: it did not.

    """
    try:
        cost, said = workshop.run(*one.command(case))
    finally:
        traffic = server.traffic()
    try:
        one.check(case, said, traffic)
    except Failed as error:
        raise Failed(f"{who}, {error}") from None
    return Sample(case, who, cost, traffic)


def host(number: int) -> str:
    """Name an address of this machine; each source can have one of its own."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def floor(what: str) -> Enter:
    """Choose one of the floors in `floors.py`."""
    return partial(Floor.enter, (PYTHON, str(Path(__file__).with_name("floors.py")), what))
