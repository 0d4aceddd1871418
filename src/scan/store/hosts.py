"""What is remembered of the hosts that are asked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from scan.fetch.remembered import HostState, Robots
from scan.store.schema import hosts, robots
from scan.store.transactions import Transactions, execute_many, upsert

MATTERS = timedelta(days=2)
"""Longer ago, whatever a host asked for or was asked is over."""

_STATES = select(hosts.c.name, hosts.c.closed_until, hosts.c.closed_status, hosts.c.asked).where(
    hosts.c.seen_at >= bindparam("since")
)
_ROBOTS = select(robots.c.text, robots.c.read_at).where(robots.c.name == bindparam("host"))


class Hosts(Transactions):
    """What is remembered of the hosts that are asked."""

    def host_states(self, now: datetime) -> list[HostState]:
        """Read what is remembered of hosts and still matters."""
        with self.reading() as connection:
            rows = connection.execute(_STATES, {"since": now - MATTERS}).mappings()
            return [HostState(**{**row, "asked": tuple(map(datetime.fromisoformat, row["asked"]))}) for row in rows]

    def robots_of(self, name: str) -> Robots | None:
        """Read a host's robots.txt as it was last read."""
        with self.reading() as connection:
            row = connection.execute(_ROBOTS, {"host": name}).one_or_none()
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
                execute_many(connection, upsert(connection, hosts), rows)
                execute_many(connection, upsert(connection, robots), texts)
