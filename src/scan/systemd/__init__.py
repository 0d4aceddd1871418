"""What systemd tells a service, and what a service asks of and tells systemd. Without systemd, nothing happens.

Sources: sd_notify(3), systemd.exec(5) (JOURNAL_STREAM, TRIGGER_UNIT), systemctl(1), journalctl(1), systemd.time(7),
read 2026-11; the forms in which `systemctl show` answers were seen on systemd 252 and 257.
"""

from scan.systemd.lines import send_line
from scan.systemd.notices import Heartbeat, is_journal, notify, trigger
from scan.systemd.timers import Timer, reason, service_of, timer, timer_of
from scan.systemd.tools import journal, reload

__all__ = [
    "Heartbeat",
    "Timer",
    "is_journal",
    "journal",
    "notify",
    "reason",
    "reload",
    "send_line",
    "service_of",
    "timer",
    "timer_of",
    "trigger",
]
