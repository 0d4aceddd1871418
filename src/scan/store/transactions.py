"""Reading and writing transactions on one database."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from scan.store.connection import Connection
from scan.store.faults import mendable


class Database(Protocol):
    """What SQLite and PostgreSQL have in common."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    def reading(self) -> AbstractContextManager[Connection]:
        """See one state of the database, whatever others write."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Write all or nothing."""

    def close(self) -> None:
        """Close it."""


class Transactions:
    """An open database. Each method of a subclass is one transaction, or several small ones where it says so."""

    def __init__(self, database: Database, place: str) -> None:
        self._database = database
        self._place = place

    @property
    def database(self) -> Database:
        """The one database everything goes through."""
        return self._database

    @property
    def place(self) -> str:
        """The database's file, or its address without the password."""
        return self._place

    def close(self) -> None:
        """Close the database; SQLite then folds its log into the file."""
        self._database.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See one state of the database, whatever others write."""
        with mendable(self._place), self._database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing."""
        with mendable(self._place), self._database.writing() as connection:
            yield connection
