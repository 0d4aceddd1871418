"""What the figures may be at most (docs/performance.md says why); what is not measured has no budget."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bench import memory, scale, starts
from bench.cases import AGAIN, EDITED, FIRST, NEW, SAME, UNMODIFIED
from bench.idle import CASES as IDLE
from bench.idle import MANY
from bench.results import Part, Results
from bench.year import CASE, DAYS, LOOKS, SOURCES

MIB = 1024 * 1024
FETCH, PARSE, KEEP = "floor: fetch", "floor: fetch, parse", "floor: fetch, parse, SQLite"
STAGES = "floor: each stage in C"
PLAIN = "floor: aiohttp, lxml, SQLite"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a figure may be at most; without a limit it is there to be looked at."""

    what: str
    measured: float
    limit: float | None = None
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is."""
        return self.limit is None or self.measured <= self.limit


def budgets(results: Results) -> list[Budget]:
    """Hold the figures against the budgets."""
    return [
        budget
        for name, part in results.parts.items()
        for budget in PARTS.get(name, nothing)(part)
        if part.cells or part.curves
    ]


def starting(part: Part) -> Iterable[Budget]:
    """Hold the cold starts against an import."""
    for who, limit in starts.LIMITS.items():
        yield Budget(f"{who} / import click", part.ratio(starts.CASE, who, starts.CLICK), limit)


def boards(part: Part) -> Iterable[Budget]:
    """Hold scans of long texts against the sum of what each stage can cost."""
    for case, limit in {FIRST: 2.2, UNMODIFIED: 1.5, SAME: 1.3, AGAIN: 2, EDITED: 2}.items():
        yield Budget(f"boards, {case} / each stage in C", part.ratio(case, "scan", STAGES), limit)
    for case, limit in {FIRST: 120, UNMODIFIED: 80, SAME: 80}.items():
        yield Budget(f"boards, {case}, memory", part.cost(case, "scan").peak / MIB, limit, " MiB")
    for case in (UNMODIFIED, SAME):
        yield Budget(f"boards, {case}, written", part.cost(case, "scan").written / 1e6, 1, " MB")


def feeds(part: Part) -> Iterable[Budget]:
    """Compare scans of short texts with a floor that does much less."""
    for case in (FIRST, SAME, AGAIN, EDITED):
        yield Budget(f"feeds, {case} / fetch, parse, SQLite", part.ratio(case, "scan", KEEP))
    for case in (UNMODIFIED, SAME):
        yield Budget(f"feeds, {case}, written", part.cost(case, "scan").written / 1e6, 1, " MB")


def peers(part: Part) -> Iterable[Budget]:
    """Hold scans against those of others, where they could be had."""
    limits: dict[str, dict[str, float | None]] = {
        PLAIN: {FIRST: 3, UNMODIFIED: None, NEW: None, SAME: 2},
        "rss2email": {FIRST: 0.1, UNMODIFIED: 0.5, SAME: 0.1},
        "Scrapy": {FIRST: 1 / 3},
    }
    for who, cases in limits.items():
        for case, limit in cases.items():
            if part.has(case, who):
                yield Budget(f"peers, {case} / {who.removeprefix('floor: ')}", part.ratio(case, "scan", who), limit)


def matching(part: Part) -> Iterable[Budget]:
    """Hold many searches against few; what matches has to be told, so that it may cost something."""
    for curve in part.curves:
        few, many = min(curve.seconds), max(curve.seconds)
        limit = 3 if curve.matched < 1 else None
        yield Budget(f"{many:,} searches / {few}, {curve.texts}", curve.seconds[many] / curve.seconds[few], limit)


def idle(part: Part) -> Iterable[Budget]:
    """Hold runs in which nothing is due against their budget."""
    for case in IDLE:
        yield Budget(f"{MANY:,} sources, {case}, CPU", part.cost(case, "scan").cpu, 2, " s")


def room(part: Part) -> Iterable[Budget]:
    """Hold what runs take of memory against what there is."""
    for case in (memory.FIRST, memory.SAME):
        yield Budget(f"{case}, memory", part.cost(case, "scan").peak / MIB, 400, " MiB")
    few, many = (part.cost(case, "scan").peak for case in memory.FLAT.values())
    each = (many - few) / (memory.MANY - memory.FEW)
    yield Budget("each source more, memory", each / 1024, 8, " KiB")


def aged(part: Part) -> Iterable[Budget]:
    """Hold a profile that is a year old against a new one."""
    size = {one.days: one.size for one in part.growth}
    logged = {one.days: one.logged for one in part.growth}
    status = part.ratio(CASE, "status, old", starts.CLICK)
    yield Budget(f"scan status, {SOURCES} sources / import click", status, 2)
    for what, limit in (*((what, 1.2) for what in LOOKS), ("run", 1.3)):
        yield Budget(f"scan {what}, a year old / new", part.ratio(CASE, f"{what}, old", f"{what}, new"), limit)
    yield Budget("log, rows, a year / a quarter", logged[DAYS] / logged[DAYS // 4], 1.01)
    yield Budget("size, two years / one", size[2 * DAYS] / size[DAYS], 1.1)


def stored(part: Part) -> Iterable[Budget]:
    """Hold a database with much in it against one with little."""
    few, many = min(scale.STORED), max(scale.STORED)
    for what in scale.WHAT:
        ratio = part.ratio(scale.CASE, f"{what}, {many:,}", f"{what}, {few:,}")
        yield Budget(f"{what}, {many:,} items stored / {few:,}", ratio, 1.3)


def nothing(_: Part) -> Iterable[Budget]:
    """Hold nothing."""
    return ()


PARTS: Mapping[str, Callable[[Part], Iterable[Budget]]] = {
    "starts": starting,
    "boards": boards,
    "feeds": feeds,
    "peers": peers,
    "matching": matching,
    "idle": idle,
    "memory": room,
    "year": aged,
    "scale": stored,
}
