"""The figures as tables, and those tables in a page: each between two marks, so that the prose around them stays."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from bench import scale, starts
from bench.budgets import MIB, Budget, budgets
from bench.cases import CASES
from bench.results import Part, Results
from bench.year import CASE, LOOKS

MARKED = re.compile(r"(<!-- bench: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table, with its columns aligned for the terminal."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def render(results: Results) -> str:
    """Give the tables of all parts, for the terminal."""
    return "\n\n".join(section(name, part) for name, part in results.parts.items())


def fill(page: str, results: Results) -> str:
    """Write the tables into a page: that of a part between `<!-- bench: PART -->` and `<!-- end -->`.

    What was not measured stays as it is.
    """
    tables = {name: section(name, part) for name, part in results.parts.items()}
    tables |= {"machine": results.machine, "budgets": verdicts(budgets(results))}

    def filled(found: re.Match[str]) -> str:
        text = tables.get(found[2])
        return found[0] if text is None else f"{found[1]}\n{text}\n\n{found[3]}"

    return MARKED.sub(filled, page)


def section(name: str, part: Part) -> str:
    """Give what was measured in one part."""
    return f"{part.about} ({part.measured})\n\n{TABLES[name](part)}"


def cold(part: Part) -> str:
    """Give the cold starts."""
    rows = []
    for who in part.contestants:
        over_pass = part.ratio(starts.CASE, who, starts.PASS)
        over_click = part.ratio(starts.CASE, who, starts.CLICK)
        rows.append((who, milliseconds(part, starts.CASE, who), f"{over_pass:.2f}", f"{over_click:.2f}"))
    return table(("start", "CPU ms", "/ pass", "/ import click"), rows)


def contest(part: Part) -> str:
    """Give the scans, case by case, and how often its processor time `scan run` takes."""
    rows = []
    for case in CASES:
        for who in part.contestants:
            if part.has(case, who):
                cell, cost = part.cell(case, who), part.cost(case, who)
                rows.append(
                    (
                        case,
                        who,
                        f"{cost.cpu:.2f}",
                        f"{cost.wall:.2f}",
                        f"{part.ratio(case, 'scan', who):.2f}",
                        f"{cost.peak / MIB:.0f}",
                        f"{cost.written / 1e6:.1f}",
                        f"{cell.requests:,}",
                        f"{cell.unmodified:,}",
                        f"{cell.bytes / 1e6:.1f}",
                    )
                )
    return table(
        ("case", "who", "CPU s", "wall s", "scan / it", "peak MiB", "written MB", "requests", "304", "MB sent"), rows
    )


def curves(part: Part) -> str:
    """Give what matching costs."""
    rows = [
        (curve.texts, *(f"{seconds * 1e6:.0f}" for seconds in curve.seconds.values()), f"{curve.matched:g}")
        for curve in part.curves
    ]
    numbers = [f"{number:,} searches" for number in part.curves[0].seconds]
    return table(("CPU µs a text of 2 KB", *numbers, "of which match"), rows)


def runs(part: Part) -> str:
    """Give runs, each with what it took."""
    rows = []
    for cell in part.cells:
        cost = cell.cost
        rows.append((cell.case, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak / MIB:.0f}"))
    return table(("case", "CPU s", "wall s", "peak MiB"), rows)


def year(part: Part) -> str:
    """Give what a profile grew to, and what looking at it then costs."""
    grown = [
        (str(one.days), f"{one.size / 1e6:.0f}", f"{one.items:,}", f"{one.logged:,}", f"{one.size / one.items:,.0f}")
        for one in part.growth
    ]
    looks = []
    for what in (*LOOKS, "run"):
        new, old = (f"{what}, {age}" for age in ("new", "old"))
        ratio = f"{part.ratio(CASE, old, new):.2f}"
        looks.append((f"scan {what}", milliseconds(part, CASE, new), milliseconds(part, CASE, old), ratio))
    return "\n\n".join(
        (
            table(("days", "MB", "items", "sources in the log", "bytes an item"), grown),
            table(("CPU ms", "new", "a year old", "ratio"), looks),
        )
    )


def stored(part: Part) -> str:
    """Give what runs cost by how much is stored."""
    rows = [
        (f"scan {what}", *(milliseconds(part, scale.CASE, f"{what}, {number:,}") for number in scale.STORED))
        for what in scale.WHAT
    ]
    return table(("CPU ms, by items stored", *(f"{number:,}" for number in scale.STORED)), rows)


def milliseconds(part: Part, case: str, who: str) -> str:
    """Give the processor time of one cell."""
    return f"{part.cost(case, who).cpu * 1000:.0f}"


def verdicts(kept: Iterable[Budget]) -> str:
    """Give the budgets."""
    rows = [
        (
            budget.what,
            f"{budget.measured:.2f}{budget.unit}",
            "" if budget.limit is None else f"{budget.limit:.3g}{budget.unit}",
            "" if budget.limit is None else "ok" if budget.kept else "over",
        )
        for budget in kept
    ]
    return table(("budget", "measured", "at most", ""), rows)


TABLES: Mapping[str, Callable[[Part], str]] = {
    "starts": cold,
    "boards": contest,
    "feeds": contest,
    "peers": contest,
    "matching": curves,
    "idle": runs,
    "memory": runs,
    "year": year,
    "scale": stored,
}
