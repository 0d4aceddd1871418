"""Pings, as the installed command sends them to a real server; none of them delays or fails a run."""

import signal
import sqlite3
import uuid
from collections.abc import Iterator

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Ran, Scan
from tests.web import Answer, Asked, Web

pytestmark = pytest.mark.cli

SECRET = "0b7e8b32-7c1d-4d34-a5b8-6a3f7c1f2d11"


@pytest.fixture
def receiver() -> Iterator[Web]:
    with Web() as server:
        yield server


def listening(receiver: Web, script: Answer, *signals: str) -> str:
    """Have the check's addresses answered; returns its own."""
    for one in signals or ("start", "0", "1", "3", "fail", "log"):
        receiver.serve(f"/{SECRET}/{one}", script)
    return receiver.url(f"/{SECRET}")


def pinging(board: str, check: str, *, more: str = "") -> str:
    return config(board, f"reports:\n  - {{kind: ping, url: '{check}', timeout: 1s{more}}}\n")


def signals(receiver: Web) -> list[str]:
    return [asked.path.rpartition("/")[2] for asked in receiver.requests]


def run_id(asked: Asked) -> uuid.UUID:
    return uuid.UUID(asked.query["rid"])


def told(ran: Ran, event: str) -> list[str]:
    return [line["message"] for line in ran.log if line["event"] == event]


def test_every_run_begins_and_ends_with_a_sign(scan: Scan, web: Web, receiver: Web) -> None:
    board = web.serve("/jobs", [answer(job(1)), Answer(status=500)]) + "?api_key=s3cret-of-the-board"
    scan.configure(pinging(board, listening(receiver, Answer(body=b"OK"))))
    first = scan.run()
    assert first["reports"] == {"published": 1, "failed": 0}
    assert scan("run", "--all").status == 1
    assert signals(receiver) == ["start", "0", "start", "1"]
    ids = [run_id(asked) for asked in receiver.requests]
    assert ids[0] == ids[1] == uuid.UUID(first["run_id"]) != ids[2] == ids[3]
    well, failed = receiver.requests[1].body.decode(), receiver.requests[3].body.decode()
    assert well.startswith("profile: success: 1 ok, 0 failed, 1 items (1 new")
    assert "acme: ok: 1 items" in well
    assert "failed: acme: " in failed
    assert len(receiver.requests[3].body) <= 10_000
    assert "s3cret" not in well + failed


def test_a_partial_failure_is_its_exit_status_or_what_the_config_says(scan: Scan, web: Web, receiver: Web) -> None:
    check = listening(receiver, Answer(body=b"OK"))
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=500))}'}}\n"
    for more in ("", ", partial_failure: success"):
        text = pinging(web.serve("/jobs", answer(job(1))), check, more=more)
        scan.configure(text.replace("reports:\n", f"{bad}reports:\n"))
        assert scan("run", "--all").status == 3
    assert signals(receiver) == ["start", "3", "start", "0"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (Answer(hang=True), "timed out"),
        (Answer(status=500), "answered 500"),
        (Answer(drop=True), ""),
    ],
    ids=["hanging", "500", "dropping"],
)
def test_a_receiver_in_trouble_costs_a_run_nothing(
    scan: Scan, web: Web, receiver: Web, script: Answer, said: str
) -> None:
    scan.configure(pinging(web.serve("/jobs", answer(job(1))), listening(receiver, script)))
    ran = scan("run", "--all")
    assert ran.status == 0
    finished = ran.log[-1]
    assert (finished["event"], finished["status"]) == ("run_finished", "success")
    assert finished["reports"] == {"published": 0, "failed": 1}
    assert len(told(ran, "report_failed")) == 2
    assert said in finished["errors"][0]
    assert SECRET not in ran.out + ran.err
    assert signals(receiver) == ["start", "0"]


def test_a_receiver_that_is_not_there_costs_a_run_nothing(scan: Scan, web: Web) -> None:
    scan.configure(pinging(web.serve("/jobs", answer(job(1))), f"http://127.0.0.1:1/{SECRET}"))
    ran = scan("run", "--all")
    assert (ran.status, ran.log[-1]["status"]) == (0, "success")
    assert SECRET not in ran.out + ran.err
    assert SECRET not in scan("status").out + scan("runs").out + scan("config", "show").out


def test_a_run_that_is_skipped_and_a_report_without_a_run_ping_nobody(scan: Scan, web: Web, receiver: Web) -> None:
    check = listening(receiver, Answer(body=b"OK"))
    scan.configure(pinging(web.serve("/jobs", Answer(hang=True)), check))
    first = scan.start("run", "--all")
    while not web.requests:
        assert first.poll() is None
    assert scan("run", "--all").status == 0
    assert signals(receiver) == ["start"]
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=30)
    assert first.returncode == 143
    ran = scan("report")
    assert (ran.status, ran.out) == (0, "nothing to publish: only runs ping\n"), ran.err
    assert signals(receiver) == ["start", "log"]


def test_a_run_that_an_error_ends_pings_its_failure(scan: Scan, web: Web, receiver: Web) -> None:
    scan.configure(pinging(web.serve("/jobs", answer(job(1))), listening(receiver, Answer(body=b"OK"))))
    scan.run()
    raw = sqlite3.connect(scan.database)
    raw.execute("DROP TABLE source_run").close()
    raw.close()
    assert scan("run", "--all").status == 70
    assert signals(receiver)[2:] == ["start", "fail"]
    assert b"no such table: source_run" in receiver.requests[-1].body
