"""Signs of life: what systemd hears of a run, so that a long one goes on and a hung one ends."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.web import Web

pytestmark = pytest.mark.cli


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.setblocking(False)
        yield sock


def received(sock: socket.socket) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    while True:
        try:
            message = sock.recv(1000).decode()
        except BlockingIOError:
            return found
        found.append(dict(line.split("=", 1) for line in message.splitlines()))


def test_a_run_gives_a_sign_at_its_start_with_every_source_message_and_report(
    scan: Scan, web: Web, heard: socket.socket
) -> None:
    scan.environ["NOTIFY_SOCKET"] = str(heard.getsockname())
    channel = "channels:\n  - {name: me, kind: command, run: ['true'], timeout: 5m}\n"
    reports = "reports:\n  - {kind: csv, to: items.csv}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), f"{SEARCH}{channel}{reports}"))
    scan.run()
    signs = received(heard)
    assert all(int(sign["EXTEND_TIMEOUT_USEC"]) >= 120_000_000 for sign in signs)
    told = {sign["STATUS"]: int(sign["EXTEND_TIMEOUT_USEC"]) for sign in signs if "STATUS" in sign}
    assert list(told) == ["starting", "source 1/1", "telling me", "report csv"]
    assert told["telling me"] == (120 + 300) * 1_000_000
    assert told["report csv"] == (120 + 120) * 1_000_000
    assert len(signs) <= len(told) + 1


def test_waiting_for_another_run_is_no_hanging(scan: Scan, web: Web, heard: socket.socket) -> None:
    scan.environ["NOTIFY_SOCKET"] = str(heard.getsockname())
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run("--wait", "600")
    assert received(heard)[0] == {"STATUS": "starting", "EXTEND_TIMEOUT_USEC": "720000000"}
