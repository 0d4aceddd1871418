"""The files that `scan units` writes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from scan.units.schedule import MILLISECOND, Schedule

MARK = "# Written by scan units"
"""How a file begins that `scan units` may write anew."""

JITTER = timedelta(minutes=1)
"""How far apart machines start at most. It is never more than a fifteenth of the interval, which `scan.cadence.is_due`
forgives even where another delay is chosen at every start."""

USER_SERVICE = (
    "SuccessExitStatus=3 75 143",
    "TimeoutStartSec=2min",
    "NotifyAccess=main",
    "TimeoutStopSec=45s",
    "KillMode=mixed",
    "SyslogIdentifier=scan",
    "UMask=0077",
    "Nice=10",
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
)
"""What of packaging/systemd/scan.service, where each line is explained, works without privileges."""


def drop_in(wanted: Schedule, config: str) -> str:
    """Write what makes the shipped timer fit the config of that path."""
    return _lines(
        f"{MARK} from {config}; scan units --install writes it anew.",
        "[Timer]",
        "# Empty, so that the shipped cadence does not count. It takes OnBootSec= away, too.",
        "OnCalendar=",
        *_triggers(wanted, first="OnBootSec"),
        f"RandomizedDelaySec={span(_jitter(wanted))}",
    )


def user_timer(wanted: Schedule, config: str) -> str:
    """Write a whole timer for a user's own systemd."""
    return _lines(
        f"{MARK} --user from {config}; scan units --user --install writes it anew.",
        "[Unit]",
        f"Description=Scan the sources of {_percent(config)} when they are due",
        "",
        "[Timer]",
        *_triggers(wanted, first="OnStartupSec"),
        f"RandomizedDelaySec={span(_jitter(wanted))}",
        "FixedRandomDelay=yes",
        "AccuracySec=1s",
        "",
        "[Install]",
        "WantedBy=timers.target",
    )


def user_service(command: Sequence[str], config: str, environ: Mapping[str, str]) -> str:
    """Write the service for a user's own systemd.

    Args:
        command: how to start `scan`; the program's absolute path first.
        config: its absolute path.
        environ: variables by which the service finds the same state.

    """
    words = (_word(word).replace("$", "$$") for word in (*command, "--config", config, "run"))
    return _lines(
        f"{MARK} --user from {config}; scan units --user --install writes it anew.",
        "[Unit]",
        f"Description=Scan the sources of {_percent(config)} once",
        "",
        "[Service]",
        "Type=oneshot",
        *(f"Environment={_word(f'{name}={value}')}" for name, value in environ.items()),
        f"ExecStart={' '.join(words)}",
        *USER_SERVICE,
    )


def span(value: timedelta) -> str:
    """Write a time span for systemd."""
    milliseconds = value // MILLISECOND
    return f"{milliseconds}ms" if milliseconds % 1000 else f"{milliseconds // 1000}s"


def _triggers(wanted: Schedule, *, first: str) -> Iterator[str]:
    """Write what starts the run: by the clock, after the last start, after a boot.

    `Persistent=` makes a missed time of day up, once. Together with a start after each boot there would be two within
    minutes.
    """
    yield from (f"OnCalendar={line}" for line in wanted.lines)
    if wanted.after_start:
        yield f"OnUnitActiveSec={span(wanted.after_start)}"
    if wanted.after_start or not wanted.times:
        yield f"{first}=2min"
    if wanted.times:
        yield "Persistent=true"


def _jitter(wanted: Schedule) -> timedelta:
    """Spread the machines over a slot's first part. A time of day is kept; what follows a start is spread already."""
    if wanted.times or wanted.after_start or wanted.every is None:
        return timedelta(0)
    return min(JITTER, wanted.every / 15)


def _lines(*lines: str) -> str:
    return "\n".join((*lines, ""))


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """Quote one word as systemd unquotes it."""
    plain = _percent(text)
    if re.fullmatch(r"[\w@%+=:,./$-]+", plain):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
