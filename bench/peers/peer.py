"""What the peers have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.cases import FIRST, NEW, SAME, UNMODIFIED
from bench.contest import Task
from bench.measure import Failed
from bench.server import Traffic


@dataclass(frozen=True)
class Peer(ABC):
    """One of them, ready to run.

    Attributes:
        name: as its makers write it.
        requirements: of its environment: a file's name.
        programs: the folder of its environment's programs.

    """

    name: ClassVar[str]
    requirements: ClassVar[str]
    cases: ClassVar[Sequence[str]] = (FIRST, UNMODIFIED, NEW, SAME)

    task: Task
    programs: Path

    @classmethod
    def enter(cls, programs: Path, task: Task) -> "Peer":
        """Make it ready for a task."""
        peer = cls(task, programs)
        peer.prepare()
        return peer

    @abstractmethod
    def prepare(self) -> None:
        """Write its config, and whatever else it needs."""

    @abstractmethod
    def command(self, case: str) -> Sequence[str]:
        """Give the command that scans all sources once."""

    @abstractmethod
    def found(self, case: str, said: bytes) -> tuple[int, int]:
        """Give what it found of a case, as far as can be read, and what it should have found."""

    def check(self, case: str, said: bytes, traffic: Traffic) -> None:
        """Look into the server's log, and into what it found.

        Raises:
            Failed: it asked too little, or found something else.

        """
        asked = traffic.statuses.get(200, 0) + traffic.statuses.get(304, 0)
        if asked != len(self.task.urls) or traffic.statuses.keys() - {200, 304}:
            raise Failed(f"{case}: it was answered {traffic.statuses}")
        found, expected = self.found(case, said)
        if found != expected:
            raise Failed(f"{case}: it found {found}, not {expected}")

    def path(self, name: str) -> Path:
        """Name a file of its own."""
        return self.task.folder / name

    def program(self, name: str) -> str:
        """Name one of its programs."""
        return str(self.programs / name)

    def items(self, case: str) -> int:
        """Count the items that there are in a case, which are all that there have been until then."""
        first = len(self.task.urls) * self.task.corpus.items
        return first if case in {FIRST, UNMODIFIED} else first + self.task.corpus.changed[NEW]
