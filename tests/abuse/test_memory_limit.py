"""A list that takes more memory than a run may have."""

import json
import resource

import pytest

from tests.abuse.limits import limited_run
from tests.cli.conftest import Scan, scan, web
from tests.web import Answer, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

ENOUGH_FOR_SMALL_ONES = 75_000_000
LARGE = 50_000
"""Items, of which each takes some 2 KB before it is written."""


def test_what_takes_too_much_costs_its_own_source_and_is_done_once_there_is_enough(scan: Scan, web: Web) -> None:
    rows = [{"id": number, "title": f"Engineer {number}", "text": f"{number} " * 40} for number in range(LARGE)]
    fields = {"key": "id", "title": "title", "text": "text"}
    small = {"name": "small", "kind": "json", "url": web.serve("/small", answer(rows[:2])), "fields": fields}
    large = {"name": "large", "kind": "json", "url": web.serve("/large", answer(rows)), "fields": fields}
    scan.configure(json.dumps({"sources": [large, small]}))
    for _ in range(2):
        ran = limited_run(scan, resource.RLIMIT_DATA, ENOUGH_FOR_SMALL_ONES)
        assert "Traceback" not in ran.err
        assert ran.status == 3, ran.err[-2000:]
        by_source = {source["source"]: source for source in ran.json["by_source"]}
        assert by_source["large"]["status"] == "failed"
        assert "more memory than a run may have" in by_source["large"]["error"]
        assert by_source["small"]["status"] in {"ok", "unchanged"}
    enough = [scan.run() for _ in range(2)]
    assert [run["items"]["new"] for run in enough] == [LARGE, 0]
    assert scan("db", "check").status == 0


@pytest.mark.parametrize("most", range(16_000_000, 40_000_000, 8_000_000))
def test_a_run_that_has_not_enough_for_itself_says_so(scan: Scan, web: Web, most: int) -> None:
    fields = {"key": "id", "title": "title"}
    entry = {"name": "a", "kind": "json", "url": web.serve("/a", answer([{"id": 1, "title": "x"}])), "fields": fields}
    scan.configure(json.dumps({"sources": [entry]}))
    ran = limited_run(scan, resource.RLIMIT_DATA, most)
    assert (ran.status, ran.err) == (
        74,
        "scan: out of memory; allow more of it (ulimit -v, or MemoryMax= of the service)\n",
    )
    assert [scan.run()["items"]["new"] for _ in range(2)] == [1, 0]


def answer(rows: list[dict[str, object]]) -> Answer:
    return Answer(body=json.dumps(rows).encode(), headers={"Content-Type": "application/json"})
