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
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.match.search import Search
from scan.reports.base import Report
from scan.sources.base import Source


@dataclass(frozen=True, kw_only=True)
class Expect:
    """What a healthy result of a source looks like."""

    min_items: Annotated[int, Doc("fewer items than this are suspicious", within=("0", None))] = 0


@dataclass(frozen=True, kw_only=True)
class Each:
    """What makes one entry stand for many sources."""

    from_: Annotated[str, Doc("a list under lists:, or a CSV file beside the config", example="buildings.csv")]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Which row of which list a source was made of.

    Attributes:
        number: counted as a spreadsheet does.
        group: the name of the entry, as written: it stands for the sources of all rows.

    """

    list: str
    number: int
    group: str


@dataclass(frozen=True, kw_only=True)
class ListUse:
    """What was made of a list.

    Attributes:
        copy: the list as it was used.
        sources: how many were made.
        rejected: why each row that was left out was, beginning with its number.

    """

    origin: Origin
    copy: Copy
    sources: int = 0
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceEntry:
    """One entry of `sources:`: the keys every kind has, and the kind's own adapter.

    Attributes:
        row: what it was made of, if the entry stands for many.

    """

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
    details: Annotated[
        int,
        Doc(
            "pages of single items read in one run at most, where the list doesn't say all; 0: none",
            within=("0", "1000"),
        ),
    ] = 50
    allow_private: Annotated[bool, Doc("may what the source links to lead into a private network")] = False
    each: Annotated[Each | None, Doc("one source a row of a list; {column} is the row's cell in any text here")] = None
    row: Row | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """By what it may be called: its name, and that of the entry that stands for all the rows of its list."""
        return (self.name,) if self.row is None else (self.name, self.row.group)

    @property
    def reads_details(self) -> bool:
        """Whether pages of single items are read."""
        return self.details > 0 and self.source.has_details


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
        exposed: of these, the secrets that everybody can read.
        list_warnings: what is not well with the lists that entries use, likewise.
        list_uses: what was made of each list that an enabled entry uses.

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
        timedelta | None,
        Doc(
            "of a whole run, and what is left comes first next time; default: a little under the shortest every",
            within=("1s", None),
        ),
    ] = None
    timezone: Annotated[ZoneInfo | None, Doc("for what people read; default: the machine's")] = None
    database: Annotated[str | None, Doc("an SQLAlchemy URL; default: SQLite in the state folder")] = None
    http: Annotated[HttpSettings, Doc("how sources are fetched")] = field(default_factory=HttpSettings)
    lists: Annotated[
        Mapping[str, Origin], Doc("tables that each: reads, synced before a run; the last good copy is kept")
    ] = field(default_factory=dict)
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
    exposed: tuple[str, ...] = ()
    list_warnings: tuple[str, ...] = ()
    list_uses: Mapping[str, ListUse] = field(default_factory=dict)

    @property
    def profile(self) -> str:
        """The profile's name: the file's stem."""
        return self.path.stem

    def every_of(self, entry: SourceEntry) -> timedelta:
        """Tell how often a source is due: as it says, else as the config does and its service may be asked."""
        return entry.every or max(self.every, entry.source.seldom() if entry.source.url is None else timedelta(0))

    def intervals(self) -> set[timedelta]:
        """Tell how often sources are due that are enabled; beside a calendar, those with an interval of their own."""
        enabled = (entry for entry in self.sources if entry.enabled)
        return {self.every_of(entry) for entry in enabled if entry.every or self.calendar is None}

    def cadence_of(self, entry: SourceEntry) -> timedelta:
        """Tell how far apart a source's starts are, on average where they follow the calendar."""
        if self.calendar is not None and entry.every is None:
            return timedelta(days=1) / len(self.calendar.times)
        return self.every_of(entry)
