"""`python -m bench`: measure, print tables. Ends with 1 where a budget is not kept, 2 where nothing is measured.

With `--quick` it measures less, and a budget is what was recorded in `recorded.json`, and half as much again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.budgets import Budget, Results, budgets
from bench.cases import Workshop, cold_start, idle, scans
from bench.generate import Corpus, generate
from bench.measure import Failed
from bench.report import as_json, render, verdicts
from bench.scale import scale
from bench.server import find_nginx, free_port
from bench.year import Growth, grow, look

WORK = Path(__file__).parents[1] / ".work" / "bench"
RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 1.5
SEARCHES = (10, 100, 1000)


def main() -> int:
    """Run the benchmark."""
    options = arguments()
    corpus = Corpus(WORK / f"feeds-{options.feeds}-{options.items}", options.feeds, options.items)
    generate(corpus)
    workshop = Workshop(WORK)
    try:
        results = options.measure(workshop, corpus, options)
    except Failed as error:
        say(f"nothing was measured: {error}")
        return 2
    kept = budgets(results)
    print(render(results))
    (WORK / "result.json").write_text(json.dumps(as_json(results, kept), indent=1), encoding="utf-8")
    if options.record:
        RECORDED.write_text(json.dumps({one.what: round(one.measured, 3) for one in kept}, indent=1) + "\n", "utf-8")
    if options.quick:
        kept = recorded(kept)
        print(f"\nAgainst what was recorded:\n\n{verdicts(kept)}")
    return 0 if all(budget.kept for budget in kept) else 1


def everything(workshop: Workshop, corpus: Corpus, options: argparse.Namespace) -> Results:
    """Measure all there is; less of it with `--quick`."""
    raw, compressed = corpus.size()
    say(f"{corpus.feeds:,} feeds of {corpus.items} items: {raw / 1e6:.1f} MB, {compressed / 1e6:.1f} MB compressed")
    say(f"served by {find_nginx() or 'a small server in Python (nginx is not installed)'}")
    samples = list(cold_start(workshop, corpus, options.starts))
    samples += scans(workshop, corpus, free_port(), options.rounds, say, peers=not options.quick)
    growth: list[Growth] = []
    if not options.quick:
        samples += idle(workshop)
        growth = grow(workshop, say)
        samples += look(workshop, options.rounds, say)
    from bench.matching import cost  # not before: what a process measures begins with this one's memory

    return Results(samples, {searches: cost(corpus, searches) for searches in SEARCHES}, growth)


def aging(workshop: Workshop, corpus: Corpus, options: argparse.Namespace) -> Results:
    """Measure only what a profile grows to, and what it then costs."""
    samples = list(cold_start(workshop, corpus, options.starts))
    growth = grow(workshop, say)
    samples += look(workshop, options.rounds, say)
    return Results(samples, growth=growth)


def scaling(workshop: Workshop, _: Corpus, options: argparse.Namespace) -> Results:
    """Measure only what runs cost by how much is stored."""
    return Results(list(scale(workshop, options.rounds, say)))


def recorded(measured: Sequence[Budget]) -> list[Budget]:
    """Hold the figures against those recorded, with room for the machine's moods."""
    limits = json.loads(RECORDED.read_bytes())
    return [
        Budget(one.what, one.measured, round(limits[one.what] * TOLERANCE, 2), one.unit)
        for one in measured
        if one.what in limits
    ]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare what scan costs with floors.")
    parser.add_argument("--quick", action="store_true", help="in under two minutes, against what was recorded")
    only = parser.add_mutually_exclusive_group()
    parser.set_defaults(measure=everything)
    year, stored = "only what a profile grows to in two years", "only what runs cost with 5,000,000 items stored (4 GB)"
    only.add_argument("--year", dest="measure", action="store_const", const=aging, help=year)
    only.add_argument("--scale", dest="measure", action="store_const", const=scaling, help=stored)
    parser.add_argument("--record", action="store_true", help="record the figures as what --quick compares with")
    parser.add_argument("--feeds", type=int, help="feeds to scan (1000; quick: 200)")
    parser.add_argument("--items", type=int, default=50, help="items in each (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of the scans (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="of the cold starts (%(default)s)")
    options = parser.parse_args()
    if options.measure is not everything and (options.quick or options.record):
        parser.error("--year and --scale go alone")
    options.feeds = options.feeds or (200 if options.quick else 1000)
    return options


def say(line: str) -> None:
    """Tell how far it is, apart from the result."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
