"""What a profile grows to in two years, and what looking at it costs after the first, beside one that is new."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import config
from bench.measure import Failed
from bench.starts import CLICK
from bench.workshop import PYTHON, SCAN, Sample, Workshop

SOURCES, ITEMS = 200, 40
DAYS = 364
LOOKS = ("status", "runs", "items", "matches")
"""Commands that are measured, beside a run that finds nothing new."""

CASE = "year"


@dataclass(frozen=True, slots=True)
class Growth:
    """What a database has grown to after some days.

    Attributes:
        size: bytes.
        items: stored, those that are gone included.
        logged: sources in runs, in the execution log.

    """

    days: int
    size: int
    items: int
    logged: int


def name_of(number: int) -> str:
    """Name a source as the benchmark's config does."""
    return f"some-company-{number}"


def year_old(database: Path) -> Path:
    """Name the copy of a database that is made after its first year."""
    return database.with_name("year.db")


def grow(workshop: Workshop, say: Callable[[str], None]) -> list[Growth]:
    """Let two years pass; returns what there was after each quarter."""
    say(f"two years of {SOURCES} sources")
    folder = workshop.folder / "life"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _, said = workshop.run(PYTHON, "-m", "bench.life", str(folder / "life.db"))
    return [Growth(**json.loads(line)) for line in said.splitlines()]


def look(workshop: Workshop, rounds: int, say: Callable[[str], None]) -> Iterator[Sample]:
    """Measure looking at the profile that is a year old, and at a new one with the same config, in turns.

    Raises:
        Failed: a run found something else than nothing new.

    """
    profile = workshop.folder / "many.yaml"
    config.write_many(profile, SOURCES, ITEMS)
    folders = {age: Workshop(workshop.folder / "life" / age) for age in ("new", "old")}
    for age, place in folders.items():
        home = place.state / "scan"
        home.mkdir(parents=True)
        if age == "old":
            shutil.copy(year_old(workshop.folder / "life" / "life.db"), home / "many.db")
        place.run(SCAN, "-c", str(profile), "--log-level", "error", "run", "--all")
    for number in range(rounds):
        say(f"a year: round {number + 1} of {rounds}")
        yield Sample(CASE, CLICK, workshop.run(PYTHON, "-c", CLICK)[0])
        for command in LOOKS:
            for age, place in folders.items():
                yield Sample(CASE, f"{command}, {age}", place.run(SCAN, "-c", str(profile), command)[0])
        for age, place in folders.items():
            cost, said = place.run(SCAN, "-c", str(profile), "run", "--all", "--json")
            if json.loads(said)["sources"]["unchanged"] != SOURCES:
                raise Failed(f"a year, {age}: some of {SOURCES} sources were not unchanged")
            yield Sample(CASE, f"run, {age}", cost)
