"""Boots, reboots and power cuts: nothing is lost, and nothing is sent twice."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.cli.boards import answer, config, job, SEARCH
from tests.faults.left import look
from tests.mail import Mailbox
from tests.system.booted.configs import channel, mailed, subjects, watched
from tests.system.booted.gate import Gate
from tests.system.booted.machine import Machine
from tests.system.booted.service import BOOTED, Service, has_ended, is_event
from tests.web import Web

pytestmark = BOOTED

SOON = "[Timer]\nOnCalendar=\nOnBootSec=1s\nRandomizedDelaySec=0\nAccuracySec=1us\n"


@pytest.fixture(autouse=True)
def on_afterwards(machine: Machine) -> Iterator[None]:
    """Leave the machine on, for others."""
    yield
    if not machine.is_on:
        machine.boot()


def two_boards(web: Web, mailbox: Mailbox) -> tuple[str, Gate]:
    """Configure two boards with news; the second keeps a run waiting, when the first one's news is stored and untold."""
    gate = Gate(answer(job(2, "Engineer Bea")))
    web.serve("/jobs", answer(job(1, "Engineer Ann")))
    web.serve("/slow", gate)
    slow = f"  - {{name: slow, kind: greenhouse, board: slow, url: '{web.url('/slow')}'}}\n"
    return config(web.url("/jobs"), slow + SEARCH + channel(mailbox)), gate


def whole(service: Service) -> None:
    """Demand that the database is whole."""
    assert look(service.machine.path("/var/lib/scan/scan.db")).damage == ()


def test_the_shipped_timer_starts_a_run_two_minutes_after_a_boot(service: Service, web: Web) -> None:
    service.machine("systemctl", "enable", "scan.timer")
    service.machine.power_off()
    service.machine.boot()
    monotonic, booted = service.show("NextElapseUSecMonotonic", "ActiveEnterTimestampMonotonic", unit="scan.timer")
    ...


def test_a_run_comes_soon_after_every_boot_and_no_second_one(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    service.drop_in(SOON, unit="scan.timer")
    service.machine("systemctl", "enable", "scan.timer")
    for boots in (1, 2):
        service.machine.power_off()
        service.machine.boot()
        service.until(has_ended, times=boots)
        service.machine("systemctl", "daemon-reload")
        service.machine("systemctl", "daemon-reexec")
        assert len(service.events("run_finished")) == boots
