"""`make bench-quick` fails where a figure is half as much again as recorded, twice in a row."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.budgets import KEEP, STAGES
from bench.cases import CASES
from bench.matching import TEXTS
from bench.measure import Cost, Failed
from bench.parts import QUICK, Bench
from bench.results import Curve, Part, Results, cells
from bench.starts import CASE, CLICK, LIMITS
from bench.workshop import Sample

RECORDED = {"boards, first / each stage in C": 2.0}


def part(costs: Mapping[str, float], cases: Sequence[str] = CASES) -> Part:
    samples = [Sample(case, who, Cost(cpu, cpu, 1, 1)) for case in cases for who, cpu in costs.items()]
    return Part(measured="today", about="some sources", cells=cells(samples))


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *ratios: float) -> tuple[int, Iterator[float]]:
    """Run the command where scan takes so many times as long, each time; returns also what was not asked for."""
    left = iter(ratios)

    def boards(_: Bench) -> Part:
        try:
            return part({STAGES: 1, "scan": next(left)})
        except StopIteration:
            raise Failed("boards: measured once too often") from None

    recorded = folder / "recorded.json"
    recorded.write_text(json.dumps(RECORDED))
    monkeypatch.setattr(bench, "PARTS", {"boards": boards})
    monkeypatch.setattr(bench, "RECORDED", recorded)
    monkeypatch.setattr(sys, "argv", ["bench", "--quick", "--only", "boards", "--work", str(folder)])
    return bench.main(), left


@pytest.mark.parametrize(
    ("ratios", "status"),
    [
        ((2.0,), 0),
        ((3.0,), 0),
        ((3.1, 2.0), 0),
        ((3.1, 3.1), 1),
    ],
)
def test_what_is_over_is_measured_once_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ratios: tuple[float, ...], status: int
) -> None:
    assert run(monkeypatch, tmp_path, *ratios)[0] == status


def test_what_is_not_over_is_measured_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _, left = run(monkeypatch, tmp_path, 2.0, 9.0)

    assert list(left) == [9.0]


def test_a_scan_that_does_not_do_its_work_is_no_measurement(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path)[0] == 2
    assert "not measured: boards: measured once too often" in capsys.readouterr().err


def test_every_figure_of_a_quick_run_is_recorded_under_its_name() -> None:
    everything = {
        "starts": part(dict.fromkeys((CLICK, *LIMITS), 1.0), (CASE,)),
        "boards": part({STAGES: 1, "scan": 1}),
        "feeds": part({KEEP: 1, "scan": 1}),
        "matching": Part("today", "texts", curves=[Curve(texts, {10: 1.0, 1000: 1.0}, 0) for texts in TEXTS]),
    }
    assert everything.keys() == set(QUICK)

    held = bench.recorded(Results(machine="", parts=everything))

    assert [one.what for one in held if one.limit is None] == []
    assert len(held) == len(json.loads(bench.RECORDED.read_bytes())), "and nothing else"
