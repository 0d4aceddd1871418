"""A throw-away machine: this one's files beneath a layer in memory, a network of its own, booted by systemd-nspawn.

    with Machine("scan-1a2b3c", folder) as machine:
        machine.write("/etc/motd", "Hello\n")
        machine.boot()
        assert machine("systemctl", "is-system-running").out == "running\n"
        with machine.network(), Web() as web:
            machine("curl", web.url())

Nothing outlives the process that made it, however that ends: the files, mounts and network belong to a process that
ends with its standard input, and the kernel kills what runs in the machine with the process that booted it.
"""

import ctypes
import os
import shutil
import select
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SIZE = "2G"
"""Of the layer in memory; only what is written takes any."""

PATIENCE = 60
"""Seconds that a boot, and each command, may take."""

NEW_NETWORK = 0x40000000
"""CLONE_NEWNET (sched.h)."""

HOLDER = """
set -e
mount -t tmpfs -o "size=$SIZE,mode=755" tmpfs "$TOP"
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mkdir "$TOP/upper" "$TOP/work" "$TOP/root"
ip link set lo up
touch "$TOP/network"
mount --bind /proc/self/ns/net "$TOP/network"
mount -t overlay overlay -o "lowerdir=/,upperdir=$TOP/upper,workdir=$TOP/work" "$TOP/root"
mkdir "$CGROUP"
echo ready
cat
set +e
for attempt in 1 2 3 4 5 6 7 8 9; do
    find "$CGROUP" "/sys/fs/cgroup/systemd/${CGROUP##*/}" -depth -type d -exec rmdir {} + 2>/dev/null
    test -e "$CGROUP" || break
    sleep 0.$attempt
done
"""
"""Makes the mounts, which nobody else sees, keeps them for as long as somebody holds its standard input, and then takes
the control groups away once they are empty. systemd-nspawn makes some of its own where a host has the old hierarchy."""

BOOT = """
echo $$ > "$CGROUP/cgroup.procs"
exec unshare --pid --fork --kill-child --mount-proc systemd-nspawn \
    --directory="$TOP/root" --machine="$NAME" --network-namespace-path="$TOP/network" \
    --register=no --keep-unit --notify-ready=yes --link-journal=no --resolv-conf=off --console=pipe --boot
"""
"""In a control group and among processes of its own: two machines in one group would fight over its sub-groups, and if
its first process is killed, the kernel kills all others."""

ENVIRON = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Done:
    """What a finished command left."""

    status: int
    out: str
    err: str


class Machine:
    """A machine that is made by the `with` block, and runs from `boot` on.

    Attributes:
        name: of the machine; no other on this host has it at the same time.

    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._cgroup = _cgroup() / name
        self._console = folder.with_name(f"{folder.name}.console")
        self._nspawn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", HOLDER],
            env={**ENVIRON, "TOP": str(self._folder), "CGROUP": str(self._cgroup), "SIZE": SIZE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"ready\n", "the machine's files cannot be laid out"
        self._as_new()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.pull_the_plug()
        self._holder.communicate()

    def _as_new(self) -> None:
        """Take away what the host has enabled, and what says which host it is."""
        for folder in self.path("/etc/systemd/system").glob("*.wants"):
            shutil.rmtree(folder)
        self.write("/etc/machine-id", "")
        self.write("/etc/fstab", "")
        self.write("/etc/hostname", f"{self.name}\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost {self.name}\n")
        self.write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
        self.path("/var/log/journal").mkdir(exist_ok=True)

    # --- its power switch

    def boot(self) -> None:
        """Switch it on, and wait until it is up."""
        assert self._nspawn is None, f"{self.name} is on"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as word, self._console.open("ab") as console:
            word.bind(f"\0{self.name}")
            self._nspawn = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "nsenter", f"--target={self._holder.pid}", "--mount", "sh", "-c", BOOT],
                env={
                    **ENVIRON,
                    "TOP": str(self._folder),
                    "NAME": self.name,
                    "CGROUP": str(self._cgroup),
                    "NOTIFY_SOCKET": f"@{self.name}",
                    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
            end = os.pidfd_open(self._nspawn.pid)
            try:
                while select.select([word, end], [], [], PATIENCE)[0] == [word]:
                    if b"READY=1" in word.recv(4096).split(b"\n"):
                        return
            finally:
                os.close(end)
        raise AssertionError(f"{self.name} does not come up:\n{self._console.read_text()}")

    def power_off(self) -> None:
        """Switch it off in good order."""
        self("systemctl", "poweroff", check=False)
        self._is_off()

    def pull_the_plug(self) -> None:
        """Kill everything in it at once."""
        if self._nspawn is not None:
            for nspawn in _children(self._nspawn.pid):
                os.kill(nspawn, signal.SIGKILL)
            self._is_off()

    def _is_off(self) -> None:
        assert self._nspawn is not None
        self._nspawn.wait(PATIENCE)
        self._nspawn = None

    # --- what is in it

    def path(self, inside: str) -> Path:
        """Give where a file of the machine is found from outside, whether it is on or off.

        What is mounted inside, such as /run, is not seen from here.
        """
        return Path(f"/proc/{self._holder.pid}/root{self._folder}/root{inside}")

    def write(self, inside: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file, as root."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Have this thread, and those that it starts, open its sockets in the machine's network; they stay there."""
        with open("/proc/thread-self/ns/net") as here, open(f"/proc/{self._holder.pid}/ns/net") as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())

    # --- whoever is at work in it

    def __call__(self, *command: str, check: bool = True, **options: Any) -> Done:
        """Run a command to its end, as root in / or as `start` is told."""
        with self.start(*command, **options) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except BaseException:
                process.kill()
                raise
        done = Done(process.returncode, out, err)
        assert not check or done.status == 0, f"{' '.join(command)}: {done}"
        return done

    def start(self, *command: str, user: str = "root", environ: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        """Start a command, with the environment that a user's shell would give it."""
        as_user = [] if user == "root" else ["runuser", f"--user={user}", "--"]
        return subprocess.Popen(
            ["nsenter", f"--target={self._leader()}", "--all", "--", *as_user, *command],
            env={**ENVIRON, "HOME": "/root" if user == "root" else f"/home/{user}", **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _leader(self) -> int:
        """Find the machine's first process: systemd-nspawn's child, which is a child of what was started."""
        assert self._nspawn is not None, f"{self.name} is off"
        (nspawn,) = _children(self._nspawn.pid)
        (leader,) = _children(nspawn)
        return leader


def _cgroup() -> Path:
    """Find the control group of this process in the unified hierarchy."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    where = next(mount[1] for mount in mounts if mount[2] == "cgroup2")
    groups = Path("/proc/self/cgroup").read_text().splitlines()
    return Path(where + next(group.removeprefix("0::") for group in groups if group.startswith("0::")))


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _enter(network: int) -> None:
    """Make a network namespace that of this thread (setns(2))."""
    if ctypes.CDLL(None, use_errno=True).setns(network, NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")
