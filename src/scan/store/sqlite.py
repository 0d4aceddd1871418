"""What holds for SQLite alone: its file, its settings, its upkeep."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from scan.errors import StoreError
from scan.store import files
from scan.store.connection import Connection, SQLiteConnection

if TYPE_CHECKING:
    import sqlalchemy as sa

BUSY_SECONDS = 5.0
"""How long to wait for another writer; `?timeout=` in the database's address overrides it."""

_ALWAYS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # a claim that a power loss undoes is a message sent twice
    "PRAGMA cache_size = -4096",
)

_ADDRESS = re.compile(r"sqlite(?:\+pysqlite)?://(?:/([^?]*))?(?:\?(.*))?", re.DOTALL)


class Address:
    """An SQLAlchemy URL of SQLite's: `sqlite:///` and the file.

    Attributes:
        file: as it is written.
        timeout: seconds to wait for another writer.

    """

    def __init__(self, file: str, query: str) -> None:
        self.file = file
        asked = parse_qs(query).get("timeout", [str(BUSY_SECONDS)])
        self.timeout = float(asked[-1])

    @classmethod
    def parse(cls, url: str) -> "Address | None":
        """Read one; None for an address of another database."""
        found = _ADDRESS.fullmatch(url)
        return found and cls(found[1] or "", found[2] or "")


class SQLite:
    """A database in a file.

    Attributes:
        pragmas: executed on each new connection.

    """

    dialect = "sqlite"

    def __init__(self, path: Path, query: str, timeout: float, pragmas: tuple[str, ...]) -> None:
        self.pragmas = pragmas
        self._address, self._timeout = f"file:{quote(str(path))}?{query}", timeout
        self._idle: list[sqlite3.Connection] = []
        self._entering: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See one state of the database, whatever others write."""
        with self.outside() as driver, _transaction(driver, "BEGIN", "ROLLBACK"):
            yield SQLiteConnection(driver, self._enter)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing.

        Takes the write lock at once: a reader that starts to write later would not wait for another writer.
        """
        with self.outside() as driver, _transaction(driver, "BEGIN IMMEDIATE", "COMMIT"):
            yield SQLiteConnection(driver, self._enter)

    @contextmanager
    def outside(self) -> Iterator[sqlite3.Connection]:
        """Give the driver's connection, in no transaction."""
        driver = self._idle.pop() if self._idle else self._connect()
        try:
            yield driver
        finally:
            self._idle.append(driver)

    def close(self) -> None:
        """Close the database; SQLite then folds its log into the file."""
        while self._idle:
            self._idle.pop().close()

    def _connect(self) -> sqlite3.Connection:
        driver = connect(self._address, self._timeout)
        prepare(driver, self.pragmas)
        return driver

    def _enter(self, driver: sqlite3.Connection) -> "sa.Connection":
        self._entering = driver
        return self._engine.connect()

    @cached_property
    def _engine(self) -> "sa.Engine":
        from sqlalchemy import NullPool, create_engine

        from scan.store.values import from_json, to_json

        return create_engine(
            "sqlite://",
            creator=lambda: _Guest(self._entering),
            poolclass=NullPool,
            hide_parameters=True,
            json_serializer=to_json,
            json_deserializer=from_json,
        )


class _Guest:
    """The driver's connection as SQLAlchemy may have it: the transaction is not its to end."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def commit(self) -> None:
        """Leave that to `SQLite.writing`."""

    rollback = close = commit


def open_database(address: Address, *, create: bool, read_only: bool, fill: Callable[[Connection], None]) -> SQLite:
    """Open the file, making it first where it may be made.

    Args:
        address: of the file.
        create: a database that is not there is made.
        read_only: nothing is changed, nor made.
        fill: makes the tables of a new one.

    Raises:
        StoreError: there is none, or none that can be used.
        NotPermitted: it belongs to somebody else.

    """
    if address.file in {"", ":memory:"} or address.file.startswith("file:"):
        raise StoreError(f"sqlite:///{address.file}: name a file, as in sqlite:////var/lib/scan/scan.db")
    path = Path(address.file).absolute()
    if not files.exists(path):
        if not create or read_only:
            raise StoreError(f"{path}: there is no database yet; the first run makes it")
        files.make(path, lambda draft: _fill(draft, address.timeout, fill))
    files.examine(path, read_only=read_only)
    if not read_only:
        return SQLite(path, "mode=rw", address.timeout, (*_ALWAYS, "PRAGMA journal_mode = WAL"))
    return SQLite(path, "mode=ro" if _may_share(path) else "mode=ro&immutable=1", address.timeout, _ALWAYS)


def connect(address: str, timeout: float) -> sqlite3.Connection:
    """Connect; never with mode=rwc: SQLite must not make an empty database by itself."""
    return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)


def prepare(driver: sqlite3.Connection, pragmas: tuple[str, ...]) -> None:
    """Set a new connection up."""
    driver.create_function("lower", 1, _lower, deterministic=True)
    for pragma in pragmas:
        driver.execute(pragma).close()


def size(connection: Connection) -> int:
    """Return the bytes of the database, free pages included."""
    driver = _driver(connection)
    ((pages,),) = driver.execute("PRAGMA page_count")
    ((each,),) = driver.execute("PRAGMA page_size")
    return int(pages) * int(each)


def check(connection: Connection) -> list[str]:
    """Look through the whole file; SQLite has no checksums, so that not every damage is found."""
    driver = _driver(connection)
    found = [str(line) for (line,) in driver.execute("PRAGMA integrity_check").fetchall() if line != "ok"]
    orphans = driver.execute("PRAGMA foreign_key_check").fetchall()
    return found + [f"{child}, row {row}: points to nothing in {parent}" for child, row, parent, _ in orphans]


def backup(database: SQLite, draft: Path) -> None:
    """Write a consistent copy into an empty file, while others may write: as it is in the moment in which it begins."""
    with database.outside() as driver:  # VACUUM refuses to run in a transaction
        driver.execute("VACUUM INTO ?", (str(draft),))


@contextmanager
def _transaction(driver: sqlite3.Connection, begin: str, end: str) -> Iterator[None]:
    """Open and end the transaction ourselves: Python's module would be too late."""
    driver.execute(begin)
    try:
        yield
        driver.execute(end)
    finally:
        if driver.in_transaction:
            driver.execute("ROLLBACK")


def _driver(connection: Connection) -> sqlite3.Connection:
    assert isinstance(connection, SQLiteConnection)
    return connection.driver


def _fill(draft: Path, timeout: float, fill: Callable[[Connection], None]) -> None:
    """Make the tables. 2 KB rows fill 4 KB pages badly: a third of the size, measured."""
    database = SQLite(draft, "mode=rw", timeout, ("PRAGMA page_size = 8192", *_ALWAYS))
    try:
        with database.writing() as connection:
            fill(connection)
    finally:
        database.close()


def _may_share(path: Path) -> bool:
    """Tell whether a reader can take part in WAL mode: it needs the log's index, or has to be able to make it.

    Without either nobody else is writing, and the file can be read as it lies (https://sqlite.org/wal.html, section 5).
    """
    return path.with_name(path.name + "-wal").exists() or os.access(path.parent, os.W_OK)


def _lower(text: str | None) -> str | None:
    """Do what SQLite's own `lower` does, in all alphabets."""
    return None if text is None else text.lower()
