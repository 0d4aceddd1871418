"""The throw-away machine itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.booted.kernel import cgroup
from tests.system.booted.machine import Machine
from tests.system.booted.service import BOOTED

pytestmark = BOOTED

BOOTS = """
import sys
from pathlib import Path
from tests.system.booted.machine import Machine

with Machine(sys.argv[1], Path(sys.argv[2])) as machine:
    machine.boot()
    print(machine("hostname").out, end="", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_machine_whose_owner_is_gone(
    machine: Machine, tmp_path: Path, ended_by: signal.Signals
) -> None:
    name = f"{machine.name}-too"  # two at a time
    command = [sys.executable, "-c", BOOTS, name, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == f"{name}\n"
        assert (cgroup() / name).exists()
        os.killpg(owner.pid, ended_by)  # as a terminal does, or what limits the time of tests
        owner.communicate()  # ends when nobody is left who could write
    assert not (cgroup() / name).exists()
    assert not Path("/sys/fs/cgroup/systemd", name).exists()
    assert list(tmp_path.iterdir()) == []
    assert name not in Path("/proc/mounts").read_text()


def test_what_is_written_in_it_is_not_written_here(machine: Machine) -> None:
    machine("touch", "/usr/bin/written-in-the-machine")
    assert machine.path("/usr/bin/written-in-the-machine").exists()
    assert not Path("/usr/bin/written-in-the-machine").exists()
    assert not Path("/usr/bin/scan").exists()
