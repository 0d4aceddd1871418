"""What a run has left in its database, read without touching it."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

RECIPIENTS_OF_A_MATCH = 4

CHANGING = {"run", "source_run", "source"}
"""Tables that every run writes to, whatever it finds."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A message, as the outbox knows it."""

    channel: str
    recipient: str
    state: str
    attempts: int
    in_doubt: int


@dataclass(frozen=True, kw_only=True)
class Left:
    """A database at one moment.

    Attributes:
        damage: what SQLite finds wrong with the file.
        batches: by their identity.
        told: matches that somebody is to be told of.
        deliveries: how many there are.
        states: deliveries by state.
        items: (source, key) of all.
        rows: every table but those that each run writes to.

    """

    damage: tuple[str, ...]
    batches: dict[str, Batch]
    told: int
    deliveries: int
    states: dict[str, int]
    items: frozenset[tuple[str, str]]
    rows: dict[str, list[str]]


def look(database: Path) -> Left:
    """Read a copy of the database and its log, as a power of SIGKILL leaves them; nothing if there is none yet."""
    if not database.exists():
        return Left(damage=(), batches={}, told=0, deliveries=0, states={}, items=frozenset(), rows={})
    with tempfile.TemporaryDirectory(dir=database.parent) as folder:
        for file in (database, database.with_name(database.name + "-wal")):
            if file.exists():
                shutil.copy(file, folder)
        with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            return _read(connection)


def _read(connection: sqlite3.Connection) -> Left:
    found = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
    found += [f"orphan: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    batches = connection.execute("SELECT message_id, channel, recipient, state, attempts, in_doubt FROM batch")
    (told,) = connection.execute("SELECT count(*) FROM match WHERE NOT duplicate").fetchone()
    (deliveries,) = connection.execute("SELECT count(*) FROM delivery").fetchone()
    items = connection.execute("SELECT source.name, key FROM item JOIN source ON source.id = source_id")
    return Left(
        damage=tuple(found),
        batches={
            key: Batch(channel=channel, recipient=recipient, state=state, attempts=attempts, in_doubt=in_doubt)
            for key, channel, recipient, state, attempts, in_doubt in batches
        },
        told=told,
        deliveries=deliveries,
        states=dict(connection.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall()),
        items=frozenset(items),
        rows=_rows(connection),
    )


def _rows(connection: sqlite3.Connection) -> dict[str, list[str]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
        for (name,) in names
        if name not in CHANGING
    }
