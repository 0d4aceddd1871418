"""How a profile's timer is, and how its last start went."""

import re
import signal
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scan.systemd.tools import ask, systemctl

OF_TIMER = ("LoadState", "ActiveState", "SubState", "UnitFileState", "LastTriggerUSec", "TimersCalendar",
            "TimersMonotonic", "NextElapseUSecRealtime", "NextElapseUSecMonotonic")  # fmt: skip
OF_SERVICE = ("Result", "ExecMainStatus")

_MICROSECONDS = {"us": 1, "ms": 10**3, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6,
                 "w": 604800 * 10**6, "month": 2629800 * 10**6, "y": 31557600 * 10**6}  # fmt: skip
_SPAN = re.compile(r"([\d.]+)([a-z]+)")

Shown = Mapping[str, Sequence[str]]
"""A unit's properties; one that is a list has a line for each of its parts."""


class Timer(NamedTuple):
    """How a timer is.

    Attributes:
        running: its service is at work, so that no next start is known.
        lines: its `OnCalendar=` lines, in systemd's normal form.
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
    lines: tuple[str, ...] = ()
    after_start: timedelta | None = None
    failure: str | None = None


def timer_of(profile: str) -> str:
    """Name a profile's timer."""
    return "scan.timer" if profile == "scan" else f"scan@{profile}.timer"


def service_of(profile: str) -> str:
    """Name the service that a profile's timer starts."""
    return f"{timer_of(profile).removesuffix('.timer')}.service"


def timer(profile: str, environ: Mapping[str, str], *, user: bool) -> Timer | None:
    """Ask how a profile's timer is; None where there is no systemd, or no such timer.

    Args:
        profile: its name.
        environ: where systemctl is, and what it needs to find a user's own systemd.
        user: ask that one.

    """
    units = timer_of(profile), service_of(profile)
    answer = ask(environ, *systemctl(user=user), "show", f"--property={','.join(OF_TIMER + OF_SERVICE)}", *units)
    shown, service = [*map(_properties, (answer or "").split("\n\n")), {}][:2]
    if _first(shown, "LoadState") != "loaded":
        return None
    after = re.findall(r"OnUnitActiveUSec=(.*?) ;", " ".join(shown.get("TimersMonotonic", ())))
    return Timer(
        unit=units[0],
        service=units[1],
        enabled=_first(shown, "UnitFileState").startswith("enabled"),
        active=_first(shown, "ActiveState") == "active",
        running=_first(shown, "SubState") == "running",
        next_at=_next(shown),
        last_at=_moment(_first(shown, "LastTriggerUSec")),
        lines=tuple(re.findall(r"OnCalendar=(.*?) ;", " ".join(shown.get("TimersCalendar", ())))),
        after_start=_span(after[0]) if after else None,
        failure=reason(_first(service, "Result"), _first(service, "ExecMainStatus")),
    )


def reason(result: str, status: str) -> str | None:
    """Say why a service failed; None if it did not.

    Args:
        result: systemd's word for it.
        status: an exit status, or a signal's number or name.

    """
    if result in {"", "success", "exec-condition"}:
        return None
    if result == "exit-code":
        return f"exit status {status}"
    if result in {"signal", "core-dump"}:
        return f"killed by {signal.Signals(int(status)).name if status.isdecimal() else f'SIG{status}'}"
    return {"timeout": "it took too long", "oom-kill": "out of memory"}.get(result, result)


def _properties(block: str) -> Shown:
    properties: dict[str, list[str]] = {}
    for name, _, value in (line.partition("=") for line in block.splitlines()):
        properties.setdefault(name, []).append(value)
    return properties


def _first(shown: Shown, name: str) -> str:
    return next(iter(shown.get(name, ())), "")


def _next(shown: Shown) -> datetime | None:
    """Find the next start, by the clock or by the time since the boot."""
    moments = [_moment(_first(shown, "NextElapseUSecRealtime"))]
    if since_boot := _span(_first(shown, "NextElapseUSecMonotonic")):
        ahead = since_boot - timedelta(seconds=time.monotonic())
        moments.append((datetime.now(UTC) + ahead).replace(microsecond=0))
    return min(filter(None, moments), default=None)


def _moment(text: str) -> datetime | None:
    """Read `Mon 2026-11-23 08:00:00 UTC`; None for `n/a` and nothing."""
    try:
        return datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except ValueError:
        return None


def _span(text: str) -> timedelta | None:
    """Read `1h 30min 2.5s`; None for nothing, and for `infinity`, at which nothing happens."""
    parts = _SPAN.findall(text)
    return timedelta(microseconds=sum(float(count) * _MICROSECONDS[unit] for count, unit in parts)) if parts else None
