"""Root, the service's user, its group, and everybody else."""

import json

import pytest

from tests.cli.boards import answer, job
from tests.system.booted.configs import watched
from tests.system.booted.machine import Machine
from tests.system.booted.service import BOOTED, Service
from tests.web import Web

pytestmark = BOOTED

USERS = """
useradd --create-home ann
useradd --create-home --groups scan bob
echo 'ann ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ann
"""


@pytest.fixture(scope="module", autouse=True)
def _users(machine: Machine) -> None:
    """Have ann, who may become root, and bob, who is in the group scan."""
    machine("sh", "-c", USERS)


@pytest.fixture
def ready(service: Service, web: Web) -> Service:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    return service


def owners(service: Service) -> set[str]:
    """Give whose everything is that the service keeps, and what others may do with it."""
    found = service.machine("find", "/var/lib/scan", "/var/log/scan", "-printf", "%u:%g %M\n").out
    return {f"{line[:9]} others: {line[-3:]}" for line in found.splitlines()}


def test_sudo_scan_run_is_a_run_of_the_service_and_leaves_root_nothing(ready: Service) -> None:
    ran = ready.machine("sudo", "scan", "run", "--json", user="ann")
    assert json.loads(ran.out)["status"] == "success"
    assert owners(ready) == {"scan:scan others: ---"}
    ready.start()
    assert ready.events()[-1]["sources"]["not_due"] == 1  # the same state
    assert "scan: healthy" in ready.machine("sudo", "scan", "status", user="ann").out
    assert ready.machine("ls", "/root/.local/state/scan", check=False).status == 2  # there is none


def test_runs_by_the_service_and_by_hand_take_turns(ready: Service) -> None:
    ready.machine("sudo", "scan", "run", user="ann")
    ready.start()
    ready.machine("sudo", "-u", "scan", "scan", "run", user="ann")
    assert owners(ready) == {"scan:scan others: ---"}
    assert {run["status"] for run in ready.runs()} == {"success"}
    assert len(ready.runs()) == 3


def test_the_group_may_look(ready: Service) -> None:
    ready.start()
    shown = ready.machine("scan", "status", user="bob")
    assert "scan: healthy" in shown.out
    assert "timer" in shown.out
    assert json.loads(ready.machine("scan", "health", user="bob").out)["status"] == "healthy"
    assert ready.machine("scan", "run", user="bob", check=False).status == 77


@pytest.mark.parametrize("command", ["status", "run", "items"])
def test_others_get_one_clear_line(ready: Service, command: str) -> None:
    ready.start()
    refused = ready.machine("scan", command, user="ann", check=False)
    (line,) = refused.err.splitlines()
    assert (refused.status, refused.out) == (77, "")
    assert line.startswith("scan: /")
    assert "sudo" in line or "join the group" in line


def test_a_secret_that_everybody_may_read_is_warned_of(ready: Service, web: Web) -> None:
    channel = "channels: [{name: me, kind: webhook, url: 'https://example.org/', secret: whsec_aHVudGVyMg==}]\n"
    ready.configure(watched(web, channel))
    assert "everybody" not in ready.machine("scan", "config", "check").err
    ready.configure(watched(web, channel), mode="644")
    checked = ready.machine("scan", "config", "check").err
    ready.start()
    (logged,) = ready.events("config_unwise")
    for said in (checked, logged["message"]):
        assert "/etc/scan/scan.yaml:7:" in said
        assert "a secret in a file that everybody can read; chmod o-r, or ${credential:NAME}" in said
        assert "aHVudGVyMg" not in said
    assert logged["level"] == "warning"
