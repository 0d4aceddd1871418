"""Reading and writing transactions on one engine, and what every statement needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import BindParameter, Connection, Engine, Executable, Select, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import Table

from scan.store.faults import mendable
from scan.store.sqlite import WRITING

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

CHUNK = 500
"""Rows in one statement: bounded memory, and far below the databases' limits for parameters."""

T = TypeVar("T")
Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


class Transactions:
    """An open database. Each method of a subclass is one transaction, or several small ones where it says so."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place

    @property
    def engine(self) -> Engine:
        """The one engine everything goes through."""
        return self._engine

    @property
    def place(self) -> str:
        """The database's file, or its address without the password."""
        return self._place

    def close(self) -> None:
        """Close the database; SQLite then folds its log into the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See one state of the database, whatever others write."""
        with mendable(self._place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing."""
        with (
            mendable(self._place),
            self._engine.connect().execution_options(begin=WRITING) as connection,
            connection.begin(),
        ):
            yield connection


def upsert(connection: Connection, table: Table, *, leaving: str | None = None) -> Insert:
    """Build an INSERT that updates the row that is there already, by the column `name` or `channel` that names it.

    Args:
        connection: to build it for.
        table: to insert into.
        leaving: a column that keeps its value.

    """
    return _upsert(connection.dialect.name, table, leaving)


def insert_once(connection: Connection, table: Table) -> Insert:
    """Build an INSERT that leaves a row that is there already as it is; its `rowcount` tells whether it did."""
    return _insert_once(connection.dialect.name, table)


def _insert(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # 30 ms that only its users pay

        return postgresql.insert(table)
    return sqlite.insert(table)


@cache
def _insert_once(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _upsert(dialect: str, table: Table, leaving: str | None) -> Insert:
    statement = _insert(dialect, table)
    name = next(column for column in ("name", "channel") if column in table.c)
    kept = {"id", name, leaving}
    written = {column.name: statement.excluded[column.name] for column in table.c if column.name not in kept}
    return statement.on_conflict_do_update(index_elements=[name], set_=written)


def execute_many(connection: Connection, statement: Executable, rows: Iterable[Mapping[str, object]]) -> None:
    """Execute once for each row, a chunk at a time; not at all without rows."""
    for chunk in chunks(rows):
        connection.execute(statement, chunk)


def any_of(name: str) -> BindParameter[Any]:
    """Make the parameter of a statement's `IN`, which `select_in` fills; so it is built once, not for every call."""
    return bindparam(name, expanding=True)


def select_in(
    connection: Connection, query: Select[Any], name: str, values: Iterable[object], **others: object
) -> Iterator[Any]:
    """Read the rows for any number of values, a chunk at a time.

    Args:
        connection: to read from.
        query: has the parameter `any_of(name)`.
        name: of that parameter.
        values: for it.
        others: the query's other parameters.

    """
    for some in chunks(values):
        yield from connection.execute(query, {name: some, **others})


def pairs(connection: Connection, query: Select[Any]) -> dict[Any, Any]:
    """Read two columns as keys and values."""
    return {row[0]: row[1] for row in connection.execute(query)}


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut into pieces."""
    iterator = iter(values)
    while piece := list(islice(iterator, size)):
        yield piece
