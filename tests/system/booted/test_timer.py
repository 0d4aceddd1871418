"""The timer starts runs, and there are never two at once."""

import json

import pytest

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.mail import Mailbox
from tests.system.booted.configs import mailed, subjects, watched
from tests.system.booted.service import BOOTED, Service, has_ended, is_event
from tests.web import Web

pytestmark = BOOTED

EVERY_SECOND = "*:*:*"


def test_runs_arrive_in_the_journal_once_the_timer_is_enabled(service: Service, web: Web, mailbox: Mailbox) -> None:
    web.serve("/jobs", answer(job(1, "Engineer")))
    service.configure(mailed(web, mailbox))
    service.tick(EVERY_SECOND)
    service.machine("systemctl", "enable", "--now", "scan.timer")
    service.until(is_event("run_finished"), times=3)
    assert [run["trigger"] for run in service.events("run_finished")[:3]] == ["timer"] * 3
    assert subjects(mailbox) == ["First run: Engineer at Acme (engineers)"]
    assert len(web.requests) == 1  # not due again within 15 minutes, however often it starts


def test_a_failing_run_does_not_stop_the_timer(service: Service, web: Web) -> None:
    service.configure(watched(web, path="/missing", more=", every: 1m"))
    service.tick(EVERY_SECOND)
    service.machine("systemctl", "start", "scan.timer")
    service.until(is_event("run_finished"), times=2)
    assert service.events("run_finished")[0]["status"] == "failure"


def test_slots_that_pass_during_a_run_start_no_second_one(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.tick(EVERY_SECOND)
    service.machine("systemctl", "start", "scan.timer")
    with gate:
        service.pass_seconds(3)
        assert len(service.events("run_started")) == 1
        assert service.status()["timer"]["running"]
        assert "running now" in service.machine("scan", "status").out
    service.until(is_event("run_finished"))
    assert len(web.requests) == 1


def test_a_start_by_hand_joins_the_run_that_is_at_work(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.begin_run()
    with gate:
        joined = service.machine.start("systemctl", "start", "scan.service", environ={"SYSTEMD_LOG_LEVEL": "debug"})
        assert joined.stderr is not None
        assert any("to the set" in said for said in joined.stderr)  # of jobs that it waits for
    _, said = joined.communicate(timeout=60)
    assert joined.returncode == 0, said
    assert [one["event"] for one in service.events("run_started", "run_finished")] == ["run_started", "run_finished"]


@pytest.mark.parametrize("user", ["root", "scan"])
def test_a_run_by_hand_says_that_the_service_is_at_work(service: Service, web: Web, user: str) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.begin_run()
    with gate:
        (pid,) = service.show("MainPID")
        ran = service.machine("scan", "run", user=user)
        refused = service.machine("scan", "run", "--fail-if-locked", user=user, check=False)
    said = json.loads(ran.out)
    assert said["event"] == "run_skipped"
    assert f"another run is in progress (PID {pid}, since " in said["message"]
    assert (ran.err, refused.status) == ("", 75)


def test_the_service_says_that_a_run_by_hand_is_at_work(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    by_hand = service.machine.start("scan", "run", "--json")
    with gate:
        service.start()
        (skipped,) = service.events()
        assert (skipped["event"], skipped["level"]) == ("run_skipped", "info")
        assert service.show("Result", "ExecMainStatus") == ("success", "0")
    out, _ = by_hand.communicate(timeout=60)
    assert json.loads(out)["status"] == "success"


def test_stopping_the_timer_leaves_the_run_alone(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.tick(EVERY_SECOND)
    service.machine("systemctl", "start", "scan.timer")
    with gate:
        service.machine("systemctl", "stop", "scan.timer")
    service.until(has_ended)
    (run,) = service.events("run_finished")
    assert run["status"] == "success"
