"""Tries to get out of the sandbox; writes what came of each attempt as JSON into the file that is its argument.

It is copied into the machine and run there by Debian's Python, as a command channel, so by `scan` itself.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
PERSONALITY_READ_IMPLIES_EXEC = 0x0400000
CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID = 0x10000000, 0x20000, 0x40000000, 0x20000000


def call(name: str, *arguments: object) -> None:
    """Call a function of the C library, of which -1 is a failure."""
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def write(path: str) -> Callable[[], object]:
    return lambda: Path(path).write_text("escaped\n", encoding="utf-8")


def make_setuid() -> None:
    path = Path("/var/lib/scan/setuid")
    path.touch()
    path.chmod(0o4755)


def raise_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    except ValueError as error:  # in Python, EPERM is one here
        raise PermissionError(errno.EPERM, "setrlimit") from error


ATTEMPTS: dict[str, Callable[[], object]] = {
    "write to /usr": write("/usr/bin/escaped"),
    "write to /etc": write("/etc/escaped"),
    "write to its own config": write("/etc/scan/scan.yaml"),
    "write to /var/lib": write("/var/lib/escaped"),
    "write to the kernel's settings": write("/proc/sys/kernel/core_pattern"),
    "write to /sys": write("/sys/kernel/uevent_helper"),
    "read /home": lambda: Path("/home/ann/diary").read_text(encoding="utf-8"),
    "read /root": lambda: list(Path("/root").iterdir()),
    "read the shadow passwords": lambda: Path("/etc/shadow").read_text(encoding="utf-8"),
    "see others' processes": lambda: Path("/proc/1/cmdline").read_bytes(),
    "trace its parent": lambda: call("ptrace", PTRACE_SEIZE, os.getppid(), None, None),
    "kill the first process": lambda: os.kill(1, 9),
    "a user namespace": lambda: call("unshare", CLONE_NEWUSER),
    "a mount namespace": lambda: call("unshare", CLONE_NEWNS),
    "a network namespace": lambda: call("unshare", CLONE_NEWNET),
    "a PID namespace": lambda: call("unshare", CLONE_NEWPID),
    "mount": lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "change the root": lambda: os.chroot("/tmp"),
    "become root": lambda: os.setuid(0),
    "set the set-user-ID bit": make_setuid,
    "set the clock": lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
    "set the host's name": lambda: socket.sethostname("escaped"),
    "add swap space": lambda: call("swapon", b"/var/lib/scan/scan.db", 0),
    "read the kernel's log": lambda: Path("/dev/kmsg").read_text(encoding="utf-8"),
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "memory to write and to execute": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC),
    "another personality": lambda: call("personality", PERSONALITY_READ_IMPLIES_EXEC),
    "realtime priority": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "a better priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "raise its limits": raise_limit,
}
ALLOWED: dict[str, Callable[[], object]] = {
    "write to the state": write("/var/lib/scan/allowed"),
    "write to the logs": write("/var/log/scan/allowed"),
    "write to /tmp": write("/tmp/allowed"),
    "read the certificates": lambda: list(Path("/etc/ssl/certs").iterdir()),
    "look a name up": lambda: socket.getaddrinfo("localhost", 80),
    "start a program": lambda: subprocess.run(["/bin/true"], check=True),
}


def attempt(what: Callable[[], object]) -> str:
    """Say what comes of it, in a process of its own: the kernel's reason, or that it worked."""
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, _outcome(what).encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    said = os.read(reading, 1000).decode()
    os.close(reading)
    return said


def _outcome(what: Callable[[], object]) -> str:
    try:
        what()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "worked"


if __name__ == "__main__":
    tried = {name: attempt(what) for name, what in (ATTEMPTS | ALLOWED).items()}
    Path(sys.argv[1]).write_text(json.dumps(tried), encoding="utf-8")
