"""Two weeks in a world that misbehaves: `make soak`. Prints what came of it and keeps it in docs/reliability.md."""

import argparse
import sys
from collections.abc import Iterator
from datetime import timedelta

from tests.reliability import keep, say
from tests.soak.faults import Weather
from tests.soak.soak import EVERY, Findings, Length, Soak

TWO_WEEKS = Length(
    runs=14 * 96, fair=96, sources=200, weather=Weather(rate=0.08, slow_runs=0.04), looked_after=96, patience="5s"
)


def table(seed: int, length: Length, found: Findings) -> Iterator[str]:
    """Write what came of it, in Markdown."""
    days = length.runs * EVERY / timedelta(days=1)
    yield f"Seed {seed}; {length.sources} sources, {length.runs:,} runs, {days:g} days."
    yield ""
    yield "| | |"
    yield "|---|---|"
    for name, number in sorted(found.runs.items(), key=lambda pair: -pair[1]):
        yield f"| runs {name} | {number:,} |"
    yield f"| requests | {found.requests:,} |"
    yield f"| items served in answers that could be read | {found.items:,} |"
    yield f"| of them only served to runs that did not end by themselves | {found.unseen:,} |"
    yield f"| items in the database | {found.stored:,} |"
    yield f"| postings that matched, each told to three recipients | {found.postings:,} |"
    yield f"| messages | {found.messages:,} |"
    yield f"| copies, where nobody could know, of the same identity and bytes | {found.copies:,} |"
    yield f"| lost | {_count(found, 'lost', 'matched, and not told')} |"
    yield f"| doubled | {_count(found, 'doubled', 'sent again', 'another message')} |"
    yield f"| otherwise at odds with the ledger | {len(found.broken) - _count(found, *TOLD_WRONG)} |"
    yield f"| longest time that a source was not asked | {found.silence / timedelta(hours=1):g} hours |"
    yield ""
    yield "| what went wrong on purpose | times |"
    yield "|---|---|"
    for name, number in sorted(found.happened.items()):
        yield f"| {name} | {number:,} |"


TOLD_WRONG = ("lost", "matched, and not told", "doubled", "sent again", "another message")


def _count(found: Findings, *beginnings: str) -> int:
    return sum(breach.startswith(beginnings) for breach in found.broken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="make soak")
    parser.add_argument("--seed", type=int, required=True)
    seed = parser.parse_args().seed
    say(f"seed {seed}")
    with Soak(TWO_WEEKS, seed) as soak:
        found = soak.play(lambda text: say(f"\r{text}", end=""))
    lines = list(table(seed, TWO_WEEKS, found))
    say("\n" + "\n".join(lines))
    for breach in found.broken:
        say(f"BROKEN {breach}")
    keep("soak", lines)
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
