"""`scan units`."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.door import OK
from scan.errors import ConfigError, NotPermitted

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config

SYSTEM_UNITS = Path("/etc/systemd/system")
INSTANCE = re.compile(r"[A-Za-z0-9:_.-]+")
"""A profile's name that is the name of a template's instance as it is."""

STATE_VARIABLES = ("XDG_STATE_HOME", "SSL_CERT_FILE")
"""What a user's service has to know of the environment to find the same state, and to trust the same servers."""


@click.command(name="units")
@click.option("--user", "of_user", is_flag=True, help="For your own systemd: the whole service and its timer.")
@click.option("--install", is_flag=True, help="Write the files, and have systemd read them.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write them there instead.")
@click.pass_obj
def command(settings: Settings, *, of_user: bool, install: bool, folder: Path | None) -> int:
    """Print systemd units that fit the config's cadence: every, calendar, and the sources' own every.

    For the system's scan.timer (scan@NAME.timer for another profile) that is a drop-in. A file that scan units has not
    written is never overwritten.
    """
    config = settings.load_config()
    found = folder or (_user_folder(settings) if of_user else SYSTEM_UNITS)
    files = {found / name: text for name, text in _texts(settings, config, of_user=of_user).items()}
    if not install:
        click.echo("\n".join(f"# {path}\n{text}" for path, text in files.items()), nl=False)
        return OK
    _write(files)
    if not of_user and not settings.is_of_system:
        click.echo(
            f"scan: the system's service reads /etc/scan, not {settings.config_path}; for yours: --user", err=True
        )
    if folder is None:
        _reload(settings, of_user=of_user)
    return OK


def _texts(settings: Settings, config: "Config", *, of_user: bool) -> dict[str, str]:
    """Make each file, by its path in the folder of units."""
    from scan import systemd, units

    profile, path = settings.state.profile, str(settings.config_path.absolute())
    if not INSTANCE.fullmatch(profile):
        raise ConfigError(f"{path}: systemd's units need a name of letters, digits and : _ . - only; rename the file")
    wanted, timer = units.schedule(config), systemd.timer_of(profile)
    if not of_user:
        return {f"{timer}.d/cadence.conf": units.drop_in(wanted, path)}
    environ = {name: settings.environ[name] for name in STATE_VARIABLES if settings.environ.get(name)}
    return {
        systemd.service_of(profile): units.user_service(_program(), path, environ),
        timer: units.user_timer(wanted, path),
    }


def _program() -> list[str]:
    """Name the command as which this process was started."""
    started = Path(sys.argv[0]).absolute()
    return [sys.executable, "-m", "scan"] if started.name == "__main__.py" else [str(started)]


def _user_folder(settings: Settings) -> Path:
    environ = settings.environ
    config = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or Path.home()) / ".config"
    return Path(config, "systemd", "user")


def _write(files: dict[Path, str]) -> None:
    """Write all files, or none if one of them is not ours."""
    from scan.units import MARK

    try:
        for path in files:
            if os.path.lexists(path) and not path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
                raise NotPermitted(f"{path}: scan units has not written it; move it away, or change it by hand")
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
            click.echo(f"written: {path}")
    except OSError as error:
        raise NotPermitted(f"{error.filename}: {error.strerror}; use sudo scan units, or --user for your own") from None


def _reload(settings: Settings, *, of_user: bool) -> None:
    """Have systemd read what was written, and say what is left to do."""
    from scan import systemd

    option, unit = " --user" if of_user else "", systemd.timer_of(settings.state.profile)
    steps = [] if systemd.reload(settings.environ, user=of_user) else [f"systemctl{option} daemon-reload"]
    timer = systemd.timer(settings.state.profile, settings.environ, user=of_user)
    if timer is None or not (timer.active and timer.enabled):
        steps.append(f"systemctl{option} enable --now {unit}")
    if of_user:
        steps.append("loginctl enable-linger, to run also while you are not logged in")
    click.echo(f"Next: {'; '.join(steps)}" if steps else f"{unit} starts by it from now on.")
