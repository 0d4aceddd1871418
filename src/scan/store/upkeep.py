"""Keeping the database small and sound."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from scan.errors import StoreError
from scan.store import files, sqlite
from scan.store.connection import CHUNK
from scan.store.faults import mendable
from scan.store.sql import sa, t
from scan.store.statement import Statement, statement
from scan.store.transactions import Transactions

_HOSTS = timedelta(days=31)
"""Nothing that is remembered of a host matters for longer."""

_RUNS = 10
"""Runs deleted in one transaction: each may have 10,000 rows of sources."""


class Findings(NamedTuple):
    """What is wrong with a database, a line each.

    Attributes:
        damage: the file is not as SQLite, or a foreign key, would have it.
        broken: rules that always hold, and do not. Nobody looks where there is damage.

    """

    damage: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class Upkeep(Transactions):
    """Keeping the database small and sound."""

    def prune(self, now: datetime, *, runs: timedelta, gone_items: timedelta, deliveries: timedelta) -> dict[str, int]:
        """Delete what is over for longer than asked for, in small transactions; returns how many rows of each.

        An item that left a feed's window is over as one that is gone, and the record of an item's changes and absences
        is kept as long. What somebody is still to be told stays, however old.
        """
        steps: dict[str, tuple[timedelta, tuple[Statement, ...]]] = {
            "runs": (runs, (_old_runs,)),
            "deliveries": (deliveries, (_old_deliveries,)),
            "messages": (deliveries, (_old_batches,)),
            "alerts": (deliveries, (_old_alerts,)),
            "changes": (gone_items, (_old_changes, _old_absences)),
            "items": (gone_items, (_old_items,)),
            "hosts": (_HOSTS, (_old_hosts,)),
            "robots": (_HOSTS, (_old_robots,)),
        }
        return {name: self._repeat(deletes, now - age) for name, (age, deletes) in steps.items()}

    def size(self) -> int:
        """Return the bytes of the database."""
        with self.reading() as connection:
            if connection.dialect == "sqlite":
                return sqlite.size(connection)
            return int(connection.execute(sa.select(sa.func.pg_database_size(sa.func.current_database()))).scalar_one())

    def check(self) -> Findings:
        """Look the whole database through, while others may write."""
        from scan.store.invariants import broken  # a run does without

        with self.reading() as connection:
            damage = sqlite.check(connection) if connection.dialect == "sqlite" else []
            return Findings(damage=tuple(damage), broken=() if damage else tuple(broken(connection)))

    def backup(self, file: Path) -> None:
        """Write a consistent copy into a new file, while others may write.

        Raises:
            StoreError: the file exists or cannot be written; or this is PostgreSQL, which has its own tools.

        """
        if not isinstance(self._database, sqlite.SQLite):
            raise StoreError(f"{self._place}: back it up with pg_dump")
        with mendable(f"{self._place}, or its copy {file},"):
            files.make_backup(file, partial(sqlite.backup, self._database))

    def _repeat(self, deletes: Sequence[Statement], before: datetime) -> int:
        total = 0
        while True:
            with self.writing() as connection:
                deleted: int = sum(connection.execute(each, {"before": before}).rowcount for each in deletes)
            total += deleted
            if not deleted:
                return total


@statement
def _old_runs() -> "sa.Executable":
    old = sa.select(t.runs.c.number).where(t.runs.c.started_at < sa.bindparam("before"), t.runs.c.status != "running")
    return sa.delete(t.runs).where(t.runs.c.number.in_(old.limit(_RUNS)))


@statement
def _old_deliveries() -> "sa.Executable":
    old = sa.select(t.deliveries.c.id).where(t.deliveries.c.settled_at < sa.bindparam("before"))
    return sa.delete(t.deliveries).where(t.deliveries.c.id.in_(old.limit(CHUNK)))


@statement
def _old_batches() -> "sa.Executable":
    in_use = sa.exists().where(t.deliveries.c.batch_id == t.batches.c.id)
    old = sa.select(t.batches.c.id).where(t.batches.c.settled_at < sa.bindparam("before"), ~in_use)
    return sa.delete(t.batches).where(t.batches.c.id.in_(old.limit(CHUNK)))


@statement
def _old_hosts() -> "sa.Executable":
    old = sa.select(t.hosts.c.name).where(t.hosts.c.seen_at < sa.bindparam("before"))
    return sa.delete(t.hosts).where(t.hosts.c.name.in_(old.limit(CHUNK)))


@statement
def _old_robots() -> "sa.Executable":
    old = sa.select(t.robots.c.name).where(t.robots.c.read_at < sa.bindparam("before"))
    return sa.delete(t.robots).where(t.robots.c.name.in_(old.limit(CHUNK)))


@statement
def _old_alerts() -> "sa.Executable":
    told = sa.exists().where(t.deliveries.c.alert_id == t.alerts.c.id)
    old = sa.select(t.alerts.c.id).where(t.alerts.c.resolved_at < sa.bindparam("before"), ~told)
    return sa.delete(t.alerts).where(t.alerts.c.id.in_(old.limit(CHUNK)))


@statement
def _old_changes() -> "sa.Executable":
    return _old_parts(t.changes, t.changes.c.at)


@statement
def _old_absences() -> "sa.Executable":
    return _old_parts(t.absences, t.absences.c.returned_at)


def _old_parts(table: "sa.Table", at: "sa.Column[datetime]") -> "sa.Executable":
    key = table.primary_key.columns
    return sa.delete(table).where(sa.tuple_(*key).in_(sa.select(*key).where(at < sa.bindparam("before")).limit(CHUNK)))


@statement
def _old_items() -> "sa.Executable":
    """Delete items with their texts, changes, matches and settled deliveries."""
    telling = sa.exists().where(
        t.matches.c.item_id == t.items.c.id,
        t.deliveries.c.match_id == t.matches.c.id,
        t.deliveries.c.settled_at.is_(None),
    )
    old = sa.select(t.items.c.id).where(t.items.c.last_seen_at < sa.bindparam("before"), ~telling)
    return sa.delete(t.items).where(t.items.c.id.in_(old.limit(CHUNK)))
