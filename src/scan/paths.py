"""Where things lie: the config folder, the config file of a profile, the state beside it. Nothing is made here."""

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path

SYSTEM_CONFIG = Path("/etc/scan")
SYSTEM_STATE = Path("/var/lib/scan")
SERVICE_USER = "scan"
"""Whom the system's service runs as, and to whom its state belongs (packaging/systemd/scan.sysusers)."""

DEFAULT_PROFILE = "scan"


@dataclass(frozen=True, slots=True)
class State:
    """Where one profile keeps what it knows."""

    folder: Path
    profile: str

    @property
    def database(self) -> Path:
        """The SQLite file that is used unless the config names another database."""
        return self.folder / f"{self.profile}.db"

    @property
    def lock(self) -> Path:
        """Held by the running `scan run`."""
        return self.folder / f"{self.profile}.lock"

    @property
    def at_work(self) -> Path:
        """Which source the running `scan run` has in hand, in case it dies of it."""
        return self.folder / f"{self.profile}.at-work"

    @property
    def status(self) -> Path:
        """What the last run left for `scan status` and `scan health`, so that they need no database."""
        return self.folder / f"{self.profile}.status.json"

    @property
    def lists(self) -> Path:
        """The folder of the lists' last good copies."""
        return self.folder / f"{self.profile}.lists"


def config_file(*, given: str | None, profile: str | None, environ: Mapping[str, str]) -> Path:
    """Find the config file: the one given, else the profile's in the config folder."""
    if given:
        return Path(given)
    return config_folder(environ) / f"{profile or DEFAULT_PROFILE}.yaml"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Find the first config folder that exists; the user's own where none does."""
    user = _home_folder(environ, "XDG_CONFIG_HOME", ".config")
    system = [Path(folder) for folder in environ.get("CONFIGURATION_DIRECTORY", "").split(":") if folder]
    folders = (*system, user, SYSTEM_CONFIG)
    return next((folder for folder in folders if isdir(folder)), user)  # noqa: PTH112  # is_dir minds what is closed


def state_of(config: Path, environ: Mapping[str, str]) -> State:
    """Find where a config's state lies: beside the system's config the system's state, else the user's."""
    path = config.absolute()
    if is_of_system(path):
        folder = Path(environ.get("STATE_DIRECTORY", "").split(":")[0] or SYSTEM_STATE)
    else:
        folder = _home_folder(environ, "XDG_STATE_HOME", ".local/state")
    return State(folder, path.stem)


def is_of_system(config: Path) -> bool:
    """Tell whether a config is the system's service's."""
    return SYSTEM_CONFIG in config.absolute().parents


def _home_folder(environ: Mapping[str, str], variable: str, default: str) -> Path:
    return Path(environ.get(variable) or Path(environ.get("HOME") or Path.home()) / default) / "scan"
