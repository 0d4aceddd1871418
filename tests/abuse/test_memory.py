"""What a hostile answer costs in memory, beside a small one: bounds on bytes kept, not on time."""

import gzip
import json
import os
import subprocess
from itertools import repeat

import pytest

from tests.cli.conftest import Scan, scan, web
from tests.web import Answer, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

ALLOWED = 64 << 20
"""Bytes above what a run takes anyway, with answers of `max_body` as it comes: 20 MB."""

UNPACKED = 200_000_000

JSON = {"Content-Type": "application/json"}
HOSTILE = {
    "endless": Answer(stream=repeat(b"x" * 65536)),
    "bomb": Answer(body=gzip.compress(bytes(UNPACKED), 1), headers={**JSON, "Content-Encoding": "gzip"}),
    "headers": Answer(headers=[("X-More", "y" * 1000)] * 2000),
}


def peak(scan: Scan, web: Web, answer: Answer, error: str) -> int:
    """Run once with one source; gives the most memory that was in use, in bytes."""
    url = web.serve("/list", answer)
    entry = {"name": "a", "kind": "json", "url": url, "fields": {"title": "title"}}
    scan.configure(json.dumps({"http": {"retries": 0}, "sources": [entry]}))
    command = scan.command("run", "--all", "--json")
    with subprocess.Popen(
        command, env=scan.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        (source,) = json.loads(process.stdout.read())["by_source"]
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    assert error in (source["error"] or "")
    return usage.ru_maxrss * 1024


@pytest.mark.parametrize(
    ("name", "error"),
    [("endless", "larger than 20000000 bytes"), ("bomb", "larger than 20000000 bytes"), ("headers", "too large")],
)
def test_a_hostile_answer_costs_little_more_memory_than_a_small_one(
    scan: Scan, web: Web, name: str, error: str
) -> None:
    ordinary = peak(scan, web, Answer(body=b"[]", headers=JSON), "")
    assert peak(scan, web, HOSTILE[name], error) <= ordinary + ALLOWED
