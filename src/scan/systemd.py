"""What systemd tells a service, and what a service tells systemd. Without systemd, nothing happens.

Sources: sd_notify(3), systemd.exec(5) (JOURNAL_STREAM, TRIGGER_UNIT), systemctl(1), read 2026-11.
"""

import os
import socket
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

ASKED = ("ActiveState", "SubState", "UnitFileState", "NextElapseUSecRealtime", "LastTriggerUSec", "Result")
PATIENCE = 2.0
"""Seconds that `systemctl` may take; it needs some 10 ms."""


class Timer(NamedTuple):
    """How a profile's timer is."""

    unit: str
    enabled: bool
    active: bool
    running: bool
    next_at: datetime | None
    last_at: datetime | None


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


def timer(profile: str, environ: Mapping[str, str]) -> Timer | None:
    """Ask how a profile's timer is; None where there is no systemd, or no such timer."""
    unit = "scan.timer" if profile == "scan" else f"scan@{profile}.timer"
    properties = ",".join(ASKED)
    command = ["systemctl", "show", unit, f"--property={properties},LoadState", "--timestamp=unix"]
    try:
        answer = subprocess.run(  # noqa: S603  # a fixed command; the profile's name is one argument of its own
            command,
            env={"PATH": environ.get("PATH", os.defpath), "LC_ALL": "C"},
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            text=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    shown = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)
    if shown.get("LoadState") != "loaded":
        return None
    return Timer(
        unit=unit,
        enabled=shown.get("UnitFileState") == "enabled",
        active=shown.get("ActiveState") == "active",
        running=shown.get("SubState") == "running",
        next_at=_moment(shown.get("NextElapseUSecRealtime", "")),
        last_at=_moment(shown.get("LastTriggerUSec", "")),
    )


def _moment(text: str) -> datetime | None:
    """Read `@1795000000`, or what systemd before 253 prints all the same (`Mon 2026-11-23 08:00:00 UTC`)."""
    if text.startswith("@"):
        return datetime.fromtimestamp(float(text[1:]), UTC)
    for form in ("%a %Y-%m-%d %H:%M:%S UTC", "%a %Y-%m-%d %H:%M:%S %Z"):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007  # the zone's name stands in the text, or is local
        except ValueError:
            continue
        return moment.replace(tzinfo=UTC) if text.endswith(" UTC") else moment.astimezone(UTC)
    return None
