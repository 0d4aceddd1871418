"""Runs that may open next to nothing."""

import json
import resource

import pytest

from tests.abuse.limits import limited_run
from tests.cli.conftest import Ran, Scan, scan, web
from tests.web import Answer, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

SOURCES = 60


def run(scan: Scan, descriptors: int) -> Ran:
    return limited_run(scan, resource.RLIMIT_NOFILE, descriptors)


@pytest.fixture
def busy(scan: Scan, web: Web) -> Scan:
    """A profile that would ask far more at once than it has descriptors for."""
    entries = []
    for number in range(SOURCES):
        url = web.serve(f"/{number}", Answer(body=f'[{{"title": "Engineer {number}"}}]'.encode(), delay=0.05))
        entries.append({"name": f"s{number}", "kind": "json", "url": url, "fields": {"title": "title"}})
    config = {
        "http": {"concurrency": SOURCES, "per_host": SOURCES, "retries": 0},
        "sources": entries,
        "searches": [{"name": "engineers", "any": ["engineer"]}],
        "channels": [{"name": "log", "kind": "command", "run": ["/bin/sh", "-c", "cat >> told; echo >> told"]}],
    }
    scan.configure(json.dumps(config))
    return scan


def test_with_few_descriptors_less_is_asked_at_once_and_nothing_is_lost(busy: Scan, web: Web) -> None:
    first, second = run(busy, 64), run(busy, 64)
    assert (first.status, second.status) == (0, 0), first.err + second.err
    assert (first.json["sources"]["ok"], first.json["deliveries"]["sent"]) == (SOURCES, SOURCES)
    assert (second.json["items"]["new"], second.json["deliveries"]["sent"]) == (0, 0)
    assert web.busiest <= (64 - 40) // 6


@pytest.mark.parametrize("descriptors", [6, 10])
def test_with_hardly_any_it_is_a_line_with_its_cure(busy: Scan, descriptors: int) -> None:
    ran = run(busy, descriptors)
    assert "Traceback" not in ran.err
    assert ran.status == 74
    assert "too many open files; raise the limit (ulimit -n" in ran.err.strip().splitlines()[-1]
