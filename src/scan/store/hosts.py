"""What is remembered of the hosts that are asked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scan.fetch.remembered import HostState, Robots
from scan.store.connection import execute_many
from scan.store.sql import sa, t
from scan.store.statement import statement, upserting
from scan.store.transactions import Transactions

MATTERS = timedelta(days=2)
"""Longer ago, whatever a host asked for or was asked is over."""

_REMEMBER = upserting("hosts")
_REMEMBER_ROBOTS = upserting("robots")


@statement
def _states() -> "sa.Executable":
    return sa.select(t.hosts.c.name, t.hosts.c.closed_until, t.hosts.c.closed_status, t.hosts.c.asked).where(
        t.hosts.c.seen_at >= sa.bindparam("since")
    )


@statement
def _robots() -> "sa.Executable":
    return sa.select(t.robots.c.text, t.robots.c.read_at).where(t.robots.c.name == sa.bindparam("host"))


class Hosts(Transactions):
    """What is remembered of the hosts that are asked."""

    def host_states(self, now: datetime) -> list[HostState]:
        """Read what is remembered of hosts and still matters."""
        with self.reading() as connection:
            rows = connection.execute(_states, {"since": now - MATTERS}).mappings()
            return [HostState(**{**row, "asked": tuple(map(datetime.fromisoformat, row["asked"]))}) for row in rows]

    def robots_of(self, name: str) -> Robots | None:
        """Read a host's robots.txt as it was last read."""
        with self.reading() as connection:
            row = connection.execute(_robots, {"host": name}).one_or_none()
            return None if row is None else Robots(*row)

    def remember_hosts(self, now: datetime, states: Iterable[HostState], files: Iterable[tuple[str, Robots]]) -> None:
        """Write what is remembered of hosts, known or new; nothing happens without any."""
        rows = [
            {
                "name": state.name,
                "closed_until": state.closed_until,
                "closed_status": state.closed_status,
                "asked": [moment.isoformat() for moment in state.asked],
                "seen_at": now,
            }
            for state in states
        ]
        texts = [{"name": name, "text": file.text, "read_at": file.read_at} for name, file in files]
        if rows or texts:
            with self.writing() as connection:
                execute_many(connection, _REMEMBER, rows)
                execute_many(connection, _REMEMBER_ROBOTS, texts)
