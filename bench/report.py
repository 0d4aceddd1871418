"""The figures as tables, and beside them what they may be."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bench.cases import MANY, Sample
from bench.measure import Cost, median
from bench.year import CASE, DAYS, LOOKS, SOURCES, Growth

MIB = 1024 * 1024
STARTS = ("python -c pass", "import click", "import all", "scan --version", "scan --help", "scan status")
CASES = ("first", "304", "same body", "bytes differ", "1 % changed")
WHO = {"fetch": "floor: fetch", "keep": "floor: fetch, lxml, SQLite", "scan": "scan run", "rss2email": "rss2email"}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a figure may be at most (docs/performance.md says why)."""

    what: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is."""
        return self.measured <= self.limit


@dataclass(frozen=True)
class Results:
    """All samples of one run, what matching an item costs (seconds) by the number of searches, how a profile grew."""

    samples: Sequence[Sample]
    matching: Mapping[int, float] = field(default_factory=dict)
    growth: Sequence[Growth] = ()

    def has(self, case: str, who: str) -> bool:
        """Tell whether that was measured."""
        return any((sample.case, sample.who) == (case, who) for sample in self.samples)

    def cost(self, case: str, who: str) -> Cost:
        """Give the median of one cell."""
        return median([sample.cost for sample in self.samples if (sample.case, sample.who) == (case, who)])

    def ratio(self, case: str, who: str, beside: str) -> float:
        """Compare the processor time of two, round by round: what slows one round slows both."""
        pairs = zip(self._cpu(case, who), self._cpu(case, beside), strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)

    def _cpu(self, case: str, who: str) -> list[float]:
        return [sample.cost.cpu for sample in self.samples if (sample.case, sample.who) == (case, who)]

    def least(self, case: str) -> float:
        """Give the processor seconds of importing what `scan run` is built on, and of bare fetching."""
        start = self.cost("start", "import all").cpu - self.cost("start", "python -c pass").cpu
        return start + self.cost(case, "fetch").cpu

    def traffic(self, case: str, who: str) -> tuple[int, int]:
        """Give requests and bytes of one cell, which are the same in every round."""
        seen = [sample.traffic for sample in self.samples if (sample.case, sample.who) == (case, who)]
        last = seen[-1]
        return (sum(last.statuses.values()), last.bytes) if last else (0, 0)


def budgets(results: Results) -> list[Budget]:
    """Hold the figures against the budgets."""
    scan = {case: results.cost(case, "scan") for case in CASES}
    few, many = min(results.matching), max(results.matching)
    return [
        Budget("scan --version / import click", results.ratio("start", "scan --version", "import click"), 1.4),
        Budget("scan --help / import click", results.ratio("start", "scan --help", "import click"), 1.4),
        Budget("scan status / import click", results.ratio("start", "scan status", "import click"), 2),
        Budget("first scan / fetch, lxml, SQLite", results.ratio("first", "scan", "keep"), 3),
        Budget("304 / imports and fetch", scan["304"].cpu / results.least("304"), 1.5),
        Budget("same body / imports and fetch", scan["same body"].cpu / results.least("same body"), 1.3),
        Budget("same body / fetch, lxml, SQLite", results.ratio("same body", "scan", "keep"), 2),
        Budget("bytes differ / fetch, lxml, SQLite", results.ratio("bytes differ", "scan", "keep"), 2),
        Budget("1 % changed / fetch, lxml, SQLite", results.ratio("1 % changed", "scan", "keep"), 2),
        Budget(f"matching, {many:,} searches / {few}", results.matching[many] / results.matching[few], 3),
        *against_peers(results),
        Budget("first scan, memory", scan["first"].peak / MIB, 120, " MiB"),
        Budget("304, memory", scan["304"].peak / MIB, 80, " MiB"),
        Budget("same body, memory", scan["same body"].peak / MIB, 80, " MiB"),
        Budget("304, written", scan["304"].written / 1e6, 1, " MB"),
        Budget("same body, written", scan["same body"].written / 1e6, 1, " MB"),
        *idle(results),
        *aged(results),
    ]


def against_peers(results: Results) -> list[Budget]:
    """Hold the figures against rss2email's, where it was there."""
    limits = {"first": 0.1, "304": 0.5, "same body": 0.1}
    return [
        Budget(f"{case} / rss2email", results.cost(case, "scan").cpu / results.cost(case, "rss2email").cpu, limit)
        for case, limit in limits.items()
        if results.has(case, "rss2email")
    ]


def idle(results: Results) -> list[Budget]:
    """Hold a run in which nothing is due against its budget, where it was measured."""
    cases = {
        "nothing due": f"{MANY:,} sources, nothing due, CPU",
        "no row due": f"{MANY:,} rows of a list, nothing due, CPU",
    }
    known = {case: name for case, name in cases.items() if results.has(case, "scan")}
    return [Budget(name, results.cost(case, "scan").cpu, 2, " s") for case, name in known.items()]


def aged(results: Results) -> list[Budget]:
    """Hold a profile that is a year old against a new one, where that was measured."""
    if not results.growth:
        return []
    size = {one.days: one.size for one in results.growth}
    logged = {one.days: one.logged for one in results.growth}
    looks = [
        Budget(f"scan {what}, a year old / new", results.ratio(CASE, f"{what}, old", f"{what}, new"), limit)
        for what, limit in (*((what, 1.2) for what in LOOKS), ("run", 1.3))
    ]
    click = results.cost("start", "import click").cpu
    status = results.cost(CASE, "status, old").cpu
    return [
        Budget(f"scan status, {SOURCES} sources / import click", status / click, 2),
        *looks,
        Budget("log, rows, a year / a quarter", logged[DAYS] / logged[DAYS // 4], 1.01),
        Budget("size, two years / one", size[2 * DAYS] / size[DAYS], 1.1),
    ]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table, with its columns aligned for the terminal."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def render(results: Results) -> str:
    """Give all tables."""
    tables = [starts(results), scans(results), *([years(results)] if results.growth else [])]
    return "\n\n".join((*tables, verdicts(budgets(results))))


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
