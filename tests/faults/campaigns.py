"""Every scenario there is, in parts that processes share."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.util import Finalize

from tests.faults.starter import Starter
from tests.faults.story import Findings
from tests.faults.trials import Stage, kill_each, kill_each_first, kill_twice, points_of, race
from tests.faults.troubles import FULL_AT, MAIL_TROUBLES, WEB_TROUBLES, endure, fill_up
from tests.faults.world import World

AT_ONCE = 12
DOUBLE_KILLS = 200
RACES = 40


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Scenarios of one kind, in parts that are played one after another."""

    name: str
    parts: Sequence["Part"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some scenarios of one kind, as plain values that another process understands."""

    kind: str
    which: tuple[int, ...] = ()
    name: str = ""
    points: int = 0


class Player:
    """One process's world. Short time-outs are for the scenarios in which somebody is silent."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.stage = Stage(self._stack.enter_context(World()))
        self.impatient = Stage(self._stack.enter_context(World()), patience="1s")
        self.other = self._stack.enter_context(Starter())
        Finalize(self, self._stack.close, exitpriority=10)

    def play(self, part: Part) -> Findings:
        match part.kind:
            case "ordinary":
                return kill_each(self.stage, part.which)
            case "first":
                return kill_each_first(self.stage, part.which)
            case "twice":
                return kill_twice(self.stage, part.which, part.points)
            case "race":
                total = Findings()
                for seed in part.which:
                    total.add(race(self.stage, self.other, seed))
                return total
            case "full":
                return fill_up(self.impatient, part.name)
            case _:
                return endure(self.impatient, part.name)


_players: list[Player] = []


def enter() -> None:
    _players.append(Player())


def play(part: Part) -> Findings:
    return _players[0].play(part)


def counted() -> tuple[int, int]:
    """Count the points of an ordinary run and of a first one, each also in a process that is not a fork."""
    stage = _players[0].stage
    for first in (False, True):
        assert sorted(points_of(stage, first=first)) == sorted(points_of(stage, first=first, whole=True))
    return len(points_of(stage)), len(points_of(stage, first=True))


def campaigns(ordinary: int, first: int) -> list[Campaign]:
    return [
        Campaign(name="killed once, at every point of a run", parts=_parts("ordinary", 1, ordinary)),
        Campaign(name="killed once, at every point of a first run", parts=_parts("first", 1, first)),
        Campaign(name="killed twice, at random points", parts=_parts("twice", 0, DOUBLE_KILLS - 1, points=ordinary)),
        Campaign(name="two at once, the lock taken away", parts=_parts("race", 0, RACES - 1)),
        Campaign(name="mail server in trouble", parts=[Part(kind="endure", name=name) for name in MAIL_TROUBLES]),
        Campaign(name="web server in trouble", parts=[Part(kind="endure", name=name) for name in WEB_TROUBLES]),
        Campaign(name="disk full at a statement", parts=[Part(kind="full", name=name) for name in FULL_AT]),
    ]


def _parts(kind: str, start: int, end: int, *, points: int = 0) -> list[Part]:
    every = range(start, end + 1)
    cut = (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
    return [Part(kind=kind, which=tuple(some), points=points) for some in cut]
