r"""A throw-away machine: this one's files beneath a layer in memory, a network of its own, booted by systemd-nspawn.

    with Machine("scan-1a2b3c", folder) as machine:
        machine.write("/etc/motd", "Hello\n")
        machine.boot()
        assert machine("systemctl", "is-system-running").out == "running\n"
        with machine.network(), Web() as web:
            machine("curl", web.url())

Nothing outlives the process that made it, however that ends: the files, mounts and network belong to a process that
ends with its standard input, and the kernel kills what runs in the machine with the process that booted it.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.system.booted import kernel

SIZE = "2G"
"""Of the layer in memory; only what is written takes any."""

PATIENCE = 60
"""Seconds that a boot, and each command, may take."""

HOLDER = r"""
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
groups() {
    find /sys/fs/cgroup -depth -type d \( -path "*/${CGROUP##*/}" -o -path "*/${CGROUP##*/}/*" \) "$@"
}
for attempt in 1 2 3 4 5 6 7 8 9; do
    groups -exec rmdir {} + 2>/dev/null
    test -z "$(groups)" && break
    sleep 0.$attempt
done
"""
"""Makes the mounts, which nobody else sees, keeps them for as long as somebody holds its standard input, and then takes
the control groups away once they are empty. systemd-nspawn makes some of its own where a host has the old hierarchy."""

BOOT = """
echo $$ > "$CGROUP/cgroup.procs"
exec unshare --pid --fork --kill-child --mount-proc systemd-nspawn \
    --directory="$TOP/root" --machine="$NAME" --console=pipe --notify-ready=yes --boot \
    --network-namespace-path="$TOP/network" --capability=CAP_NET_ADMIN --resolv-conf=off \
    --register=no --keep-unit --link-journal=no
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


class CannotBoot(Exception):
    """Machines cannot be booted here."""


class Machine:
    """A machine that is made by the `with` block, and runs from `boot` on.

    Attributes:
        name: of the machine; no other on this host has it at the same time.
        folder: where its files are, seen by itself and what is `beside` it.

    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self._cgroup = kernel.cgroup() / name
        self._console = folder.with_name(f"{folder.name}.console")
        self._nspawn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", HOLDER],
            env={**ENVIRON, "TOP": str(self.folder), "CGROUP": str(self._cgroup), "SIZE": SIZE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C ends the tests, and only by that the machine
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"ready\n":
            raise CannotBoot("its files cannot be laid out; that takes mounts, overlayfs and namespaces")
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

    @property
    def is_on(self) -> bool:
        """Whether it is running."""
        return self._nspawn is not None

    def boot(self) -> None:
        """Switch it on, and wait until it is up."""
        assert self._nspawn is None, f"{self.name} is on"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as word, self._console.open("ab") as console:
            word.bind(f"\0{self.name}")
            self._nspawn = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "nsenter", f"--target={self._holder.pid}", "--mount", "sh", "-c", BOOT],
                env={
                    **ENVIRON,
                    "TOP": str(self.folder),
                    "NAME": self.name,
                    "CGROUP": str(self._cgroup),
                    "NOTIFY_SOCKET": f"@{self.name}",
                    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            ended = os.pidfd_open(self._nspawn.pid)
            try:
                while select.select([word.fileno(), ended], [], [], PATIENCE)[0] == [word.fileno()]:
                    if b"READY=1" in word.recv(4096).split(b"\n"):
                        return
            finally:
                os.close(ended)
        raise CannotBoot(f"{self.name} does not come up:\n{self._console.read_text()}")

    def power_off(self) -> None:
        """Switch it off in good order."""
        self("systemctl", "poweroff", check=False)
        self._is_off()

    def pull_the_plug(self) -> None:
        """Kill everything in it at once."""
        if self._nspawn is not None:
            for nspawn in kernel.children(self._nspawn.pid):
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
        return Path(f"/proc/{self._holder.pid}/root{self.folder}/root{inside}")

    def write(self, inside: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file, as root."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def beside(self, *command: str) -> None:
        """Run a command of the host, which sees the machine's mounts."""
        there = ["nsenter", f"--target={self._holder.pid}", "--mount", "--"]
        subprocess.run([*there, *command], env=ENVIRON, stdin=subprocess.DEVNULL, check=True, timeout=PATIENCE)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Have this thread, and those that it starts, open its sockets in the machine's network; they stay there."""
        ours, theirs = Path("/proc/thread-self/ns/net"), Path(f"/proc/{self._holder.pid}/ns/net")
        with ours.open() as here, theirs.open() as there:
            kernel.enter_network(there.fileno())
            try:
                yield
            finally:
                kernel.enter_network(here.fileno())

    # --- whoever is at work in it

    def __call__(self, *command: str, check: bool = True, **options: Any) -> Done:
        """Run a command to its end, as root in / or as `start` is told."""
        with self.start(*command, **options) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except BaseException:
                self.end(process)
                raise
        done = Done(process.returncode, out, err)
        assert not check or done.status == 0, f"{' '.join(command)}: {done}"
        return done

    def start(
        self, *command: str, user: str = "root", environ: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
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

    def end(self, process: "subprocess.Popen[str]") -> None:
        """End what was started, within the machine; nsenter must be left to hear of it, or it would stay a zombie."""
        for inside in kernel.children(process.pid):
            os.kill(inside, signal.SIGKILL)

    def _leader(self) -> int:
        """Find the machine's first process: systemd-nspawn's child, which is a child of what was started."""
        assert self._nspawn is not None, f"{self.name} is off"
        (nspawn,) = kernel.children(self._nspawn.pid)
        (leader,) = kernel.children(nspawn)
        return leader
