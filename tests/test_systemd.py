import os
import socket
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from scan import systemd

TIMER = """\
TimersMonotonic={ OnBootUSec=2min ; next_elapse=0 }
TimersCalendar={ OnCalendar=*-*-* 02:00:00 America/Chicago ; next_elapse=Tue 2026-11-24 08:00:00 UTC }
TimersCalendar={ OnCalendar=*-*-* *:00/15:00 UTC ; next_elapse=(null) }
NextElapseUSecRealtime=Mon 2026-11-23 10:00:40 UTC
NextElapseUSecMonotonic=infinity
LastTriggerUSec=Mon 2026-11-23 08:00:00 UTC
Result=success
LoadState=loaded
ActiveState=active
SubState=waiting
UnitFileState=enabled
"""
"""As systemctl 252 and 257 show it."""

SERVICE = """\
Result=success
ExecMainStatus=0
LoadState=loaded
ActiveState=inactive
SubState=dead
UnitFileState=static
"""

AT_WORK = {"SubState=waiting": "SubState=running", "=Mon 2026-11-23 10:00:40 UTC": "="}
SINCE_BOOT = {
    "NextElapseUSecRealtime=Mon 2026-11-23 10:00:40 UTC\n": "",
    "NextElapseUSecMonotonic=infinity": "NextElapseUSecMonotonic=1y 1h 30min 2.5s",
    "OnCalendar=*-*-* *:00/15:00 UTC": "OnCalendar=*-*-* 05:00:00 UTC",
    "TimersMonotonic": "TimersMonotonic={ OnUnitActiveUSec=1h 30min ; next_elapse=1y 1h 30min 2.5s }\nTimersMonotonic",
}


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


def test_a_sign_of_life_asks_for_two_minutes_and_what_the_next_step_needs(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.settimeout(5)
        heart = systemd.Heartbeat({"NOTIFY_SOCKET": address})
        heart.tick()
        heart.tick()
        heart.beat("telling me", ahead=timedelta(minutes=1))
        assert sock.recv(1000) == b"EXTEND_TIMEOUT_USEC=120000000"
        assert sock.recv(1000) == b"STATUS=telling me\nEXTEND_TIMEOUT_USEC=180000000"


def tool(folder: Path, name: str, script: str) -> dict[str, str]:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def shows(folder: Path, timer: Mapping[str, str] = MappingProxyType({}), service: str = SERVICE) -> dict[str, str]:
    text = TIMER
    for old, new in timer.items():
        assert old in text
        text = text.replace(old, new)
    return tool(folder, "systemctl", f"echo \"$@\" > {folder}/asked\ncat <<'EOF'\n{text}\n{service}EOF\n")


def test_a_timer_is_shown_with_its_triggers_and_its_services_result(tmp_path: Path) -> None:
    assert systemd.timer("scan", shows(tmp_path), user=False) == systemd.Timer(
        unit="scan.timer",
        service="scan.service",
        enabled=True,
        active=True,
        running=False,
        next_at=datetime(2026, 11, 23, 10, 0, 40, tzinfo=UTC),
        last_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        lines=("*-*-* 02:00:00 America/Chicago", "*-*-* *:00/15:00 UTC"),
        after_start=None,
        failure=None,
    )


def test_while_the_service_is_at_work_no_next_start_is_known(tmp_path: Path) -> None:
    timer = systemd.timer("scan", shows(tmp_path, AT_WORK), user=False)
    assert timer is not None
    assert (timer.running, timer.next_at) == (True, None)


def test_a_start_that_follows_the_last_one_is_counted_from_the_boot(tmp_path: Path) -> None:
    timer = systemd.timer("scan", shows(tmp_path, SINCE_BOOT), user=False)
    assert timer is not None
    assert timer.next_at is not None
    boot = datetime.now(UTC) - timedelta(seconds=time.monotonic())
    assert abs(timer.next_at - boot - timedelta(days=365.25, minutes=90, seconds=2.5)) < timedelta(seconds=5)
    assert timer.after_start == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("result", "status", "said"),
    [
        ("success", "0", None),
        ("exec-condition", "1", None),
        ("", "", None),
        ("exit-code", "78", "exit status 78"),
        ("signal", "9", "killed by SIGKILL"),
        ("core-dump", "SEGV", "killed by SIGSEGV"),
        ("timeout", "15", "it took too long"),
        ("oom-kill", "9", "out of memory"),
        ("resources", "", "resources"),
    ],
)
def test_systemds_word_for_a_failure_is_put_into_plain_ones(result: str, status: str, said: str | None) -> None:
    assert systemd.reason(result, status) == said


def test_a_failed_start_is_seen(tmp_path: Path) -> None:
    failed = SERVICE.replace("success", "exit-code").replace("Status=0", "Status=78")
    timer = systemd.timer("scan", shows(tmp_path, service=failed), user=False)
    assert timer is not None
    assert timer.failure == "exit status 78"


def test_a_profile_of_another_name_has_the_templates_timer(tmp_path: Path) -> None:
    timer = systemd.timer("news", shows(tmp_path), user=True)
    assert timer is not None
    assert (timer.unit, timer.service) == ("scan@news.timer", "scan@news.service")
    asked = (tmp_path / "asked").read_text().split()
    assert asked[:2] == ["--user", "show"]
    assert asked[-2:] == ["scan@news.timer", "scan@news.service"]


def test_without_the_timer_or_without_systemd_there_is_none(tmp_path: Path) -> None:
    assert systemd.timer("scan", shows(tmp_path, {"=loaded": "=not-found"}), user=False) is None
    (tmp_path / "systemctl").write_text("#!/bin/sh\nexit 1\n")
    assert systemd.timer("scan", {"PATH": str(tmp_path)}, user=False) is None
    (tmp_path / "systemctl").unlink()
    assert systemd.timer("scan", {"PATH": str(tmp_path)}, user=False) is None
    assert not systemd.reload({"PATH": str(tmp_path)}, user=False)
    assert systemd.journal({"PATH": str(tmp_path)}, unit="scan.service", invocation=None, lines=50) == []


@pytest.mark.parametrize(
    ("invocation", "which"),
    [("ab12", "_SYSTEMD_INVOCATION_ID=ab12 + INVOCATION_ID=ab12"), (None, "--unit=scan.service")],
)
def test_the_journal_is_asked_for_one_start_where_that_is_known(
    tmp_path: Path, invocation: str | None, which: str
) -> None:
    environ = tool(tmp_path, "journalctl", 'echo "$@"; printf "caf\\351\\n"\n')
    asked, line = systemd.journal(environ, unit="scan.service", invocation=invocation, lines=50)
    assert asked.endswith(f"--lines=50 {which}")
    assert line == "caf\N{REPLACEMENT CHARACTER}"
