"""What was measured, part by part: kept as JSON, so that parts can be measured apart and at different times."""

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from bench.measure import Cost, median
from bench.workshop import Sample
from bench.year import Growth

INNERMOST = re.compile(r"\{[^{}]*\}")


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contestant in one case: each figure round by round; what the server saw is the same in every round.

    Attributes:
        unmodified: of the requests, those that were answered with 304.
        bytes: that the server sent.

    """

    case: str
    who: str
    cpu: list[float]
    wall: list[float]
    peak: list[int]
    written: list[int]
    requests: int = 0
    unmodified: int = 0
    bytes: int = 0

    @property
    def cost(self) -> Cost:
        """The median of each figure."""
        rounds = zip(self.cpu, self.wall, self.peak, self.written, strict=True)
        return median([Cost(*one) for one in rounds])


class Curve(msgspec.Struct, frozen=True):
    """What matching an item costs, by the number of searches.

    Attributes:
        texts: what they hold of what is looked for.
        seconds: by the number of searches.
        matched: searches a text, of the largest number.

    """

    texts: str
    seconds: dict[int, float]
    matched: float


class Part(msgspec.Struct, frozen=True, omit_defaults=True, dict=True):
    """One part of the benchmark.

    Attributes:
        measured: the day.
        about: what was measured, and on what.

    """

    measured: str
    about: str
    cells: list[Cell] = []
    curves: list[Curve] = []
    growth: list[Growth] = []

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], Cell]:
        return {(cell.case, cell.who): cell for cell in self.cells}

    @property
    def contestants(self) -> list[str]:
        """Who was measured, in the order in which they were."""
        return list(dict.fromkeys(cell.who for cell in self.cells))

    def has(self, case: str, who: str) -> bool:
        """Tell whether that was measured."""
        return (case, who) in self._cells

    def cell(self, case: str, who: str) -> Cell:
        """Give one contestant in one case."""
        return self._cells[case, who]

    def cost(self, case: str, who: str) -> Cost:
        """Give the median of one cell."""
        return self.cell(case, who).cost

    def ratio(self, case: str, who: str, beside: str) -> float:
        """Compare the processor time of two, round by round: what slows one round slows both.

        Those who take long take part in the first rounds only.
        """
        pairs = zip(self.cell(case, who).cpu, self.cell(case, beside).cpu, strict=False)
        return statistics.median(mine / theirs for mine, theirs in pairs)


class Results(msgspec.Struct, frozen=True):
    """All parts that were measured, by name."""

    machine: str
    parts: dict[str, Part] = {}


def cells(samples: Iterable[Sample]) -> list[Cell]:
    """Gather the rounds of each contestant in each case."""
    gathered: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        gathered.setdefault((sample.case, sample.who), []).append(sample)
    return [_cell(*key, rounds) for key, rounds in gathered.items()]


def _cell(case: str, who: str, rounds: Sequence[Sample]) -> Cell:
    costs = [sample.cost for sample in rounds]
    traffic = rounds[-1].traffic
    return Cell(
        case=case,
        who=who,
        cpu=[round(cost.cpu, 4) for cost in costs],
        wall=[round(cost.wall, 4) for cost in costs],
        peak=[cost.peak for cost in costs],
        written=[cost.written for cost in costs],
        requests=sum(traffic.statuses.values()) if traffic else 0,
        unmodified=traffic.statuses.get(304, 0) if traffic else 0,
        bytes=traffic.bytes if traffic else 0,
    )


def load(path: Path) -> Results:
    """Read what was measured before; nothing where there is no such file, or one of another shape."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Results)
    except (FileNotFoundError, msgspec.ValidationError):
        return Results(machine="")


def save(results: Results, path: Path) -> None:
    """Write what was measured, a line a cell."""
    text = msgspec.json.format(msgspec.json.encode(results), indent=1).decode()
    path.write_text(INNERMOST.sub(lambda found: " ".join(found[0].split()), text) + "\n", encoding="utf-8")
