"""A start that was missed while the machine was off is made up, once, if it is not too late for it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.boards import answer, job
from tests.system.booted.configs import watched
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Web

pytestmark = BOOTED

LATE = timedelta(minutes=30)
STAMP = "/var/lib/systemd/timers/stamp-scan.timer"


def missed(service: Service, web: Web, more: str = "") -> None:
    """Have a daily start that was done yesterday, and missed half an hour ago, when the machine was off."""
    now = datetime.now(UTC)
    web.serve("/jobs", answer(job(1)))
    slot = f"calendar: {now - LATE:%H:%M} Etc/UTC\n{more}"
    service.configure(watched(web).replace("every: 15m\n", slot))
    service.machine("scan", "units", "--install")
    service.at(now - timedelta(days=1))
    service.start()
    service.machine("rm", "/etc/systemd/system/scan.service.d/clock.conf")
    service.machine("systemctl", "enable", "scan.timer")
    service.machine("mkdir", "--parents", "/var/lib/systemd/timers")
    service.machine("touch", f"--date=@{(now - timedelta(days=1)).timestamp()}", STAMP)
    service.mark()


def test_the_starts_that_were_missed_are_made_up_once_at_the_next_boot(service: Service, web: Web) -> None:
    missed(service, web)
    service.machine("touch", "--date=3 days ago", STAMP)
    service.machine.power_off()
    service.machine.boot()
    service.until(has_ended)
    (run,) = service.events("run_finished")
    assert (run["trigger"], run["sources"]["ok"]) == ("timer", 1)
    service.mark()
    service.machine.power_off()
    service.machine.boot()
    assert service.journal() == []
    next_at = datetime.fromisoformat(service.status()["timer"]["next_at"])
    assert timedelta(hours=23) < next_at - datetime.now(UTC) < timedelta(hours=24)


@pytest.mark.parametrize(("grace", "done"), [("2h", 1), ("15m", 0)])
def test_what_is_later_than_the_grace_is_left_out(service: Service, web: Web, grace: str, done: int) -> None:
    missed(service, web, f"grace: {grace}\n")
    service.machine("systemctl", "start", "scan.timer")
    service.until(has_ended)
    (run,) = service.events("run_finished")
    assert (run["sources"]["ok"], run["sources"]["not_due"]) == (done, 1 - done)


def test_a_first_enabling_makes_nothing_up(service: Service, web: Web) -> None:
    missed(service, web)
    service.machine("rm", STAMP)
    service.machine("systemctl", "start", "scan.timer")
    assert service.journal() == []
