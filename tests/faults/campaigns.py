"""Every scenario there is, in parts that processes share."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.util import Finalize

from tests.faults.starter import Starter
from tests.faults.story import Findings
from tests.faults.trials import MEETINGS, Stage, come_by, kill_each, kill_each_first, kill_twice, points_of, race_each
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
        trials: dict[str, Callable[[], Findings]] = {
            "ordinary": lambda: kill_each(self.stage, part.which),
            "first": lambda: kill_each_first(self.stage, part.which),
            "twice": lambda: kill_twice(self.stage, part.which, part.points),
            "race": lambda: race_each(self.stage, self.other, part.which),
            "meeting": lambda: come_by(self.stage, self.other, part.name),
            "trouble": lambda: endure(self.impatient, part.name),
            "full": lambda: fill_up(self.impatient, part.name),
        }
        return trials[part.kind]()


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
    """Plan all, given the points of an ordinary run and of a first one."""
    meetings = [Part(kind="meeting", name=name) for name in MEETINGS]
    return [
        Campaign(name="killed once, at every point of a run", parts=_parts("ordinary", 1, ordinary)),
        Campaign(name="killed once, at every point of a first run", parts=_parts("first", 1, first)),
        Campaign(name="killed twice, at random points", parts=_parts("twice", 0, DOUBLE_KILLS - 1, points=ordinary)),
        Campaign(name="two at once, the lock taken away", parts=[*_parts("race", 0, RACES - 1), *meetings]),
        Campaign(name="mail server in trouble", parts=[Part(kind="trouble", name=name) for name in MAIL_TROUBLES]),
        Campaign(name="web server in trouble", parts=[Part(kind="trouble", name=name) for name in WEB_TROUBLES]),
        Campaign(name="disk full at a statement", parts=[Part(kind="full", name=name) for name in FULL_AT]),
    ]


def _parts(kind: str, start: int, end: int, *, points: int = 0) -> list[Part]:
    every = range(start, end + 1)
    cut = (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
    return [Part(kind=kind, which=tuple(some), points=points) for some in cut]
