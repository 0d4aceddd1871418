"""Root and the service's user: who may do what with the config and the state of the system's service.

Each test has an /etc, a /var/lib and a root's home of its own, with a user `scan` as sysusers makes it.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import COMMAND, PATIENCE, Ran, Scan
from tests.cli.users import OPENED, needs_root
from tests.web import Web

pytestmark = [pytest.mark.cli, needs_root]

MACHINE = """
set -e
mount -t tmpfs -o mode=755 tmpfs "$ROOM"
cp -a /etc "$ROOM/etc"
mount --bind "$ROOM/etc" /etc
mount -t tmpfs -o mode=755 tmpfs /var/lib
rm -rf /etc/scan
mkdir -m 755 /etc/scan
sed -i /^scan:/d /etc/passwd /etc/group
echo scan:x:990:990::/var/lib/scan:/usr/sbin/nologin >> /etc/passwd
echo scan:x:990: >> /etc/group
install -m 640 -g 990 "$CONFIG" /etc/scan/scan.yaml
set +e
exec sh -c "$STEPS"
"""
SCAN = str(COMMAND)
MEMBER = f"setpriv --reuid=5001 --regid=5001 --groups=990 -- {SCAN}"
OUTSIDER = f"setpriv --reuid=5002 --regid=5002 --clear-groups -- {SCAN}"
SERVICE = f"setpriv --reuid=990 --regid=990 --clear-groups -- {SCAN}"


@pytest.fixture
def ready(scan: Scan, web: Web) -> Scan:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    return scan


def as_root(scan: Scan, *steps: str) -> Ran:
    """Do steps as root on a fresh machine; the exit status is the last one's."""
    room = scan.folder / "room"
    room.mkdir()
    environ = {"ROOM": str(room), "CONFIG": str(scan.config), "STEPS": "\n".join(steps)}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", OPENED, "sh", "-c", MACHINE],
        env={**environ, "HOME": "/root", "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def owners(*paths: str) -> str:
    return f"stat --format='%n %U:%G %a' {' '.join(paths)}"


def test_the_first_run_by_root_leaves_everything_to_the_services_user(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run --json", owners("/var/lib/scan", "/var/lib/scan/*"))
    first, folder, *files = ran.out.splitlines()
    assert json.loads(first)["status"] == "success", ran.err
    assert folder == "/var/lib/scan scan:scan 750"
    assert files == [
        "/var/lib/scan/scan.at-work scan:scan 640",
        "/var/lib/scan/scan.db scan:scan 640",
        "/var/lib/scan/scan.lock scan:scan 640",
        "/var/lib/scan/scan.status.json scan:scan 640",
    ]


def test_what_only_looks_makes_no_folder(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run --dry-run", f"{SCAN} status", "ls -A /var/lib")
    assert ran.out.splitlines()[0].startswith("acme\t")
    assert "scan: not_started" in ran.out
    assert ran.out.rstrip().endswith("scan units --install)")


def test_root_reads_the_services_status_after_becoming_its_user(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{SCAN} status", f"{SCAN} items --json | head -c 1")
    assert ran.err == ""
    assert "scan: healthy" in ran.out
    assert ran.out.endswith("{")


def test_a_command_that_root_starts_has_the_home_of_the_services_user(ready: Scan) -> None:
    channel = "channels:\n  - {name: me, kind: command, run: [/bin/sh, -c, 'id -un; echo $HOME >&2; exit 1']}\n"
    ready.config.write_text(ready.config.read_text() + channel)
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{SCAN} channels test")
    assert "/var/lib/scan" in ran.out


def test_whoever_is_in_the_group_may_read_the_status_also_while_a_run_is_at_work(ready: Scan) -> None:
    at_work = '"running":{"run_id":"1","pid":4711,"since":"2026-11-23T08:00:00Z"}'
    ran = as_root(
        ready,
        f"{SCAN} run > /dev/null",
        f"{MEMBER} status",
        f"sed -i 's/\"running\":null/{at_work}/' /var/lib/scan/scan.status.json",
        "chown scan:scan /var/lib/scan/*; chmod 640 /var/lib/scan/*",
        f"flock /var/lib/scan/scan.lock {MEMBER} status",
        f"{MEMBER} status",
        f"{MEMBER} health",
    )
    assert (ran.status, ran.err) == (0, "")
    assert (ran.out.count("scan: healthy"), ran.out.count("scan: degraded")) == (2, 1)  # that run is long under way
    assert ran.out.count("running: PID 4711") == 1
    assert ran.out.count("the last run was interrupted") == 1


def test_whoever_is_in_the_group_may_not_run(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{MEMBER} run")
    assert (ran.status, ran.out) == (77, "")
    assert "/var/lib/scan: belongs to another user" in ran.err


@pytest.mark.parametrize("command", ["status", "run"])
def test_whoever_is_not_gets_one_clear_line(ready: Scan, command: str) -> None:
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{OUTSIDER} {command}")
    assert (ran.status, ran.out) == (77, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(("scan: /var/lib/scan", "scan: /etc/scan/scan.yaml"))
    assert "group" in line or "sudo" in line


def test_monitoring_outside_of_the_group_sees_unknown(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{OUTSIDER} status --check")
    assert ran.status == 3
    assert ran.out.startswith("SCAN UNKNOWN - /var/lib/scan/scan.status.json: not readable; join the group")


def test_health_outside_of_the_group_is_unknown(ready: Scan) -> None:
    ran = as_root(ready, f"{SCAN} run > /dev/null", f"{OUTSIDER} health")
    assert (ran.status, ran.err, ran.json["status"]) == (3, "", "unknown")
    assert "join the group" in ran.json["error"]


def test_a_home_that_is_closed_to_the_services_user_does_not_matter(ready: Scan) -> None:
    closed = "mkdir -p /var/lib/closed/.config/scan; chmod 700 /var/lib/closed; export HOME=/var/lib/closed"
    ran = as_root(ready, closed, f"{SERVICE} status")
    assert (ran.status, ran.err) == (0, "")
    assert "config: /etc/scan/scan.yaml" in ran.out


def test_a_state_folder_that_cannot_be_made_is_one_line(ready: Scan) -> None:
    ran = as_root(ready, "mount -o remount,ro /var/lib", f"{SCAN} run")
    assert (ran.status, ran.out) == (74, "")
    assert ran.err == "scan: /var/lib/scan: cannot be made: Read-only file system\n"


def test_the_machine_itself_is_as_it_was(ready: Scan) -> None:
    as_root(ready, f"{SCAN} run")
    assert not Path("/var/lib/scan").exists()
