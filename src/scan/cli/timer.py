"""What `scan status` says of the timer."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scan import systemd, units
from scan.cli.context import Settings
from scan.phrases import ago
from scan.status import moment


def timer_of(settings: Settings, noted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Ask systemd how the profile's timer is; None where there is none.

    Args:
        settings: whose timer.
        noted: the schedule that the config asked for at the last run.

    """
    of_user = is_of_user(settings)
    found = systemd.timer(settings.state.profile, settings.environ, user=of_user)
    if found is None:
        return None
    wanted = None if noted is None else units.from_plain(noted)
    return {
        "unit": found.unit,
        "service": found.service,
        "user": of_user,
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


def timer_line(timer: Mapping[str, Any] | None, *, scan: str, of_user: bool, now: datetime) -> str:
    """Say in a line when a profile starts; what is wrong with its timer is said where all is that needs somebody."""
    if timer is None:
        return f"none ({scan} units{' --user' if of_user else ''} --install)"
    if not timer["active"]:
        return f"{timer['unit']} is off"
    following = "running now" if timer["running"] else f"next start {ago(moment(timer['next_at']), now)}"
    return f"{timer['unit']}, {following}, last start {ago(moment(timer['last_at']), now)}"


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
