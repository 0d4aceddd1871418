import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scan import systemd

SHOW = """#!/bin/sh
echo "ActiveState=active"
echo "SubState=waiting"
echo "UnitFileState=enabled"
echo "NextElapseUSecRealtime=@1795420800"
echo "LastTriggerUSec=Mon 2026-11-23 08:00:00 UTC"
echo "LoadState=$STATE"
"""


def test_a_timer_start_is_told_from_a_hand_start() -> None:
    assert systemd.trigger({"TRIGGER_UNIT": "scan.timer"}) == "timer"
    assert systemd.trigger({}) == "manual"


def test_the_journal_is_recognized_by_the_file_it_gave(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:
        found = os.fstat(file.fileno())
        assert systemd.is_journal(file.fileno(), {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"})
        assert not systemd.is_journal(file.fileno(), {"JOURNAL_STREAM": f"{found.st_dev}:1"})
        assert not systemd.is_journal(file.fileno(), {})


def test_systemd_is_told_where_it_listens(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.settimeout(5)
        systemd.notify({"NOTIFY_SOCKET": address}, STATUS="source 3/8", EXTEND_TIMEOUT_USEC="1")
        assert sock.recv(1000) == b"STATUS=source 3/8\nEXTEND_TIMEOUT_USEC=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "relative"])
def test_nobody_listening_is_no_error(address: str) -> None:
    systemd.notify({"NOTIFY_SOCKET": address}, STATUS="x")


def command(tmp_path: Path, state: str) -> dict[str, str]:
    script = tmp_path / "systemctl"
    script.write_text(SHOW.replace("$STATE", state))
    script.chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_a_timer_is_shown_in_both_ways_in_which_systemd_writes_times(tmp_path: Path) -> None:
    timer = systemd.timer("scan", command(tmp_path, "loaded"))
    assert timer == systemd.Timer(
        unit="scan.timer",
        enabled=True,
        active=True,
        running=False,
        next_at=datetime.fromtimestamp(1795420800, UTC),
        last_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    )


def test_a_profile_of_another_name_has_the_templates_timer(tmp_path: Path) -> None:
    timer = systemd.timer("news", command(tmp_path, "loaded"))
    assert timer is not None
    assert timer.unit == "scan@news.timer"


def test_without_the_timer_or_without_systemd_there_is_none(tmp_path: Path) -> None:
    assert systemd.timer("scan", command(tmp_path, "not-found")) is None
    (tmp_path / "systemctl").unlink()
    assert systemd.timer("scan", {"PATH": str(tmp_path)}) is None
