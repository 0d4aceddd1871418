"""What holds for SQLite alone: its file, its settings, its upkeep."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from scan.errors import StoreError
from scan.store import files
from scan.store.types import from_json, to_json

BUSY_SECONDS = 5.0
"""How long to wait for another writer; `?timeout=` in the database's address overrides it."""

WRITING = "BEGIN IMMEDIATE"
"""Takes the write lock at once: a reader that starts to write later would not wait for another writer."""

_ALWAYS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # a claim that a power loss undoes is a message sent twice
    "PRAGMA cache_size = -4096",
)


def open_engine(url: URL, *, create: bool, read_only: bool, fill: Callable[[Connection], None]) -> Engine:
    """Open the file, making it first where it may be made.

    Args:
        url: `sqlite:///` and the file.
        create: a database that is not there is made.
        read_only: nothing is changed, nor made.
        fill: makes the tables of a new one.

    Raises:
        StoreError: there is none, or none that can be used.
        NotPermitted: it belongs to somebody else.

    """
    if url.database in {None, "", ":memory:"} or str(url.database).startswith("file:"):
        raise StoreError(f"{url.render_as_string()}: name a file, as in sqlite:////var/lib/scan/scan.db")
    path = Path(str(url.database)).absolute()
    if not files.exists(path):
        if not create or read_only:
            raise StoreError(f"{path}: there is no database yet; the first run makes it")
        files.make(path, lambda draft: _fill(url, draft, fill))
    files.examine(path, read_only=read_only)
    if not read_only:
        return _engine(url, path, "mode=rw", (*_ALWAYS, "PRAGMA journal_mode = WAL"))
    return _engine(url, path, "mode=ro" if _may_share(path) else "mode=ro&immutable=1", _ALWAYS)


def driver(connection: Connection) -> Any:
    """Give Python's own connection, at a tenth of what a statement costs through SQLAlchemy."""
    return connection.connection.driver_connection


def size(connection: Connection) -> int:
    """Return the bytes of the database, free pages included."""
    pages: int = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return pages * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def check(connection: Connection) -> list[str]:
    """Look through the whole file; SQLite has no checksums, so that not every damage is found."""
    found = [str(line) for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if line != "ok"]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return found + [f"{child}, row {row}: points to nothing in {parent}" for child, row, parent, _ in orphans]


def backup(engine: Engine, draft: Path) -> None:
    """Write a consistent copy into an empty file, while others may write: as it is in the moment in which it begins."""
    with engine.connect().execution_options(begin=None) as connection:  # VACUUM refuses to run in a transaction
        connection.exec_driver_sql("VACUUM INTO ?", (str(draft),))


def _fill(url: URL, draft: Path, fill: Callable[[Connection], None]) -> None:
    """Make the tables. 2 KB rows fill 4 KB pages badly: a third of the size, measured."""
    engine = _engine(url, draft, "mode=rw", ("PRAGMA page_size = 8192", *_ALWAYS))
    try:
        with engine.connect().execution_options(begin=WRITING) as connection, connection.begin():
            fill(connection)
    finally:
        engine.dispose()


def _may_share(path: Path) -> bool:
    """Tell whether a reader can take part in WAL mode: it needs the log's index, or has to be able to make it.

    Without either nobody else is writing, and the file can be read as it lies (https://sqlite.org/wal.html, section 5).
    """
    return path.with_name(path.name + "-wal").exists() or os.access(path.parent, os.W_OK)


def _engine(url: URL, path: Path, query: str, pragmas: tuple[str, ...]) -> Engine:
    timeout = float(str(url.query.get("timeout", BUSY_SECONDS)))

    def connect() -> sqlite3.Connection:  # never mode=rwc: SQLite must not make an empty database by itself
        address = f"file:{quote(str(path))}?{query}"
        return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)

    engine = create_engine(
        url, creator=connect, hide_parameters=True, json_serializer=to_json, json_deserializer=from_json
    )
    event.listen(engine, "connect", lambda raw, entry: _prepare(raw, entry, pragmas))
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(raw: sqlite3.Connection, _: ConnectionPoolEntry, pragmas: tuple[str, ...]) -> None:
    raw.create_function("lower", 1, _lower, deterministic=True)
    for pragma in pragmas:
        raw.execute(pragma).close()


def _lower(text: str | None) -> str | None:
    """Do what SQLite's own `lower` does, in all alphabets."""
    return None if text is None else text.lower()


def _begin(connection: Connection) -> None:
    """Open the transaction ourselves, the way the execution option `begin` says: Python's module would be too late."""
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin is not None:
        driver(connection).execute(begin)
