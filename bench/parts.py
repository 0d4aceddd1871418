"""The parts of the benchmark: each measures one thing, and can be run by itself."""

import os
import platform
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from pathlib import Path

from bench import config
from bench.boards import boards, searches
from bench.budgets import FETCH, KEEP, PARSE, PLAIN, STAGES
from bench.cases import AGAIN, EDITED, FIRST, NEW, SAME, UNMODIFIED
from bench.contest import Enter, Floor, Scan, contest, floor
from bench.corpus import Corpus
from bench.feeds import feeds
from bench.idle import MANY, idle
from bench.memory import memory
from bench.peers import PEERS
from bench.results import Part, cells
from bench.scale import scale
from bench.server import find_nginx
from bench.starts import cold_starts
from bench.workshop import Say, Workshop
from bench.year import ITEMS, SOURCES, grow, look


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        rounds: of everything but the cold starts.
        all_floors: whether all are measured, or only those that there are budgets over.

    """

    rounds: int
    starts: int
    feeds: int
    boards: int
    peer_feeds: int
    all_floors: bool
    feed_items: int = 50
    board_items: int = 100
    searches: int = 200


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it is measured, and how much."""

    workshop: Workshop
    size: Size
    say: Say

    def starts(self) -> Part:
        """Measure the cold starts."""
        return part("Commands that do next to nothing", cells=cells(cold_starts(self.workshop, self.size.starts)))

    def boards(self) -> Part:
        """Measure scans of long texts beside the floors."""
        corpus = boards(self.workshop.folder, self.size.boards, self.size.board_items)
        floors = FLOORS if self.size.all_floors else (STAGES,)
        return self.contest(corpus, "boards, feeds and pages", searches(self.size.searches), floors)

    def feeds(self) -> Part:
        """Measure scans of short texts beside the floors."""
        corpus = feeds(self.workshop.folder, self.size.feeds, self.size.feed_items)
        floors = FLOORS[:-1] if self.size.all_floors else (KEEP,)
        return self.contest(corpus, "feeds", config.searches(self.size.feed_items), floors)

    def contest(self, corpus: Corpus, what: str, looked_for: Sequence[config.Search], floors: Iterable[str]) -> Part:
        """Measure scans beside some of our floors."""
        everybody = {**{name: floor(NAMES[name]) for name in floors}, "scan": Scan.enter}
        rounds = repeat(everybody, self.size.rounds)
        cases = (FIRST, UNMODIFIED, SAME, AGAIN, EDITED)
        samples = cells(contest(self.workshop, corpus, looked_for, rounds, self.say, cases=cases))
        return part(served(corpus, what, looked_for), cells=samples)

    def peers(self) -> Part:
        """Measure scans of some feeds beside others' programs, which take long: they run in the first round only."""
        corpus = feeds(self.workshop.folder, self.size.peer_feeds, self.size.feed_items)
        looked_for = config.searches(self.size.feed_items)
        everybody: dict[str, Enter] = {}
        if programs := self.workshop.environment(REQUIREMENTS / "aiohttp.txt"):
            script = Path(__file__).with_name("aiohttp_floor.py")
            everybody[PLAIN] = partial(Floor.enter, (str(programs / "python"), str(script)))
        everybody["scan"] = Scan.enter
        others: dict[str, Enter] = {}
        for peer in PEERS:
            if programs := self.workshop.environment(REQUIREMENTS / peer.requirements):
                others[peer.name] = partial(peer.enter, programs)
            else:
                self.say(f"{peer.name} cannot be installed here; it is left out")
        rounds = chain([{**everybody, **others}], repeat(everybody, self.size.rounds - 1))
        cases = (FIRST, UNMODIFIED, NEW, SAME)
        samples = cells(
            contest(self.workshop, corpus, looked_for, rounds, self.say, cases=cases, guests=others, hosts=True)
        )
        return part(f"{served(corpus, 'feeds', looked_for)}; each has a host of its own", cells=samples)

    def matching(self) -> Part:
        """Measure what many searches cost."""
        # Not before: what a process measures begins with this one's memory.
        from bench.matching import curves

        return part("One text at a time", curves=curves())

    def idle(self) -> Part:
        """Measure runs that have nothing to do."""
        return part(f"A run with {MANY:,} sources of which none is due", cells=cells(idle(self.workshop)))

    def memory(self) -> Part:
        """Measure what runs take of memory."""
        return part("One large source, and many small ones", cells=cells(memory(self.workshop)))

    def year(self) -> Part:
        """Measure what a profile grows to, and what it then costs."""
        growth = grow(self.workshop, self.say)
        samples = look(self.workshop, self.size.rounds, self.say)
        return part(f"Two years of {SOURCES} sources of {ITEMS} items", cells=cells(samples), growth=growth)

    def scale(self) -> Part:
        """Measure what runs cost by how much is stored."""
        return part("By how much is stored", cells=cells(scale(self.workshop, self.size.rounds, self.say)))


REQUIREMENTS = Path(__file__).with_name("requirements")
NAMES = {FETCH: "fetch", PARSE: "parse", KEEP: "keep", STAGES: "work"}
"""Of the floors, in `floors.py`."""
FLOORS = tuple(NAMES)
PARTS: Mapping[str, Callable[[Bench], Part]] = {
    "starts": Bench.starts,
    "boards": Bench.boards,
    "feeds": Bench.feeds,
    "peers": Bench.peers,
    "matching": Bench.matching,
    "idle": Bench.idle,
    "memory": Bench.memory,
    "year": Bench.year,
    "scale": Bench.scale,
}
QUICK = ("starts", "boards", "feeds", "matching")


def part(about: str, **measured: object) -> Part:
    """Say what was measured, today."""
    return Part(measured=f"{datetime.now(UTC):%-d %B %Y}", about=about, **measured)  # type: ignore[arg-type]


def served(corpus: Corpus, what: str, looked_for: Sequence[config.Search]) -> str:
    """Describe what is scanned."""
    raw, compressed = corpus.size()
    server = "nginx" if find_nginx() else "a small server in Python (there is no nginx)"
    return (
        f"{len(corpus.names):,} {what} of {corpus.items} items, {raw / 1e6:.0f} MB as they are and "
        f"{compressed / 1e6:.0f} MB compressed, from {server}; {len(looked_for)} searches"
    )


def machine() -> str:
    """Describe this machine."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
