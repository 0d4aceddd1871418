"""Keeping the database small and sound."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, func, select, tuple_

from scan.errors import StoreError
from scan.store import files, sqlite
from scan.store.faults import mendable
from scan.store.schema import absences, alerts, batches, changes, deliveries, hosts, items, matches, robots, runs
from scan.store.transactions import CHUNK, Transactions

Step = Callable[[Connection, datetime], int]

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
        steps: dict[str, tuple[Step, timedelta]] = {
            "runs": (_old_runs, runs),
            "deliveries": (_old_deliveries, deliveries),
            "messages": (_old_batches, deliveries),
            "alerts": (_old_alerts, deliveries),
            "changes": (_old_changes, gone_items),
            "items": (_old_items, gone_items),
            "hosts": (_old_hosts, _HOSTS),
            "robots": (_old_robots, _HOSTS),
        }
        return {name: self._repeat(step, now - age) for name, (step, age) in steps.items()}

    def size(self) -> int:
        """Return the bytes of the database."""
        with self.reading() as connection:
            if connection.dialect.name == "sqlite":
                return sqlite.size(connection)
            return int(connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one())

    def check(self) -> Findings:
        """Look the whole database through, while others may write."""
        from scan.store.invariants import broken  # a run does without

        with self.reading() as connection:
            damage = sqlite.check(connection) if connection.dialect.name == "sqlite" else []
            return Findings(damage=tuple(damage), broken=() if damage else tuple(broken(connection)))

    def backup(self, file: Path) -> None:
        """Write a consistent copy into a new file, while others may write.

        Raises:
            StoreError: the file exists or cannot be written; or this is PostgreSQL, which has its own tools.

        """
        if self._engine.dialect.name != "sqlite":
            raise StoreError(f"{self._place}: back it up with pg_dump")
        with mendable(f"{self._place}, or its copy {file},"):
            files.make_backup(file, partial(sqlite.backup, self._engine))

    def _repeat(self, step: Step, before: datetime) -> int:
        total = 0
        while True:
            with self.writing() as connection:
                deleted = step(connection, before)
            total += deleted
            if not deleted:
                return total


def _old_runs(connection: Connection, before: datetime) -> int:
    old = select(runs.c.number).where(runs.c.started_at < before, runs.c.status != "running")
    return connection.execute(delete(runs).where(runs.c.number.in_(old.limit(_RUNS)))).rowcount


def _old_deliveries(connection: Connection, before: datetime) -> int:
    old = select(deliveries.c.id).where(deliveries.c.settled_at < before)
    return connection.execute(delete(deliveries).where(deliveries.c.id.in_(old.limit(CHUNK)))).rowcount


def _old_batches(connection: Connection, before: datetime) -> int:
    in_use = exists().where(deliveries.c.batch_id == batches.c.id)
    old = select(batches.c.id).where(batches.c.settled_at < before, ~in_use)
    return connection.execute(delete(batches).where(batches.c.id.in_(old.limit(CHUNK)))).rowcount


def _old_hosts(connection: Connection, before: datetime) -> int:
    old = select(hosts.c.name).where(hosts.c.seen_at < before)
    return connection.execute(delete(hosts).where(hosts.c.name.in_(old.limit(CHUNK)))).rowcount


def _old_robots(connection: Connection, before: datetime) -> int:
    old = select(robots.c.name).where(robots.c.read_at < before)
    return connection.execute(delete(robots).where(robots.c.name.in_(old.limit(CHUNK)))).rowcount


def _old_alerts(connection: Connection, before: datetime) -> int:
    told = exists().where(deliveries.c.alert_id == alerts.c.id)
    old = select(alerts.c.id).where(alerts.c.resolved_at < before, ~told)
    return connection.execute(delete(alerts).where(alerts.c.id.in_(old.limit(CHUNK)))).rowcount


def _old_changes(connection: Connection, before: datetime) -> int:
    return sum(
        connection.execute(delete(table).where(tuple_(*key).in_(select(*key).where(old).limit(CHUNK)))).rowcount
        for table, key, old in (
            (changes, changes.primary_key.columns, changes.c.at < before),
            (absences, absences.primary_key.columns, absences.c.returned_at < before),
        )
    )


def _old_items(connection: Connection, before: datetime) -> int:
    """Delete items with their texts, changes, matches and settled deliveries."""
    telling = exists().where(
        matches.c.item_id == items.c.id, deliveries.c.match_id == matches.c.id, deliveries.c.settled_at.is_(None)
    )
    old = select(items.c.id).where(items.c.last_seen_at < before, ~telling)
    return connection.execute(delete(items).where(items.c.id.in_(old.limit(CHUNK)))).rowcount
