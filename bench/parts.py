"""The parts of the benchmark: each measures one thing, and can be run by itself."""

import os
import platform
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat

from bench import config
from bench.boards import boards, searches
from bench.contest import FLOORS, SCANS, contest
from bench.corpus import Corpus
from bench.feeds import feeds
from bench.idle import MANY, idle
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

    """

    rounds: int
    starts: int
    feeds: int
    boards: int
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
        everybody = {**FLOORS, **SCANS}
        samples = contest(
            self.workshop,
            self.made(corpus),
            searches(self.size.searches),
            repeat(everybody, self.size.rounds),
            self.say,
        )
        return part(f"{served(corpus, 'boards, feeds and pages')}; {self.size.searches} searches", cells=cells(samples))

    def feeds(self) -> Part:
        """Measure scans of short texts beside the floors."""
        corpus = feeds(self.workshop.folder, self.size.feeds, self.size.feed_items)
        everybody = {who: enter for who, enter in {**FLOORS, **SCANS}.items() if who != "floor: each stage in C"}
        looked_for = config.searches(self.size.feed_items)
        samples = contest(self.workshop, self.made(corpus), looked_for, repeat(everybody, self.size.rounds), self.say)
        return part(f"{served(corpus, 'feeds')}; {len(looked_for)} searches", cells=cells(samples))

    def matching(self) -> Part:
        """Measure what many searches cost."""
        # Not before: what a process measures begins with this one's memory.
        from bench.matching import curves

        return part("One text at a time", curves=curves())

    def idle(self) -> Part:
        """Measure runs that have nothing to do."""
        return part(f"A run with {MANY:,} sources of which none is due", cells=cells(idle(self.workshop)))

    def year(self) -> Part:
        """Measure what a profile grows to, and what it then costs."""
        growth = grow(self.workshop, self.say)
        samples = look(self.workshop, self.size.rounds, self.say)
        return part(f"Two years of {SOURCES} sources of {ITEMS} items", cells=cells(samples), growth=growth)

    def scale(self) -> Part:
        """Measure what runs cost by how much is stored."""
        return part("By how much is stored", cells=cells(scale(self.workshop, self.size.rounds, self.say)))

    def made(self, corpus: Corpus) -> Corpus:
        """Write a corpus."""
        corpus.write(self.say)
        return corpus


PARTS: Mapping[str, Callable[[Bench], Part]] = {
    "starts": Bench.starts,
    "boards": Bench.boards,
    "feeds": Bench.feeds,
    "matching": Bench.matching,
    "idle": Bench.idle,
    "year": Bench.year,
    "scale": Bench.scale,
}
QUICK = ("starts", "boards", "feeds", "matching")


def part(about: str, **measured: object) -> Part:
    """Say what was measured, today."""
    return Part(measured=f"{datetime.now(UTC):%-d %B %Y}", about=about, **measured)  # type: ignore[arg-type]


def served(corpus: Corpus, what: str) -> str:
    """Describe what is scanned."""
    raw, compressed = corpus.size()
    server = "nginx" if find_nginx() else "a small server in Python (there is no nginx)"
    return (
        f"{len(corpus.names):,} {what} of {corpus.items} items, {raw / 1e6:.0f} MB as they are and "
        f"{compressed / 1e6:.0f} MB compressed, from {server}"
    )


def machine() -> str:
    """Describe this machine."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
