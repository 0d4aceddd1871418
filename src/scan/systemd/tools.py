"""systemd's own tools, asked as anybody may ask them; some 10 ms each, and no library."""

import os
import subprocess
from collections.abc import Mapping, Sequence

PATIENCE = 5.0
"""Seconds that a tool may take."""


def ask(environ: Mapping[str, str], *command: str) -> str | None:
    """Run a tool and return what it prints; None where it is missing or fails. Times come in UTC."""
    needed = {name: environ[name] for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS") if name in environ}
    try:
        return subprocess.run(  # noqa: S603  # fixed commands; names are parts of single arguments
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


def systemctl(*, user: bool) -> Sequence[str]:
    """Name the tool that speaks with the system's systemd, or with a user's own."""
    return ("systemctl", "--user") if user else ("systemctl",)


def reload(environ: Mapping[str, str], *, user: bool) -> bool:
    """Have systemd read its units anew; tell whether it did."""
    return ask(environ, *systemctl(user=user), "daemon-reload") is not None


def journal(environ: Mapping[str, str], *, unit: str, invocation: str | None, lines: int) -> list[str]:
    """Read the last lines of a service: of that start alone if it is known. None of them where they may not be read."""
    of_start = (f"_SYSTEMD_INVOCATION_ID={invocation}", "+", f"INVOCATION_ID={invocation}")
    which = of_start if invocation else (f"--unit={unit}",)
    answer = ask(environ, "journalctl", "--quiet", "--no-pager", "--all", "--output=cat", f"--lines={lines}", *which)
    return (answer or "").splitlines()
