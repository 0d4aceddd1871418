import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from scan.channels.command import Command
from scan.deliver import command
from scan.errors import DeliveryError
from tests.deliver.handovers import FullDiskError, Recorded, Refusing
from tests.processes import ends

PAYLOAD = json.dumps({"version": 1, "notices": ["x" * 100] * 5000}).encode()
ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/home/me", "TZ": "UTC", "SCAN_PASSWORD": "sesame"}


def script(body: str, *arguments: str, timeout: float = 20.0) -> Command:
    return Command(name="log", run=(sys.executable, "-c", body, *arguments), timeout=timedelta(seconds=timeout))


def shell(body: str, timeout: float = 20.0) -> Command:
    return Command(name="log", run=("/bin/sh", "-c", body), timeout=timedelta(seconds=timeout))


def send(channel: Command, handover: Recorded) -> None:
    command.send(channel, "m1", PAYLOAD, handover, environ=ENVIRON)


def refused(channel: Command) -> DeliveryError:
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        send(channel, handover)
    assert "accepted" not in handover.events
    return raised.value


def test_the_program_reads_the_whole_message_and_its_success_is_acceptance(tmp_path: Path) -> None:
    handover = Recorded()
    send(shell(f'cat > "{tmp_path}/seen"'), handover)
    assert (tmp_path / "seen").read_bytes() == PAYLOAD
    assert handover.events == ["armed", "accepted"]
    assert handover.receipts == [(0, "")]


def test_a_program_that_reads_nothing_is_as_good() -> None:
    handover = Recorded()
    send(shell("exit 0"), handover)
    assert handover.events == ["armed", "accepted"]


def test_the_program_knows_little_of_our_environment(tmp_path: Path) -> None:
    send(shell(f'env > "{tmp_path}/seen"'), Recorded())
    seen = dict(line.split("=", 1) for line in (tmp_path / "seen").read_text().splitlines())
    expected = {name: ENVIRON[name] for name in ("PATH", "HOME", "TZ")}
    expected |= {"SCAN_MESSAGE_ID": "m1", "SCAN_CHANNEL": "log"}
    assert expected.items() <= seen.items()
    assert seen.keys() - expected.keys() <= {"PWD", "SHLVL", "_", "OLDPWD"}


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    body = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    send(script(body, str(tmp_path / "seen"), "$HOME; *"), Recorded())
    assert (tmp_path / "seen").read_text() == "$HOME; *"


@pytest.mark.parametrize("status", [1, 75])
def test_a_failure_is_temporary_and_ends_in_its_last_words(status: int) -> None:
    error = refused(shell(f"echo first >&2; echo 'the disk is full' >&2; echo >&2; exit {status}"))
    assert (error.code, error.permanent, error.config, error.in_doubt) == (status, False, False, False)
    assert str(error) == f"/bin/sh: exit status {status}: the disk is full"


def test_endless_complaints_are_not_kept() -> None:
    error = refused(script("import sys; sys.stderr.write('y\\n' * 3_000_000 + 'last'); sys.exit(1)"))
    assert str(error).endswith(": last")
    error = refused(script("import sys; sys.stderr.write('y' * 3_000_000); sys.exit(1)"))
    assert len(str(error)) < 400


@pytest.mark.parametrize("program", ["/nonexistent/program", "/etc/hostname", "no-such-program-anywhere"])
def test_a_program_that_cannot_be_started_is_the_channels_fault(program: str) -> None:
    error = refused(Command(name="log", run=(program,)))
    assert (error.config, error.in_doubt) == (True, False)
    assert str(error).startswith(f"{program}: cannot be started: ")


def test_a_program_that_lacks_another_is_the_channels_fault() -> None:
    assert refused(shell("no-such-program-anywhere")).config


def test_a_hanging_program_is_killed_with_all_it_started(tmp_path: Path) -> None:
    begun = time.monotonic()
    error = refused(shell(f'sleep 60 & echo $! > "{tmp_path}/child"; echo hanging >&2; wait', timeout=1.0))
    assert time.monotonic() - begun < 10
    assert error.in_doubt
    assert str(error) == "/bin/sh: killed after 1 s: hanging"
    child = int((tmp_path / "child").read_text())
    assert ends(child)


def test_a_program_that_dies_leaves_it_in_doubt() -> None:
    error = refused(shell("kill -9 $$"))
    assert error.in_doubt
    assert "signal 9" in str(error)


def test_what_a_program_leaves_running_is_not_waited_for() -> None:
    begun = time.monotonic()
    handover = Recorded()
    send(shell("sleep 5 & exit 0"), handover)
    assert handover.events == ["armed", "accepted"]
    assert time.monotonic() - begun < 4


def test_nothing_is_started_if_it_cannot_be_armed(tmp_path: Path) -> None:
    with pytest.raises(FullDiskError):
        send(shell(f'touch "{tmp_path}/seen"'), Refusing())
    assert not (tmp_path / "seen").exists()
