"""How a run ends, and what systemd makes of it."""

import pytest

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.mail import Mailbox
from tests.system.booted.configs import config, mailed, subjects, watched
from tests.system.booted.service import BOOTED, Service, has_ended, is_event
from tests.web import Web

pytestmark = BOOTED

DEAF = """
import signal, sys, time

def hang(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith("scan.status.json"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        print("deaf", flush=True)
        time.sleep(600)

sys.addaudithook(hang)
"""
"""Put where Python looks for it: a run that hangs, and hears nothing."""


def test_a_stop_ends_a_run_in_good_order_and_is_no_failure(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.idle()
    service.begin_run()
    with gate:
        service.machine("systemctl", "stop", "scan.service")
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ("inactive", "success", "143")
    assert service.events()[-1]["status"] == "interrupted"
    assert service.journal("scan-failure@scan.service") == []
    service.start()
    assert service.events()[-1]["sources"]["ok"] == 1


def test_a_run_that_is_killed_has_failed_and_the_next_one_goes_on(service: Service, web: Web, mailbox: Mailbox) -> None:
    gate = Gate(answer(job(1, "Engineer")))
    web.serve("/jobs", gate)
    service.configure(mailed(web, mailbox))
    service.begin_run()
    with gate:
        service.machine("systemctl", "kill", "--signal=KILL", "scan.service")
        service.until(has_ended)
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ("failed", "signal", "9")
    status = service.status()
    assert (status["interrupted"], status["running"], status["timer"]["failure"]) == (True, None, "killed by SIGKILL")
    service.start()
    assert service.status()["status"] == "healthy"
    service.start()
    assert [run["status"] for run in service.runs()] == ["success", "success", "interrupted"]
    assert subjects(mailbox) == ["First run: Engineer at Acme (engineers)"]


def test_a_partial_failure_is_a_failed_unit_only_where_somebody_wants_that(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    missing = f"  - {{name: missing, kind: greenhouse, board: missing, url: '{web.url('/missing')}'}}\n"
    service.configure(config(web.url("/jobs"), missing))
    service.idle()
    service.start()
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ("inactive", "success", "3")
    assert service.status()["timer"]["failure"] is None

    service.drop_in("[Service]\nSuccessExitStatus=\nSuccessExitStatus=75 143\n")
    service.machine("rm", "/var/lib/scan/scan.db", "/var/lib/scan/scan.status.json")
    assert service.start(check=False).status == 1
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ("failed", "exit-code", "3")
    assert service.status()["timer"]["failure"] == "exit status 3"


@pytest.mark.parametrize(
    ("text", "status"),
    [("every: never\n", "78"), ("sources: [{name: a, kind: feed, url: 'http://127.0.0.1:9/'}]\n", "1")],
)
def test_a_run_that_did_nothing_good_is_a_failed_unit(service: Service, text: str, status: str) -> None:
    service.configure(text)
    assert service.start(check=False).status == 1
    assert service.show("ActiveState", "Result", "ExecMainStatus") == ("failed", "exit-code", status)


def test_a_run_that_gives_no_sign_of_life_is_ended(service: Service) -> None:
    service.machine("mkfifo", "--mode=644", "/etc/scan/scan.yaml")  # nobody ever writes into it
    service.drop_in("[Service]\nTimeoutStartSec=1s\n")
    service.drop_in("[Service]\nTimeoutStartSec=1s\n", unit="scan-failure@.service")
    assert service.start(check=False).status == 1
    assert service.show("ActiveState", "Result") == ("failed", "timeout")


def test_a_run_that_does_not_stop_is_killed_in_the_end(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    service.machine.write("/usr/lib/deaf/sitecustomize.py", DEAF)
    deaf = "[Service]\nTimeoutStopSec=1s\nEnvironment=PYTHONPATH=/usr/lib/deaf\n"
    service.drop_in(deaf, name="deaf")
    service.begin_run()
    service.until(lambda line: line["MESSAGE"] == "deaf")
    service.machine("systemctl", "stop", "scan.service")
    assert service.show("ActiveState", "Result") == ("failed", "timeout")
    service.machine("rm", "/etc/systemd/system/scan.service.d/deaf.conf")
    service.machine("systemctl", "daemon-reload")
    service.start()
    assert service.status()["status"] == "healthy"


def test_a_stop_leaves_no_program_of_a_channel_behind(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1, "Engineer")))
    wait = "touch /var/lib/scan/here; sleep 600 & wait"
    waits = f"channels: [{{name: slow, kind: command, run: [/bin/sh, -c, '{wait}']}}]\n"
    service.configure(watched(web, waits))
    service.drop_in("[Service]\nTimeoutStopSec=5s\n")
    service.begin_run()
    service.machine("timeout", "30", "sh", "-c", "until test -e /var/lib/scan/here; do :; done")
    service.machine("systemctl", "stop", "scan.service")
    assert service.machine("pgrep", "--full", "sleep 600", check=False).out == ""


def test_signs_of_life_keep_a_long_run_going_and_say_how_far_it_is(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    web.serve("/other", answer(job(2)))
    other = f"  - {{name: other, kind: greenhouse, board: other, url: '{web.url('/other')}'}}\n"
    service.configure(config(web.url("/jobs"), other))
    service.idle()
    service.drop_in("[Service]\nTimeoutStartSec=5s\n")
    service.begin_run()
    with gate:
        service.until(is_event("source_finished"))
        service.pass_seconds(6)
        assert service.show("ActiveState", "StatusText") == ("activating", "source 1/2")
    service.until(has_ended)
    assert service.show("Result") == ("success",)
