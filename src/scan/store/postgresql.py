"""What holds for PostgreSQL alone: its driver, its patience, and that one process writes at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import NoSuchModuleError

from scan.errors import StoreError
from scan.store.connection import Connection, ServerConnection
from scan.store.sqlite import BUSY_SECONDS
from scan.store.values import from_json, to_json

CONNECT_SECONDS = 10
"""How long to wait for the server; `?connect_timeout=` in the database's address overrides it."""

_WRITERS = 0x7363616E
"""The advisory lock of whoever writes: "scan" in ASCII."""

_SETTINGS = (
    f"-c lock_timeout={BUSY_SECONDS:g}s "
    "-c synchronous_commit=on "  # a claim that a power loss undoes is a message sent twice
    "-c timezone=UTC"
)


class PostgreSQL:
    """A database on a server.

    Attributes:
        engine: all connections are its.

    """

    dialect = "postgresql"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See one state of the database, whatever others write."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield ServerConnection(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing, one process at a time, as SQLite does: what is written rests on what was read before.

        https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
        """
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
            yield ServerConnection(connection)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: URL) -> PostgreSQL:
    """Prepare to talk to the server; nothing is asked of it yet.

    Raises:
        StoreError: the driver is not installed.

    """
    given = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "scan", "options": _SETTINGS}
    asked = url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    asked = asked.update_query_dict({name: value for name, value in given.items() if name not in url.query})
    try:
        engine = create_engine(asked, hide_parameters=True, json_serializer=to_json, json_deserializer=from_json)
    except (ImportError, NoSuchModuleError) as error:
        place = url.render_as_string(hide_password=True)
        raise StoreError(f"{place}: its driver is not installed ({error}); install scan[postgresql]") from error
    return PostgreSQL(engine)
