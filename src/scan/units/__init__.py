"""A profile's cadence as units of systemd: when its timer starts it, and a user's own service. Pure.

Lines are in the normal form of `systemd-analyze calendar`, so that they can be compared with what systemd shows.
Sources: systemd.time(7), systemd.timer(5), systemd.service(5), systemd.syntax(7), read 2026-11; what was tried on
booted machines is in docs/decisions/units.md.
"""

from scan.units.schedule import Schedule, fits, from_plain, schedule
from scan.units.texts import MARK, drop_in, user_service, user_timer

__all__ = ["MARK", "Schedule", "drop_in", "fits", "from_plain", "schedule", "user_service", "user_timer"]
