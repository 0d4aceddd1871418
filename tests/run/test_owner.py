"""Who may still be sending what an earlier run claimed."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import msgspec

from scan.run.owner import may_be_alive, owner_of
from scan.store.records import RunStart

RUN = RunStart(
    id="0192f3a0-0000-7000-8000-000000000001",
    profile="scan",
    trigger="timer",
    host="box:1.example",
    pid=os.getpid(),
    version="1",
    started_at=datetime(2026, 11, 23, tzinfo=UTC),
)


def earlier(**changed: object) -> str:
    return owner_of(msgspec.structs.replace(RUN, id="0192f3a0-0000-7000-8000-000000000000", **changed))


def test_a_process_that_has_ended_is_dead() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not may_be_alive(earlier(pid=ended.pid), RUN)


def test_another_process_of_this_machine_may_be_alive() -> None:
    assert may_be_alive(earlier(pid=os.getppid()), RUN)
    assert may_be_alive(earlier(pid=1), RUN)


def test_an_earlier_run_that_had_our_process_number_is_dead() -> None:
    assert not may_be_alive(earlier(), RUN)


def test_a_process_of_another_machine_may_be_alive() -> None:
    assert may_be_alive(earlier(host="other"), RUN)


def test_two_runs_are_never_the_same_owner() -> None:
    assert earlier() != owner_of(RUN)
