"""What services allow, and what a config asks: what is a default, and what is warned of."""

from datetime import timedelta
from pathlib import Path

import pytest

from scan.config.loading import load
from scan.config.model import Config
from scan.sources import KINDS
from tests.config.configs import write

REMOTIVE = "kind: remotive"


def read(folder: Path, text: str) -> Config:
    return load(write(folder, text), environ={})


def one(folder: Path, entry: str, more: str = "") -> Config:
    return read(folder, f"{more}\nsources: [{{name: a, {entry}}}]\n")


@pytest.mark.parametrize(
    ("entry", "more", "every"),
    [
        (REMOTIVE, "", "6h"),
        (REMOTIVE, "every: 12h", "12h"),
        (f"{REMOTIVE}, every: 1h", "", "1h"),
        (f"{REMOTIVE}, url: 'file:a.json'", "", "15m"),
        ("kind: jazzhr, tenant: a", "", "12h"),
        ("kind: rippling, board: a", "", "15m"),
        ("kind: greenhouse, board: a", "every: 1m", "1m"),
    ],
)
def test_a_source_is_due_as_often_as_it_says_else_as_its_service_allows(
    tmp_path: Path, entry: str, more: str, every: str
) -> None:
    config = one(tmp_path, entry, more)

    hours = {"m": 1 / 60, "h": 1}[every[-1]] * int(every[:-1])
    assert config.every_of(config.sources[0]) == timedelta(hours=hours)
    assert bool(config.warnings) == (every == "1h")


def test_who_asks_more_often_than_a_service_allows_is_warned(tmp_path: Path) -> None:
    text = "sources:\n  - {name: a, kind: remotive, every: 15m}\n  - {name: b, kind: jazzhr, tenant: b, every: 1h}\n"
    found = [warning.removeprefix(f"{tmp_path}/scan.yaml:") for warning in read(tmp_path, text).warnings]

    allows = "remotive allows 4 requests in 1 d, 30 s apart; 6h or longer would be right"
    assert found == [
        f"2:38: sources[0].every: {allows}",
        "3:47: sources[1].every: jazzhr makes its answer anew once in a while only; 12h or longer would be right",
    ]


def test_many_sources_of_one_service_are_counted_together(tmp_path: Path) -> None:
    def boards(count: int, every: str) -> Config:
        rows = "".join(f"  - {{name: b{n}, kind: rippling, board: b{n}}}\n" for n in range(count))
        return read(tmp_path, f"every: {every}\nsources:\n{rows}")

    assert boards(150, "15m").warnings == boards(100, "10m").warnings == ()
    (warning,) = boards(200, "15m").warnings
    assert "200 sources of kind rippling, asked 133 times in 10 min; allowed are 100 requests in 10 min" in warning
    assert "every: 20m would be right" in warning


def test_a_calendar_counts_as_what_it_comes_to(tmp_path: Path) -> None:
    five = "".join(f"  - {{name: b{n}, kind: remotive, search: s{n}}}\n" for n in range(5))
    daily = read(tmp_path, f"calendar: '02:00 UTC'\nsources:\n{five}")
    twice = read(tmp_path, f"calendar: '02:00,14:00 UTC'\nsources:\n{five}")

    assert ["asked 5 times in 1 d" in warning for warning in daily.warnings] == [True]
    assert ["asked 10 times in 1 d" in warning for warning in twice.warnings] == [True]
    assert read(tmp_path, f"sources:\n{five.replace('}', ', enabled: false}')}").warnings[0].count("remotive") == 0


def test_every_limit_of_the_manual_is_one_of_its_kind() -> None:
    manual = (Path(__file__).parents[2] / "docs/sources.md").read_text(encoding="utf-8")
    limited = {kind: source.limit for kind, source in KINDS.items() if source.limit}

    assert set(limited) == {"lever", "remotive", "rippling", "smartrecruiters", "workable"}
    for limit in limited.values():
        assert f"At most {limit}, over all sources of this kind" in manual
