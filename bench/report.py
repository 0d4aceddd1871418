"""The figures as tables."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from bench import scale
from bench.budgets import CASES, MIB, Budget, Results, budgets
from bench.year import CASE, LOOKS

STARTS = ("python -c pass", "import click", "import all", "scan --version", "scan --help", "scan status")
WHO = {"fetch": "floor: fetch", "keep": "floor: fetch, lxml, SQLite", "scan": "scan run", "rss2email": "rss2email"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table, with its columns aligned for the terminal."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def render(results: Results) -> str:
    """Give the tables of what was measured."""
    tables = [
        starts(results) if results.has("start", "scan --help") else "",
        scans(results) if results.has("first", "scan") else "",
        years(results) if results.growth else "",
        stores(results) if any(sample.case == scale.CASE for sample in results.samples) else "",
        verdicts(budgets(results)),
    ]
    return "\n\n".join(filter(None, tables))


def starts(results: Results) -> str:
    """Give the cold starts."""
    rows = []
    for who in STARTS:
        cost = results.cost("start", who)
        over_pass = results.ratio("start", who, "python -c pass")
        over_click = results.ratio("start", who, "import click")
        rows.append((who, f"{cost.cpu * 1000:.0f}", f"{over_pass:.2f}", f"{over_click:.2f}"))
    return table(("start", "CPU ms", "/ pass", "/ import click"), rows)


def scans(results: Results) -> str:
    """Give the scans beside their floors."""
    rows = []
    for case in CASES:
        for who, name in WHO.items():
            if not results.has(case, who):
                continue
            cost = results.cost(case, who)
            requests, received = results.traffic(case, who)
            rows.append(
                (
                    case,
                    name,
                    f"{cost.cpu:.2f}",
                    f"{cost.wall:.2f}",
                    f"{cost.cpu / results.cost(case, 'fetch').cpu:.1f}",
                    f"{cost.cpu / results.cost(case, 'keep').cpu:.1f}",
                    f"{cost.peak / MIB:.0f}",
                    f"{cost.written / 1e6:.1f}",
                    str(requests),
                    f"{received / 1e6:.1f}",
                )
            )
    head = ("case", "who", "CPU s", "wall s", "/ fetch", "/ SQLite", "peak MiB", "written MB", "requests", "MB sent")
    return table(head, rows)


def years(results: Results) -> str:
    """Give what a profile grew to, and what looking at it then costs."""
    grown = [
        (str(one.days), f"{one.size / 1e6:.0f}", f"{one.items:,}", f"{one.logged:,}", f"{one.size / one.items:,.0f}")
        for one in results.growth
    ]
    looks = []
    for what in (*LOOKS, "run"):
        new, old = (results.cost(CASE, f"{what}, {age}").cpu * 1000 for age in ("new", "old"))
        ratio = results.ratio(CASE, f"{what}, old", f"{what}, new")
        looks.append((f"scan {what}", f"{new:.0f}", f"{old:.0f}", f"{ratio:.2f}"))
    return "\n\n".join(
        (
            table(("days", "MB", "items", "sources in the log", "bytes an item"), grown),
            table(("CPU ms", "new", "a year old", "ratio"), looks),
        )
    )


def stores(results: Results) -> str:
    """Give what runs cost by how much is stored."""
    rows = []
    for what in scale.WHAT:
        costs = [results.cost(scale.CASE, f"{what}, {number:,}") for number in scale.STORED]
        rows.append((f"scan {what}", *(f"{cost.cpu * 1000:.0f}" for cost in costs)))
    return table(("CPU ms, by items stored", *(f"{number:,}" for number in scale.STORED)), rows)


def verdicts(kept: Iterable[Budget]) -> str:
    """Give the budgets."""
    rows = [
        (
            budget.what,
            f"{budget.measured:.2f}{budget.unit}",
            f"{budget.limit:g}{budget.unit}",
            "ok" if budget.kept else "over",
        )
        for budget in kept
    ]
    return table(("budget", "measured", "at most", ""), rows)


def as_json(results: Results, kept: Iterable[Budget]) -> dict[str, object]:
    """Give everything, for a later look."""
    return {
        "samples": [asdict(sample) for sample in results.samples],
        "growth": [asdict(one) for one in results.growth],
        "matching": {str(searches): seconds for searches, seconds in results.matching.items()},
        "budgets": [asdict(budget) | {"kept": budget.kept} for budget in kept],
    }
