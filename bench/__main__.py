"""`python -m bench`: measure, print tables. Ends with 1 where a budget is not kept, 2 where nothing is measured.

With `--quick` it measures less, and a budget is what was recorded in `recorded.json`, and half as much again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from bench.budgets import Budget, budgets
from bench.measure import Failed
from bench.parts import PARTS, QUICK, Bench, Size, machine
from bench.report import fill, render, verdicts
from bench.results import Results, load, save
from bench.workshop import Workshop

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".work" / "bench"
PAGE = ROOT / "docs" / "performance.md"
RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 1.5


def main() -> int:
    """Run the benchmark."""
    options = arguments()
    kept = PAGE.with_suffix(".json") if options.publish else WORK / ("quick.json" if options.quick else "results.json")
    size = Size(
        rounds=options.rounds,
        starts=options.starts,
        feeds=options.feeds,
        boards=options.boards,
        peer_feeds=options.peers,
        all_floors=not options.quick,
    )
    bench = Bench(Workshop(WORK), size, say)
    WORK.mkdir(parents=True, exist_ok=True)
    known = {} if options.quick else load(kept).parts
    try:
        measured = {name: PARTS[name](bench) for name in options.only}
    except Failed as error:
        say(f"nothing was measured: {error}")
        return 2
    merged = known | measured
    results = Results(machine=machine(), parts={name: merged[name] for name in PARTS if name in merged})
    save(results, kept)
    if options.publish:
        PAGE.write_text(fill(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    new = msgspec.structs.replace(results, parts=measured)
    print(render(new))
    held = budgets(new)
    if options.record:
        RECORDED.write_text(json.dumps({one.what: round(one.measured, 3) for one in held}, indent=1) + "\n", "utf-8")
    if options.quick:
        held = recorded(held)
        print(f"\nAgainst what was recorded:\n\n{verdicts(held)}")
    return 0 if all(budget.kept for budget in held) else 1


def recorded(measured: Sequence[Budget]) -> list[Budget]:
    """Hold the figures against those recorded, with room for the machine's moods; what is not recorded has no limit."""
    limits = {what: figure * TOLERANCE for what, figure in json.loads(RECORDED.read_bytes()).items()}
    return [replace(one, limit=limits.get(one.what)) for one in measured]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare what scan costs with floors.")
    parser.add_argument("--only", type=parts, help=f"measure only these parts of {','.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="in under two minutes, against what was recorded")
    parser.add_argument("--record", action="store_true", help="record the figures as what --quick compares with")
    parser.add_argument("--publish", action="store_true", help=f"write the figures into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--feeds", type=int, help="feeds to scan (1000; quick: 200)")
    parser.add_argument("--boards", type=int, help="boards, feeds and pages with long texts (1000; quick: 60)")
    parser.add_argument("--peers", type=int, default=500, help="feeds to scan beside the peers (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of everything but the starts (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="of the cold starts (%(default)s)")
    options = parser.parse_args()
    if (options.record and not options.quick) or (options.publish and options.quick):
        parser.error("--record goes with --quick, --publish without it")
    options.only = options.only or (QUICK if options.quick else tuple(PARTS))
    options.feeds = options.feeds or (200 if options.quick else 1000)
    options.boards = options.boards or (60 if options.quick else 1000)
    return options


def parts(text: str) -> list[str]:
    """Read names of parts.

    Raises:
        argparse.ArgumentTypeError: there is no such part.

    """
    names = text.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part: {', '.join(unknown)}; they are {', '.join(PARTS)}")
    return names


def say(line: str) -> None:
    """Tell how far it is, apart from the result."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
