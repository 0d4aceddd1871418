"""What runs cost by how much is stored: 1,000 sources of 50 items, and beside them more and more that have left."""

import json
from collections.abc import Callable, Iterator

from bench import config
from bench.feeds import feed
from bench.measure import Failed
from bench.workshop import PYTHON, SCAN, Sample, Workshop

SOURCES, ITEMS = 1000, 50
STORED = (50_000, 500_000, 5_000_000)
CASE = "stored"
WHAT = {"run, unchanged": ("run", "--all"), "run, bytes differ": ("run", "--all"), "status": ("status",)}
"""What is measured: a run for which every feed is the same, one for which each is another page of the same items."""


def scale(workshop: Workshop, rounds: int, say: Callable[[str], None]) -> Iterator[Sample]:
    """Measure what runs and looks cost, each time with ten times as much in the database.

    Raises:
        Failed: a run found something else than the same items.

    """
    profile = workshop.folder / "stored.yaml"
    config.write_many(profile, SOURCES, ITEMS)
    workshop.forget()
    workshop.run(SCAN, "-c", str(profile), "--log-level", "error", "run")
    database = workshop.state / "scan" / "stored.db"
    page = 0
    for stored in STORED:
        say(f"{stored:,} items stored")
        workshop.run(PYTHON, "-m", "bench.stored", str(database), str(stored))
        for _ in range(rounds):
            for what, command in WHAT.items():
                if "differ" in what:
                    page += 1
                    profile.with_suffix(".xml").write_bytes(feed(0, ITEMS) + b"\n" * page)
                cost, said = workshop.run(SCAN, "-c", str(profile), *command, "--json")
                if command[0] == "run":
                    check(what, json.loads(said))
                yield Sample(CASE, f"{what}, {stored:,}", cost)


def check(what: str, said: dict[str, dict[str, int]]) -> None:
    """Look into what a run found."""
    unchanged = 0 if "differ" in what else SOURCES
    if (said["sources"]["unchanged"], said["items"]["unchanged"]) != (unchanged, SOURCES * ITEMS):
        raise Failed(f"{what}: it found {said['sources']}, {said['items']}")
