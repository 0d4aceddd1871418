"""`python -m bench`: measure, print tables. Ends with 1 where a budget is not kept, 2 where nothing is measured."""

import argparse
import json
import sys
from pathlib import Path

from bench.cases import Workshop, cold_start, scans
from bench.generate import Corpus, generate
from bench.measure import Failed
from bench.report import Results, as_json, budgets, render
from bench.server import find_nginx, free_port

WORK = Path(__file__).parents[1] / ".work" / "bench"


def main() -> int:
    """Run the benchmark."""
    options = arguments()
    corpus = Corpus(WORK / f"feeds-{options.feeds}-{options.items}", options.feeds, options.items)
    generate(corpus)
    raw, compressed = corpus.size()
    say(f"{corpus.feeds:,} feeds of {corpus.items} items: {raw / 1e6:.1f} MB, {compressed / 1e6:.1f} MB compressed")
    say(f"served by {find_nginx() or 'a small server in Python (nginx is not installed)'}")
    workshop = Workshop(WORK)
    try:
        samples = list(cold_start(workshop, corpus, options.starts))
        samples += scans(workshop, corpus, free_port(), options.rounds, say)
    except Failed as error:
        say(f"nothing was measured: {error}")
        return 2
    results = Results(samples)
    print(render(results))
    (WORK / "result.json").write_text(json.dumps(as_json(results), indent=1), encoding="utf-8")
    return 0 if all(budget.kept for budget in budgets(results)) else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare what scan costs with floors.")
    parser.add_argument("--feeds", type=int, default=1000, help="feeds to scan (%(default)s)")
    parser.add_argument("--items", type=int, default=50, help="items in each (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of the scans (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="of the cold starts (%(default)s)")
    return parser.parse_args()


def say(line: str) -> None:
    """Tell how far it is, apart from the result."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
