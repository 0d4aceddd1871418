from pathlib import Path

import pytest

from bench.measure import Cost
from bench.results import Curve, Part, Results, cells, load, save
from bench.server import Traffic
from bench.workshop import Sample
from bench.year import Growth


def sample(who: str, cpu: float, case: str = "first", traffic: Traffic | None = None) -> Sample:
    return Sample(case, who, Cost(cpu=cpu, wall=2 * cpu, peak=int(cpu * 10), written=7), traffic)


def part(*samples: Sample) -> Part:
    return Part(measured="30 November 2026", about="some feeds", cells=cells(samples))


def test_the_rounds_of_a_cell_are_gathered_in_order() -> None:
    traffic = Traffic({200: 3, 304: 1}, 900)

    (one, other) = cells([sample("a", 1), sample("b", 5), sample("a", 2, traffic=traffic)])

    assert (one.who, one.cpu, one.wall, one.written) == ("a", [1, 2], [2, 4], [7, 7])
    assert (one.requests, one.unmodified, one.bytes) == (4, 1, 900)
    assert (other.who, other.cpu, other.requests) == ("b", [5], 0)


def test_a_cell_is_the_median_of_each_figure_and_the_largest_memory() -> None:
    cost = part(sample("a", 9), sample("a", 1), sample("a", 2)).cost("first", "a")

    assert (cost.cpu, cost.wall, cost.peak) == (2, 4, 90)


def test_a_ratio_is_taken_round_by_round() -> None:
    # Each round is slower than the one before; of the medians the ratio would be 1.
    slowing = part(sample("a", 2), sample("b", 1), sample("a", 4), sample("b", 2), sample("a", 9), sample("b", 4))

    assert slowing.ratio("first", "a", "b") == 2


def test_who_takes_part_in_the_first_round_only_is_compared_in_that() -> None:
    assert part(sample("a", 2), sample("b", 1), sample("a", 40)).ratio("first", "a", "b") == 2


def test_what_was_not_measured_is_not_there() -> None:
    one = part(sample("a", 1))

    assert one.has("first", "a")
    assert not one.has("304", "a")
    with pytest.raises(KeyError):
        one.cost("304", "a")


def test_results_are_read_as_they_were_saved(tmp_path: Path) -> None:
    whole = Part(
        measured="30 November 2026",
        about="all there is",
        cells=cells([sample("a", 1, traffic=Traffic({200: 3}, 900)), sample("a", 2)]),
        curves=[Curve(texts="none", seconds={10: 1e-5, 1000: 2e-5}, matched=0.5)],
        growth=[Growth(days=91, size=1, items=2, logged=3)],
    )
    results = Results(machine="2 cores", parts={"feeds": whole})

    save(results, tmp_path / "results.json")

    assert load(tmp_path / "results.json") == results
    lines = (tmp_path / "results.json").read_text().splitlines()
    assert sum('"who"' in line for line in lines) == len(whole.cells), "a line a cell"


@pytest.mark.parametrize("before", [None, '{"parts": {"feeds": {"of": "another shape"}}}'])
def test_nothing_is_known_where_nothing_fits(tmp_path: Path, before: str | None) -> None:
    if before is not None:
        (tmp_path / "results.json").write_text(before)

    assert load(tmp_path / "results.json").parts == {}
