"""Boots, reboots and power cuts: nothing is lost, and nothing is sent twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.cli.boards import SEARCH, answer, job
from tests.gate import Gate
from tests.mail import Mailbox
from tests.system.booted.configs import channel, config, mailed, subjects, told, watched
from tests.system.booted.conftest import OpenMailbox
from tests.system.booted.disk import Disk
from tests.system.booted.machine import Machine
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Web

pytestmark = BOOTED

SOON = "[Timer]\nOnCalendar=\nOnBootSec=100ms\nRandomizedDelaySec=0\nAccuracySec=1us\n"


@pytest.fixture(autouse=True)
def on(machine: Machine) -> Iterator[None]:
    """Leave the machine on, for others."""
    yield
    if not machine.is_on:
        machine.boot()


@pytest.fixture
def disk(machine: Machine, service: Service) -> Iterator[Disk]:
    """Give the disk that the state lies on; what was not written to it is lost with the power."""
    del service  # the state is empty
    disk = Disk(machine)
    machine.power_off()
    disk.plug_in()
    machine.boot()
    yield disk
    if machine.is_on:
        machine.power_off()
    disk.take_out()


def two_boards(web: Web, mailbox: Mailbox) -> tuple[str, Gate]:
    """Configure two boards; a run waits for the second when the first one's news is stored, and told to nobody."""
    gate = Gate(answer(job(2, "Engineer Bea")))
    web.serve("/jobs", answer(job(1, "Engineer Ann")))
    web.serve("/slow", gate)
    slow = f"  - {{name: slow, kind: greenhouse, board: slow, url: '{web.url('/slow')}'}}\n"
    return config(web.url("/jobs"), slow + SEARCH + channel(mailbox)), gate


# --- the start after a boot


def test_a_run_comes_soon_after_each_boot_and_no_second_one(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    service.drop_in(SOON, unit="scan.timer")
    service.machine("systemctl", "enable", "scan.timer")
    for _ in range(2):
        service.mark()
        service.machine.power_off()
        service.machine.boot()
        service.until(has_ended)
        service.machine("systemctl", "daemon-reload")
        service.machine("systemctl", "daemon-reexec")
        assert [run["trigger"] for run in service.events("run_finished")] == ["timer"]


def test_the_shipped_timer_starts_one_two_to_three_minutes_after_a_boot(service: Service) -> None:
    service.machine("systemctl", "enable", "scan.timer")
    service.machine.power_off()
    service.machine.boot()
    (monotonic,) = service.show("TimersMonotonic", unit="scan.timer")
    assert "USec=2min ; next_elapse=" in monotonic
    (delay,) = service.show("RandomizedDelayUSec", unit="scan.timer")
    assert delay == "1min"
    next_at = datetime.fromisoformat(service.status()["timer"]["next_at"])
    assert next_at <= datetime.now(UTC) + timedelta(minutes=3)


# --- a boot in the middle of a run


def test_a_reboot_ends_a_run_in_good_order_and_the_next_one_tells_all_once(
    service: Service, web: Web, mailbox: Mailbox
) -> None:
    text, gate = two_boards(web, mailbox)
    service.configure(text)
    service.begin_run()
    with gate:
        service.machine.power_off()
    service.machine.boot()
    assert service.status()["last_run"]["status"] == "interrupted"
    service.start()
    service.start()
    assert [run["status"] for run in service.runs()] == ["success", "success", "interrupted"]
    assert told(mailbox) == ["Engineer Ann", "Engineer Bea"]


def test_a_power_cut_in_the_middle_of_a_run_costs_nothing(
    service: Service, disk: Disk, web: Web, mailbox: Mailbox, tmp_path: Path
) -> None:
    text, gate = two_boards(web, mailbox)
    service.configure(text)
    service.machine("systemctl", "enable", "scan.timer")
    service.begin_run()
    with gate:
        service.machine.write("/var/lib/scan/unwritten", "the kernel still holds this back\n")
        disk.lose_power()
    assert not service.machine.path("/var/lib/scan/unwritten").exists()
    service.machine.boot()
    assert service.left(tmp_path).damage == ()
    assert (service.status()["interrupted"], service.status()["timer"]["enabled"]) == (True, True)
    service.start()
    service.start()
    assert [run["status"] for run in service.runs()] == ["success", "success", "interrupted"]
    assert told(mailbox) == ["Engineer Ann", "Engineer Bea"]


@pytest.mark.parametrize(("moment", "copies"), [("DATA", 1), (".", 2), ("QUIT", 1)])
def test_a_power_cut_while_a_message_is_sent_repeats_only_what_may_have_been_lost(
    service: Service, disk: Disk, web: Web, open_mailbox: OpenMailbox, moment: str, copies: int, tmp_path: Path
) -> None:
    cut = Event()

    def heard(command: str) -> None:
        if command == moment and not cut.is_set():
            disk.lose_power()
            cut.set()

    mailbox = open_mailbox(heard=heard)
    web.serve("/jobs", answer(job(1, "Engineer Ann")))
    service.configure(mailed(web, mailbox))
    service.begin_run()
    assert cut.wait(60)
    service.machine.boot()
    assert service.left(tmp_path).damage == ()
    service.machine("scan", "run", "--all")
    service.machine("scan", "run", "--all")
    assert subjects(mailbox) == ["First run: Engineer Ann at Acme (engineers)"] * copies
    assert len({received.raw for received in mailbox.messages}) == 1  # a copy is the same to the byte
