"""The config as frozen values, every default filled in. What each key means is said here once: validation, the JSON
Schema and docs/config.md are made from these annotations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from scan.cadence import Calendar
from scan.channels.base import Channel
from scan.declare import Doc
from scan.fetch.settings import HttpSettings
from scan.match.search import Search
from scan.reports.base import Report
from scan.sources.base import Source


@dataclass(frozen=True, kw_only=True)
class Expect:
    """What a healthy result of a source looks like."""

    min_items: Annotated[int, Doc("fewer items than this are suspicious", within=("0", None))] = 0


@dataclass(frozen=True, kw_only=True)
class SourceEntry:
    """One entry of `sources:`: the keys every kind has, and the kind's own adapter."""

    name: Annotated[str, Doc("unique; letters, digits, - _ .", example="acme")]
    source: Source
    every: Annotated[timedelta | None, Doc("how often it is due; default: the config's", within=("1m", "31d"))] = None
    enabled: Annotated[bool, Doc("false: left alone, remembered")] = True
    tags: Annotated[tuple[str, ...], Doc("names for searches to pick sources by", example="[jobs, berlin]")] = ()
    headers: Annotated[Mapping[str, str], Doc("sent to the source's own host only")] = field(default_factory=dict)
    first_run: Annotated[
        Literal["digest", "baseline"], Doc("what the first run finds: told in one message, or not")
    ] = "digest"
    expect: Annotated[Expect, Doc("what a healthy result looks like")] = field(default_factory=Expect)
    allow_private: Annotated[bool, Doc("may what the source links to lead into a private network")] = False


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long what is over is kept."""

    runs: Annotated[timedelta, Doc("rows of the execution log", within=("1d", None))] = timedelta(days=30)
    gone_items: Annotated[timedelta, Doc("items that are gone", within=("1d", None))] = timedelta(days=365)
    deliveries: Annotated[timedelta, Doc("deliveries that were sent, or given up", within=("1d", None))] = timedelta(
        days=365
    )


@dataclass(frozen=True, kw_only=True)
class Logging:
    """What is logged, and where to."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Doc("the least that is logged")] = "info"
    format: Annotated[Literal["json", "logfmt", "text"] | None, Doc("default: json, and text on a terminal")] = None
    file: Annotated[Path | None, Doc("also to this file; safe under logrotate")] = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """One profile.

    Attributes:
        path: the file it was read from.
        secrets: every secret text in it, for redaction.
        warnings: what is allowed but unwise, one line each with its place (a secret in a world-readable file).

    """

    path: Path
    every: Annotated[timedelta, Doc("how often a source is due", within=("1m", "31d"))] = timedelta(minutes=15)
    calendar: Annotated[
        Calendar | None, Doc("instead of every: local wall-clock times", example="02:00 America/Chicago")
    ] = None
    grace: Annotated[
        timedelta | None,
        Doc("a start missed by more than this is not made up; default: always is", within=("1m", None)),
    ] = None
    deadline: Annotated[
        timedelta | None, Doc("of a whole run; default: a little under the shortest every", within=("1s", None))
    ] = None
    timezone: Annotated[ZoneInfo | None, Doc("for what people read; default: the machine's")] = None
    database: Annotated[str | None, Doc("an SQLAlchemy URL; default: SQLite in the state folder")] = None
    http: Annotated[HttpSettings, Doc("how sources are fetched")] = field(default_factory=HttpSettings)
    sources: Annotated[tuple[SourceEntry, ...], Doc("where to look")] = ()
    searches: Annotated[tuple[Search, ...], Doc("what to look for")] = ()
    channels: Annotated[tuple[Channel, ...], Doc("whom to tell")] = ()
    reports: Annotated[tuple[Report, ...], Doc("what is shown, and where")] = ()
    alerts: Annotated[
        tuple[str, ...],
        Doc(
            "channels told when a source breaks or works again, something cannot be told, or the service fails",
            example="[me]",
        ),
    ] = ()
    retention: Annotated[Retention, Doc("how long what is over is kept")] = field(default_factory=Retention)
    logging: Annotated[Logging, Doc("what is logged, and where to")] = field(default_factory=Logging)
    secrets: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def profile(self) -> str:
        """The profile's name: the file's stem."""
        return self.path.stem

    def every_of(self, entry: SourceEntry) -> timedelta:
        """Tell how often a source is due."""
        return entry.every or self.every
