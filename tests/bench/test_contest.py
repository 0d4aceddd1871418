import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import pytest

from bench import server
from bench.cases import EDITED, FIRST, NEW, SAME, UNMODIFIED
from bench.contest import Contestant, Enter, Scan, Task, contest, floor
from bench.feeds import feeds
from bench.measure import Failed
from bench.server import Traffic
from bench.workshop import Sample, Workshop

ROOT = Path(__file__).parents[2]
FEEDS, ITEMS = 3, 2


@dataclass(frozen=True)
class Idler:
    """Somebody who asks for nothing, and says that all is well."""

    cases: tuple[str, ...] = (FIRST, UNMODIFIED)

    def command(self, case: str) -> list[str]:
        return ["/bin/true", case]

    def check(self, case: str, said: bytes, traffic: Traffic) -> None:
        assert said == b""
        if not traffic.statuses:
            raise Failed(f"{case}: it asked for nothing")


def idle(_: Task) -> Contestant:
    return Idler()


def held(
    folder: Path, everybody: Mapping[str, Enter], said: list[str], *, guests: tuple[str, ...] = ()
) -> Iterator[Sample]:
    cases = (FIRST, UNMODIFIED, NEW, SAME)
    corpus = feeds(folder, FEEDS, ITEMS)
    return contest(Workshop(folder), corpus, [], repeat(everybody, 2), said.append, cases=cases, guests=guests)


@pytest.mark.integration
@pytest.mark.parametrize("find", [server.find_nginx, lambda: None], ids=["nginx", "the small one"])
def test_what_the_server_saw_stands_beside_what_it_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: Callable[[], str | None]
) -> None:
    monkeypatch.setattr(server, "find_nginx", find)

    samples = list(held(tmp_path, {"keep": floor("keep")}, []))

    seen = [(sample.case, sample.traffic.statuses) for sample in samples if sample.traffic]
    a_round = [(FIRST, {200: 3}), (UNMODIFIED, {304: 3}), (NEW, {304: 2, 200: 1}), (SAME, {200: 3})]
    assert seen == 2 * a_round
    assert all(sample.cost.cpu > 0 and sample.cost.peak > 0 for sample in samples)


@pytest.mark.integration
def test_a_guest_who_does_not_do_the_work_is_left_out_with_a_word(tmp_path: Path) -> None:
    said: list[str] = []

    samples = list(held(tmp_path, {"idler": idle, "fetch": floor("fetch")}, said, guests=("idler",)))

    assert {sample.who for sample in samples} == {"fetch"}
    assert sum("idler is left out from here on: idler, first: it asked for nothing" in line for line in said) == 2


@pytest.mark.integration
def test_nothing_is_measured_where_one_of_ours_does_not_do_the_work(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="idler, first: it asked for nothing"):
        list(held(tmp_path, {"idler": idle}, []))


def result(**items: int) -> bytes:
    counted = {"new": 0, "changed": 0, "unchanged": 0} | items
    return json.dumps({"items": counted, "sources": {"ok": FEEDS, "failed": 0, "unchanged": 0}}).encode()


@pytest.mark.parametrize(
    ("case", "said", "statuses", "complaint"),
    [
        (FIRST, result(new=6), {200: 3}, None),
        (FIRST, result(new=5), {200: 3}, "scan found"),
        (FIRST, result(new=6), {200: 2}, "the server gave"),
        (UNMODIFIED, result(), {200: 3}, "the server gave"),
        (EDITED, result(changed=1, unchanged=5), {200: 3}, None),
        (EDITED, result(changed=1, new=1), {200: 3}, "scan found"),
    ],
)
def test_scan_is_measured_only_where_it_did_the_work(
    tmp_path: Path, case: str, said: bytes, statuses: dict[int, int], complaint: str | None
) -> None:
    corpus = feeds(tmp_path, FEEDS, ITEMS)
    scan = Scan.enter(Task(tmp_path, corpus, [f"http://127.0.0.1/{name}" for name in corpus.names], []))

    if complaint is None:
        scan.check(case, said, Traffic(statuses, 0))
    else:
        with pytest.raises(Failed, match=complaint):
            scan.check(case, said, Traffic(statuses, 0))


@pytest.mark.cli
def test_one_command_measures_scan_and_keeps_the_figures(tmp_path: Path) -> None:
    few = ("--feeds", "3", "--rounds", "1", "--only", "feeds")

    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", *few, "--work", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode in {0, 1}, run.stderr  # three feeds say nothing about budgets
    assert "| first        | scan " in run.stdout
    assert "| feeds, first / fetch, parse, SQLite" in run.stdout
    (part,) = json.loads((tmp_path / "quick.json").read_bytes())["parts"].values()
    assert [cell["requests"] for cell in part["cells"]] == 10 * [3]


@pytest.mark.cli
def test_a_part_that_there_is_not_is_refused() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "feeds,feats"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 2
    assert "no part: feats; they are starts, boards, feeds, peers" in run.stderr
