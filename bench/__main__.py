"""`python -m bench`: measure, print tables. Ends with 1 where a budget is not kept, 2 where nothing is measured.

With `--quick` it measures less, and a budget is what was recorded in `recorded.json`, and half as much again.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.budgets import Budget, budgets
from bench.chart import charts
from bench.measure import Failed
from bench.parts import PARTS, QUICK, Bench, Size, machine
from bench.report import fill, render, verdicts
from bench.results import Part, Results, load, save
from bench.workshop import Workshop

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".work" / "bench"
PAGE = ROOT / "docs" / "performance.md"
RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 1.5


def main() -> int:
    """Run the benchmark."""
    options = arguments()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    size = Size(
        rounds=options.rounds,
        starts=options.starts,
        feeds=options.feeds,
        boards=options.boards,
        peer_feeds=options.peers,
        all_floors=not options.quick,
    )
    bench = Bench(Workshop(work), size, say)
    try:
        return quick(bench, options) if options.quick else full(bench, options)
    except Failed as error:
        say(f"not measured: {error}")
        return 2


def full(bench: Bench, options: argparse.Namespace) -> int:
    """Measure parts, put each down as soon as it is measured, and hold them against the budgets."""
    file = PAGE.with_suffix(".json") if options.publish else options.work / "results.json"
    measured: dict[str, Part] = {}
    for name in options.only:
        measured[name] = PARTS[name](bench)
        merged = load(file).parts | measured
        put_down(Results(machine=machine(), parts={one: merged[one] for one in PARTS if one in merged}), file)
    return judge(Results(machine=machine(), parts=measured), budgets)


def quick(bench: Bench, options: argparse.Namespace) -> int:
    """Measure some, and hold it against what was recorded; what is over is measured once more before it is believed."""
    measured = {name: PARTS[name](bench) for name in options.only}
    if options.record:
        record(Results(machine=machine(), parts=measured))
    over = [
        name
        for name, part in measured.items()
        if not all(one.kept for one in recorded(Results(machine=machine(), parts={name: part})))
    ]
    measured |= {name: PARTS[name](bench) for name in over}
    results = Results(machine=machine(), parts=measured)
    save(results, options.work / "quick.json")
    return judge(results, recorded)


def judge(results: Results, against: Callable[[Results], list[Budget]]) -> int:
    """Print the tables and what is over; returns the exit status."""
    held = against(results)
    print(f"{render(results)}\n\n{verdicts(held)}")
    return 0 if all(budget.kept for budget in held) else 1


def put_down(results: Results, file: Path) -> None:
    """Write the figures, the pictures beside them, and, where there is one beside them, the page."""
    save(results, file)
    for name, picture in charts(results.parts).items():
        file.with_name(f"{file.stem}-{name}.svg").write_text(picture, encoding="utf-8")
    page = file.with_suffix(".md")
    if page.exists():
        page.write_text(fill(page.read_text(encoding="utf-8"), results), encoding="utf-8")


def record(results: Results) -> None:
    """Keep the figures."""
    figures = {one.what: round(one.measured, 3) for one in budgets(results)}
    RECORDED.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def recorded(results: Results) -> list[Budget]:
    """Hold the figures against those recorded, with room for the machine's moods; what is not recorded has no limit."""
    limits = {what: figure * TOLERANCE for what, figure in json.loads(RECORDED.read_bytes()).items()}
    return [replace(one, limit=limits.get(one.what)) for one in budgets(results)]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare what scan costs with floors.")
    parser.add_argument("--only", type=parts, help=f"measure only these parts of {','.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="in under two minutes, against what was recorded")
    parser.add_argument("--record", action="store_true", help="keep the figures as what --quick compares with")
    parser.add_argument("--publish", action="store_true", help=f"write the figures into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--feeds", type=int, help="feeds to scan (1000; quick: 100)")
    parser.add_argument("--boards", type=int, help="boards, feeds and pages with long texts (1000; quick: 40)")
    parser.add_argument("--peers", type=int, default=500, help="feeds to scan beside the peers (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of everything but the starts (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="of the cold starts (%(default)s)")
    parser.add_argument("--work", type=Path, default=WORK, help=f"where to make everything ({WORK.relative_to(ROOT)})")
    options = parser.parse_args()
    if (options.record and not options.quick) or (options.publish and options.quick):
        parser.error("--record goes with --quick, --publish without it")
    options.only = options.only or (QUICK if options.quick else tuple(PARTS))
    options.feeds = options.feeds or (100 if options.quick else 1000)
    options.boards = options.boards or (40 if options.quick else 1000)
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
