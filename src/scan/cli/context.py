"""What the options before the command say: the config, its state, the database."""

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scan.errors import NotPermitted, StoreError
from scan.paths import SERVICE_USER, State, config_file, is_of_system, state_of

if TYPE_CHECKING:  # start-up: --help and status do without these
    from scan.config.checks import CloseLook
    from scan.config.model import Config
    from scan.fetch import Fetcher
    from scan.lists.copies import Copies
    from scan.store.database import Store


strict_perms = click.option(
    "--strict-perms", is_flag=True, help="Exit with 77 if the config has a secret that everybody can read."
)


class Settings:
    """The options that hold for every command. Precedence: command line, environment, config, default.

    Attributes:
        environ: the process's environment.
        secrets: every secret text of the config once it is loaded: what no output may show.

    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.secrets: frozenset[str] = frozenset()
        self._config: str | None = None
        self._profile: str | None = None
        self.database_url: str | None = None
        self.log_level: str | None = None
        self.log_format: str | None = None

    def choose(
        self,
        *,
        config: str | None,
        profile: str | None,
        database_url: str | None,
        log_level: str | None,
        log_format: str | None,
    ) -> None:
        """Take over the options that were given."""
        self._config, self._profile = config, profile
        self.database_url, self.log_level, self.log_format = database_url, log_level, log_format

    @cached_property
    def config_path(self) -> Path:
        """The config file, existing or not. Found once: after root became another user it would be another's."""
        return config_file(given=self._config, profile=self._profile, environ=self.environ)

    @cached_property
    def state(self) -> State:
        """Where this profile's state lies."""
        return state_of(self.config_path, self.environ)

    @property
    def call(self) -> str:
        """How `scan` is called for this profile, on a shell's command line."""
        if self._config:
            return shlex.join(("scan", "--config", self._config))
        return shlex.join(("scan", "--profile", self._profile)) if self._profile else "scan"

    @property
    def is_of_system(self) -> bool:
        """Whether the system's service runs this profile."""
        return is_of_system(self.config_path)

    def load_config(self, *, closely: bool = False, strict_perms: bool = False) -> "Config":
        """Read the config.

        Args:
            closely: also look for what takes long to find out.
            strict_perms: refuse one with secrets that everybody can read, instead of warning.

        Raises:
            ConfigError: it cannot be used.
            NotPermitted: it is refused.

        """
        from scan.config.loading import load

        overrides = {"database": self.database_url, "logging.level": self.log_level, "logging.format": self.log_format}
        look = self._close_look() if closely else None
        config = load(
            self.config_path, environ=self.environ, overrides=overrides, close_look=look, copies=self.copies.get
        )
        self.secrets = config.secrets
        if strict_perms and config.exposed:
            raise NotPermitted("\n".join(config.exposed))
        return config

    def _close_look(self) -> "CloseLook":
        from functools import partial

        from scan.deliver import close_look

        return partial(close_look, environ=self.environ)

    def database(self, config: "Config") -> str:
        """Name the database: the one that was asked for, else SQLite beside the state."""
        return config.database or f"sqlite:///{self.state.database.absolute()}"

    @contextmanager
    def writing(self, config: "Config") -> "Iterator[Store]":
        """Open the database for a run; a profile's first run makes it.

        Raises:
            StoreError: it cannot be used, or is missing although the profile has run before: starting afresh would
                tell everything again.

        """
        from scan.store.database import Store

        if self.state.status.exists() and self._lacks_database(config):
            raise StoreError(
                f"{self.state.database}: is missing, though this profile has run before; restore it from a backup, "
                f"or remove {self.state.status} to start afresh"
            )
        store = Store.open(self.database(config), create=True)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def reading(self, config: "Config") -> "Iterator[Store | None]":
        """Open the database to look at it; None before the first run."""
        if self._lacks_database(config):
            yield None
            return
        from scan.store.database import Store

        store = Store.open(self.database(config), create=False, read_only=True)
        try:
            yield store
        finally:
            store.close()

    @cached_property
    def copies(self) -> "Copies":
        """What there is of the lists that `each:` reads."""
        from scan.lists.copies import Copies

        return Copies(self.state.lists)

    def fetcher(self, config: "Config") -> "Fetcher":
        """Make what asks servers, files and programs, within the config's limits."""
        from scan import __version__
        from scan.fetch import Fetcher, Surroundings

        return Fetcher(
            config.http,
            version=__version__,
            ca_file=self.environ.get("SSL_CERT_FILE"),
            surroundings=Surroundings(folder=config.path.absolute().parent, environ=self.environ),
        )

    def _lacks_database(self, config: "Config") -> bool:
        """Tell whether the profile's database is an SQLite file that is not there."""
        scheme, _, path = self.database(config).partition(":///")
        return scheme == "sqlite" and not os.path.lexists(path)

    def become_owner(self, *, first_run: bool = False) -> None:
        """Become the owner of the state folder, if root runs scan by hand on a service's state.

        Else root would leave files there that the service may not touch.

        Args:
            first_run: where the service has no state yet, make its folder, as systemd would.

        Raises:
            NotPermitted: the folder may not be looked at, or root may not become its owner here.

        """
        if os.geteuid() == 0 and first_run and self.is_of_system:
            _make_for_service(self.state.folder)
        try:
            owner = self.state.folder.stat().st_uid
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise _not_ours(self.state.folder) from error
        if os.geteuid() == 0 and owner != 0:
            home = _become(owner)
            self.environ = {**self.environ, "HOME": home}

    def make_state(self) -> None:
        """Make the state folder.

        Raises:
            NotPermitted: it belongs to somebody else.

        """
        folder = self.state.folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            ours = os.access(folder, os.R_OK | os.X_OK) and folder.stat().st_uid in {os.geteuid(), 0}
        except PermissionError as error:
            raise _not_ours(folder) from error
        if not ours:
            raise _not_ours(folder)


def _make_for_service(folder: Path) -> None:
    """Make the state folder of the service's user; nothing happens if it is there, or no such user is."""
    import pwd

    try:
        account = pwd.getpwnam(SERVICE_USER)
        folder.mkdir(mode=0o750)
        os.chown(folder, account.pw_uid, account.pw_gid)
    except (KeyError, FileExistsError):
        return
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {error.strerror or error}") from error


def _become(owner: int) -> str:
    """Drop from root to another user, for good; returns its home."""
    import pwd

    try:
        account = pwd.getpwuid(owner)
        os.initgroups(account.pw_name, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(owner)
    except (KeyError, PermissionError) as error:
        raise NotPermitted(f"the state belongs to the user {owner}, whom root cannot become here: {error}") from error
    return account.pw_dir


def _not_ours(folder: Path) -> NotPermitted:
    return NotPermitted(f"{folder}: belongs to another user; use sudo -u OWNER scan …, or systemctl start scan")
