"""A machine in trouble: no name is found, the disk is full."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.cli.boards import answer, job
from tests.mail import Mailbox
from tests.system.booted.configs import config, mailed, subjects, told
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Web

pytestmark = BOOTED


@pytest.fixture
def silent_nameserver(service: Service) -> Iterator[None]:
    """Have a name server that never answers."""
    with service.machine.network(), closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listening:
        listening.bind(("127.0.0.1", 53))
        yield


def named(web: Web) -> str:
    """Configure a board by its address, and one by a name."""
    by_name = f"  - {{name: named, kind: greenhouse, board: n, url: 'http://board.example.org:{web.port}/named'}}\n"
    return config(web.url("/jobs"), by_name).replace("timeout: 2m", "timeout: 2m, connect_timeout: 1s")


def test_a_name_that_is_not_found_costs_its_source_alone(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    web.serve("/named", answer(job(2)))
    service.configure(named(web))
    service.idle()
    service.start()
    (failed,) = service.events("source_failed")
    assert (failed["source"], "board.example.org" in failed["message"]) == ("named", True)
    assert service.show("Result", "ExecMainStatus") == ("success", "3")
    service.machine("sh", "-c", "cp /etc/hosts /etc/hosts.before; echo 127.0.0.1 board.example.org >> /etc/hosts")
    service.machine("scan", "run", "--all", "--json")
    service.machine("mv", "/etc/hosts.before", "/etc/hosts")
    assert service.status()["last_run"]["status"] == "success"


@pytest.mark.usefixtures("silent_nameserver")
def test_a_name_server_that_is_silent_is_not_waited_for_long(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(named(web))
    service.idle()
    service.start()
    (failed,) = service.events("source_failed")
    assert failed["source"] == "named"
    assert service.show("Result", "ExecMainStatus") == ("success", "3")


SMALL = "mount -t tmpfs -o size=4M,mode=750 tmpfs /var/lib/scan && chown scan:scan /var/lib/scan"
FILL = "head -c 10M /dev/zero > /var/lib/scan/fill; echo full >> /var/lib/scan/fill || true"


def test_a_full_state_file_system_is_told_loses_nothing_and_sends_nothing_twice(
    service: Service, web: Web, mailbox: Mailbox
) -> None:
    ann = job(1, "Engineer Ann")
    web.serve("/jobs", answer(ann))
    service.configure(mailed(web, mailbox, "alerts: [me]\n"))
    service.always()
    service.machine("sh", "-c", SMALL)
    service.start()
    service.machine("sh", "-c", FILL)
    web.serve("/jobs", answer(ann, job(2, "Engineer Bea")))
    service.mark()
    assert service.start(check=False).status == 1
    assert service.show("Result", "ExecMainStatus") == ("exit-code", "74")
    assert "the disk is full; free some space, nothing is lost" in service.said()
    service.until(has_ended, unit="scan-failure@scan.service")
    assert subjects(mailbox)[1:] == ["scan: scan.service failed: exit status 74"]

    service.machine("rm", "/var/lib/scan/fill")
    service.start()
    service.start()
    assert told(mailbox) == ["Engineer Ann", "Engineer Bea"]
