"""Gauges for Prometheus. That promtool accepts them is asked in tests/cli/test_reports.py."""

import re
from pathlib import Path
from typing import Any

from scan.reports.prometheus import Prometheus
from tests.reports.samples import NOW, Memory, a_status, a_view

LINE = re.compile(r'scan_[a-z_]+\{profile="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\} -?[0-9.e+-]+')


def gauges(*names: str, **changed: Any) -> dict[str, float]:
    text = b"".join(Prometheus(to=Path("x")).render(a_view(Memory(), *names, **changed))).decode()
    assert text.endswith("\n")
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in samples if not LINE.fullmatch(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in samples)}


def test_a_profile_that_is_well() -> None:
    found = gauges("acme", "beta")
    assert found['scan_health{profile="scan",state="healthy"}'] == 1
    assert found['scan_health{profile="scan",state="degraded"}'] == 0
    assert found['scan_last_run_timestamp_seconds{profile="scan"}'] == NOW.timestamp()
    assert found['scan_last_run_duration_seconds{profile="scan"}'] == 1.5
    assert found['scan_last_run_success{profile="scan"}'] == 1
    assert found['scan_source_last_run_success{profile="scan",source="beta"}'] == 1
    assert found['scan_source_items{profile="scan",source="acme"}'] == 2
    assert found['scan_interval_seconds{profile="scan"}'] == 900


def test_a_source_that_fails_and_one_that_was_never_tried() -> None:
    sources = a_status("bad", "new", "off")["sources"]
    sources[0]["consecutive_failures"] = 3
    sources[1].update(last_attempt_at=None, last_success_at=None)
    sources[2]["enabled"] = False
    found = gauges(sources=sources)
    assert found['scan_source_last_run_success{profile="scan",source="bad"}'] == 0
    assert found['scan_source_consecutive_failures{profile="scan",source="bad"}'] == 3
    assert found['scan_health{profile="scan",state="degraded"}'] == 1
    assert not any("last_success" in name and '"new"' in name for name in found)
    assert 'scan_source_last_run_success{profile="scan",source="new"}' not in found
    assert not any('"off"' in name for name in found)


def test_the_outbox_by_state() -> None:
    found = gauges(deliveries={"pending": 2, "dead": 1})
    assert found['scan_outbox_deliveries{profile="scan",state="dead"}'] == 1


def test_a_profiles_name_may_be_anything() -> None:
    text = b"".join(Prometheus(to=Path("x")).render(a_view(name='a"b\\c\nd'))).decode()
    assert 'profile="a\\"b\\\\c\\nd"' in text
    assert all(LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#"))
