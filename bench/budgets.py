"""What the figures may be at most; what is not measured has no budget."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench import scale
from bench.cases import MANY, Sample
from bench.measure import Cost, median
from bench.year import CASE, DAYS, LOOKS, SOURCES, Growth

MIB = 1024 * 1024
CASES = ("first", "304", "same body", "bytes differ", "1 % changed")


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
    parts = (starting, scanning, matching, against_peers, idle, aged, stored)
    return [budget for part in parts for budget in part(results)]


def starting(results: Results) -> Iterable[Budget]:
    """Hold the cold starts against an import."""
    if results.has("start", "scan --help"):
        for what, limit in (("--version", 1.4), ("--help", 1.4), ("status", 2)):
            ratio = results.ratio("start", f"scan {what}", "import click")
            yield Budget(f"scan {what} / import click", ratio, limit)


def scanning(results: Results) -> Iterable[Budget]:
    """Hold whole scans against their floors."""
    if not results.has("first", "scan"):
        return
    scan = {case: results.cost(case, "scan") for case in CASES}
    for case, limit in (("304", 1.5), ("same body", 1.3)):
        yield Budget(f"{case} / imports and fetch", scan[case].cpu / results.least(case), limit)
    for case, limit in (("first scan", 3), ("same body", 2), ("bytes differ", 2), ("1 % changed", 2)):
        ratio = results.ratio(case.removesuffix(" scan"), "scan", "keep")
        yield Budget(f"{case} / fetch, lxml, SQLite", ratio, limit)
    yield Budget("first scan, memory", scan["first"].peak / MIB, 120, " MiB")
    for case in ("304", "same body"):
        yield Budget(f"{case}, memory", scan[case].peak / MIB, 80, " MiB")
        yield Budget(f"{case}, written", scan[case].written / 1e6, 1, " MB")


def matching(results: Results) -> Iterable[Budget]:
    """Hold many searches against few."""
    if results.matching:
        few, many = min(results.matching), max(results.matching)
        yield Budget(f"matching, {many:,} searches / {few}", results.matching[many] / results.matching[few], 3)


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


def stored(results: Results) -> Iterable[Budget]:
    """Hold a database with much in it against one with little, where that was measured."""
    few, many = min(scale.STORED), max(scale.STORED)
    if results.has(scale.CASE, f"status, {many:,}"):
        for what in scale.WHAT:
            ratio = results.ratio(scale.CASE, f"{what}, {many:,}", f"{what}, {few:,}")
            yield Budget(f"{what}, {many:,} items stored / {few:,}", ratio, 1.3)
