"""What a run says to systemd, and what its environment says of systemd."""

import os
import socket
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

ALIVE_FOR = timedelta(minutes=2)
"""How long a run may say nothing: TimeoutStartSec= of the shipped service."""

PAUSE = 10.0
"""Seconds between two signs of life in a loop."""


def trigger(environ: Mapping[str, str]) -> Literal["timer", "manual"]:
    """Tell who started this run, as far as systemd says. For the log only: it is best effort by its own account."""
    return "timer" if environ.get("TRIGGER_UNIT", "").endswith(".timer") else "manual"


def is_journal(descriptor: int, environ: Mapping[str, str]) -> bool:
    """Tell whether a file descriptor is the journal's, so that lines may carry their priority."""
    device, _, inode = environ.get("JOURNAL_STREAM", "").partition(":")
    try:
        found = os.fstat(descriptor)
    except OSError:
        return False
    return (device, inode) == (str(found.st_dev), str(found.st_ino))


def notify(environ: Mapping[str, str], **fields: str) -> None:
    """Tell systemd something, such as `STATUS="source 3 of 8"`; ignored where nobody listens."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    message = "\n".join(f"{name}={value}" for name, value in fields.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            sock.connect("\0" + address[1:] if address.startswith("@") else address)
            sock.send(message.encode())
    except OSError:
        return


class Heartbeat:
    """Signs of life: systemd ends a run that gives none for two minutes, and lets a long one go on."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._last: float | None = None

    def beat(self, status: str | None = None, *, ahead: timedelta = timedelta(0)) -> None:
        """Give a sign of life.

        Args:
            status: what `systemctl status` shows.
            ahead: how long the next step may take beyond the usual.

        """
        self._last = time.monotonic()
        said = {} if status is None else {"STATUS": status}
        notify(self._environ, **said, EXTEND_TIMEOUT_USEC=str((ALIVE_FOR + ahead) // timedelta(microseconds=1)))

    def tick(self) -> None:
        """Give a sign of life unless there just was one; for what is called often."""
        if self._last is None or time.monotonic() - self._last >= PAUSE:
            self.beat()
