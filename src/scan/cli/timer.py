"""What `scan status` says of the timer."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scan import systemd, units
from scan.cli.context import Settings
from scan.cli.output import ago, safe
from scan.status import moment


def timer_of(settings: Settings, noted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Ask systemd how the profile's timer is; None where there is none.

    Args:
        settings: whose timer.
        noted: the schedule that the config asked for at the last run.

    """
    found = systemd.timer(settings.state.profile, settings.environ, user=is_of_user(settings))
    if found is None:
        return None
    wanted = None if noted is None else units.from_plain(noted)
    return {
        "unit": found.unit,
        "service": found.service,
        "enabled": found.enabled,
        "active": found.active,
        "running": found.running,
        "next_at": _text(found.next_at),
        "last_at": _text(found.last_at),
        "failure": found.failure,
        "fits": None if wanted is None else units.fits(wanted, found.lines, found.after_start),
    }


def is_of_user(settings: Settings) -> bool:
    """Tell whether it is a user's own systemd that runs a profile: that of whoever runs one outside of /etc/scan."""
    return not settings.is_of_system and os.getuid() != 0


def timer_lines(timer: Mapping[str, Any] | None, *, of_user: bool, now: datetime) -> list[str]:
    """Put it into words: how the timer is, and each thing that is wrong with it, with its cure."""
    option = " --user" if of_user else ""
    if timer is None:
        return [f"timer: none (scan units{option} --install)"]
    unit, service = timer["unit"], timer["service"]
    starts = f"systemctl{option} enable --now {unit}"
    following = "running now" if timer["running"] else f"next start {ago(moment(timer['next_at']), now)}"
    lines = [f"timer: {unit}, {following}, last start {ago(moment(timer['last_at']), now)}"]
    if not timer["active"]:
        lines = [f"timer: {unit} is off ({starts})"]
    elif not timer["enabled"]:
        lines.append(f"  it is off after the next boot ({starts})")
    if timer["failure"]:
        lines.append(f"  the last start failed: {safe(timer['failure'])} (journalctl{option} -u {service} -n 50)")
    if timer["active"] and timer["fits"] is False:
        lines.append(f"  it does not fit the config's cadence (scan units{option} --install)")
    return lines


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
