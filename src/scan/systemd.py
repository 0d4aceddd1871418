"""What systemd tells a service, and what a service tells systemd. Without systemd, nothing happens.

Sources: sd_notify(3), systemd.exec(5) (JOURNAL_STREAM, TRIGGER_UNIT, MONITOR_*), systemctl(1), journalctl(1),
systemd.time(7), read 2026-11.
"""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

ASKED = (
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "NextElapseUSecRealtime",
    "NextElapseUSecMonotonic",
    "LastTriggerUSec",
    "TimersCalendar",
    "TimersMonotonic",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
)
PATIENCE = 2.0
"""Seconds that `systemctl` may take; it needs some 10 ms."""

ALIVE_FOR = timedelta(minutes=2)
"""How long a run may say nothing (TimeoutStartSec= of the shipped service)."""

BEAT = 10.0
"""Seconds between two signs of life."""

_SPANS = {"us": 1, "ms": 10**3, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6, "w": 604800 * 10**6}
_SPAN = re.compile(r"([\d.]+)(us|ms|s|min|h|d|w)")
_EXITED = "1"


class Timer(NamedTuple):
    """How a profile's timer is, and how its last start went.

    Attributes:
        running: the service is at work, so that no next start is known.
        lines: its `OnCalendar=` lines, as systemd writes them.
        after_start: its `OnUnitActiveSec=`.
        failure: why the last start failed; None if it did not.

    """

    unit: str
    service: str
    enabled: bool
    active: bool
    running: bool
    next_at: datetime | None
    last_at: datetime | None
    lines: tuple[str, ...]
    after_start: timedelta | None
    failure: str | None


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
        self._last = -BEAT

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
        """Give a sign of life if the last one is some seconds old; for loops."""
        if time.monotonic() - self._last >= BEAT:
            self.beat()


def timer_of(profile: str) -> str:
    """Name a profile's timer."""
    return "scan.timer" if profile == "scan" else f"scan@{profile}.timer"


def service_of(profile: str) -> str:
    """Name the service that a profile's timer starts."""
    return timer_of(profile).removesuffix("timer") + "service"


def timer(profile: str, environ: Mapping[str, str], *, user: bool = False) -> Timer | None:
    """Ask how a profile's timer is; None where there is no systemd, or no such timer.

    Args:
        profile: its name.
        environ: where systemctl is, and what it needs to find a user's own systemd.
        user: ask the user's own.

    """
    units = timer_of(profile), service_of(profile)
    answer = _asked(["systemctl", *(["--user"] if user else []), "show", *units, f"--property={','.join(ASKED)}"], environ)
    if answer is None:
        return None
    shown, service = [*map(_fields, answer.split("\n\n")), {}, {}][:2]
    if _one(shown, "LoadState") != "loaded":
        return None
    calendar, monotonic = (" ".join(shown.get(name, ())) for name in ("TimersCalendar", "TimersMonotonic"))
    after = re.search(r"OnUnitActiveUSec=(.*?) ;", monotonic)
    return Timer(
        unit=units[0],
        service=units[1],
        enabled=_one(shown, "UnitFileState") == "enabled",
        active=_one(shown, "ActiveState") == "active",
        running=_one(shown, "SubState") == "running",
        next_at=_next(shown),
        last_at=_moment(_one(shown, "LastTriggerUSec")),
        lines=tuple(re.findall(r"OnCalendar=(.*?) ;", calendar)),
        after_start=_span(after[1]) if after else None,
        failure=_failure(service),
    )


def reload(environ: Mapping[str, str], *, user: bool = False) -> bool:
    """Have systemd read its units anew; tells whether it did."""
    return _asked(["systemctl", *(["--user"] if user else []), "daemon-reload"], environ) is not None


def journal(environ: Mapping[str, str], *, unit: str, invocation: str | None, lines: int) -> list[str]:
    """Read the last lines of a unit, of one invocation if that is known; none where they may not be read."""
    by_unit = [f"--unit={unit}"]
    by_run = [f"_SYSTEMD_INVOCATION_ID={invocation}", "+", f"INVOCATION_ID={invocation}"]
    which = by_run if invocation else by_unit
    answer = _asked(["journalctl", "--quiet", "--no-pager", "--output=cat", f"--lines={lines}", *which], environ)
    return (answer or "").splitlines()


def _asked(command: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """Run one of systemd's tools; times come in UTC, for zones' names say nothing."""
    needed = {name: environ[name] for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS") if name in environ}
    try:
        return subprocess.run(  # noqa: S603  # fixed commands; a profile's name is part of one argument
            command,
            env={**needed, "PATH": environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            encoding="utf-8",
            errors="replace",
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def _fields(block: str) -> dict[str, list[str]]:
    """Read one unit's properties; a timer's triggers are a line each."""
    fields: dict[str, list[str]] = {}
    for name, found, value in (line.partition("=") for line in block.splitlines()):
        if found:
            fields.setdefault(name, []).append(value)
    return fields


def _one(shown: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(shown.get(name, ())), "")


def _next(shown: Mapping[str, Sequence[str]]) -> datetime | None:
    """Find the next start: by the clock or by the time since the boot, whichever comes first."""
    moments = [_moment(_one(shown, "NextElapseUSecRealtime"))]
    since_boot = _span(_one(shown, "NextElapseUSecMonotonic"))
    if since_boot:
        moments.append(datetime.now(UTC) + since_boot - timedelta(seconds=time.monotonic()))
    return min(filter(None, moments), default=None)


def _failure(service: Mapping[str, Sequence[str]]) -> str | None:
    """Say why a service's last start failed."""
    result, status = _one(service, "Result"), _one(service, "ExecMainStatus")
    return None if result in {"", "success", "exec-condition"} else failure(result, _one(service, "ExecMainCode") == _EXITED, status)


def failure(result: str, exited: bool, status: str) -> str:  # noqa: FBT001  # systemd's own triple
    """Put a service's result into words."""
    if result == "exit-code" or (exited and result != "timeout"):
        return f"exit status {status}"
    if result in {"signal", "core-dump"}:
        name = signal.Signals(int(status)).name if status.isdecimal() and int(status) in set(signal.Signals) else status
        return f"killed by {name}"
    return {"timeout": "it took too long", "oom-kill": "it ran out of memory"}.get(result, result)


def _moment(text: str) -> datetime | None:
    """Read `Mon 2026-11-23 08:00:00 UTC`."""
    try:
        return datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except ValueError:
        return None


def _span(text: str) -> timedelta | None:
    """Read `1h 30min 2.5s`; None for `infinity`, which is none."""
    found = _SPAN.findall(text)
    return timedelta(microseconds=sum(float(count) * _SPANS[unit] for count, unit in found)) if found else None
