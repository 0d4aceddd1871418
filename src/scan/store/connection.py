"""Connections in a transaction, and what comes back from a statement."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scan.store.parameters import Kind
from scan.store.statement import Statement
from scan.store.values import from_json, read_time, to_json, utc_text

if TYPE_CHECKING:
    import sqlite3

    import sqlalchemy as sa

CHUNK = 500
"""Rows in one statement: bounded memory, and far below the databases' limits for parameters."""

T = TypeVar("T")
Row = tuple[Any, ...]
Values = Mapping[str, Any]


class Connection(Protocol):
    """A connection in a transaction."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    @property
    def sqlalchemy(self) -> "sa.Connection":
        """The same, for statements that are made as they are needed."""

    def execute(self, statement: "Statement | sa.Executable", values: Values | None = None) -> Any:
        """Execute once; returns rows that are tuples.

        What comes back is SQLAlchemy's result, or as much of one as is used of those of prepared statements (`Rows`).
        """

    def write_rows(self, statement: Statement, names: Sequence[str], rows: Iterable[Row]) -> None:
        """Execute a prepared statement for each row, a chunk at a time.

        Args:
            statement: to execute.
            names: of its parameters, in the order in which they stand in it.
            rows: a value for each.

        """


class Rows:
    """What comes back from a prepared statement: as much of SQLAlchemy's result as is used."""

    __slots__ = ("_names", "_rows", "rowcount")

    def __init__(self, rows: Sequence[Row], names: Sequence[str], rowcount: int) -> None:
        self._rows, self._names, self.rowcount = rows, names, rowcount

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> Sequence[Row]:
        """Give all rows."""
        return self._rows

    def mappings(self) -> list[dict[str, Any]]:
        """Give all rows by their columns' names."""
        return [dict(zip(self._names, row, strict=True)) for row in self._rows]

    def named(self) -> list[Any]:
        """Give all rows as tuples whose values have their columns' names."""
        return list(map(_named(tuple(self._names))._make, self._rows))

    def scalars(self) -> list[Any]:
        """Give the first value of each row."""
        return [row[0] for row in self._rows]

    def one_or_none(self) -> Row | None:
        """Give the only row, if there is one."""
        return self._rows[0] if self._rows else None

    def scalar_one_or_none(self) -> Any:
        """Give the only row's first value; None where there is no row."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """Give the only row's first value."""
        return self._rows[0][0]


class SQLiteConnection:
    """SQLite's driver, which gets prepared statements as they are; all else goes through SQLAlchemy, if need be.

    SQLAlchemy takes 25 µs for a statement, 60 with an `IN`, and 10 for a row, where SQLite takes 2 and 5.
    """

    dialect = "sqlite"

    def __init__(self, driver: "sqlite3.Connection", enter: "Callable[[sqlite3.Connection], sa.Connection]") -> None:
        self.driver, self._enter = driver, enter

    @cached_property
    def sqlalchemy(self) -> "sa.Connection":
        """The same transaction, for SQLAlchemy."""
        return self._enter(self.driver)

    def execute(self, statement: "Statement | sa.Executable", values: Values | None = None) -> Any:
        """Execute once."""
        if not isinstance(statement, Statement):
            return self.sqlalchemy.execute(statement, values)
        sql, parameters, columns = statement.prepared
        row: list[Any] = []
        sizes: list[tuple[str, int]] = []
        given = values or {}
        for name, kind, always, is_list in parameters:
            if name is None:
                row.append(always)
            elif is_list:
                padded = _padded(list(given[name]))
                sizes.append((name, len(padded)))
                row += padded
            else:
                value = given[name]
                row.append(value if kind == "plain" or value is None else _WRITE[kind](value))
        cursor = self.driver.execute(_sized(sql, tuple(sizes)) if sizes else sql, tuple(row))
        found = cursor.fetchall()
        if converted := [(place, _READ[kind]) for place, (_, kind) in enumerate(columns) if kind != "plain"]:
            found = _converted(found, converted)
        return Rows(found, [name for name, _ in columns], cursor.rowcount)

    def write_rows(self, statement: Statement, names: Sequence[str], rows: Iterable[Row]) -> None:
        """Execute a prepared statement for each row, a chunk at a time."""
        if statement.names != tuple(names):
            raise ValueError(f"the parameters stand in another order: {statement.names}")
        for chunk in chunks(rows):
            sql, parameters, _ = statement.prepared
            converted = [(place, _WRITE[it.kind]) for place, it in enumerate(parameters) if it.kind != "plain"]
            self.driver.executemany(sql, _converted(chunk, converted) if converted else chunk)


class ServerConnection:
    """PostgreSQL's, all through SQLAlchemy."""

    dialect = "postgresql"

    def __init__(self, sqlalchemy: "sa.Connection") -> None:
        self.sqlalchemy = sqlalchemy

    def execute(self, statement: "Statement | sa.Executable", values: Values | None = None) -> Any:
        """Execute once."""
        made = statement.built("postgresql") if isinstance(statement, Statement) else statement
        return self.sqlalchemy.execute(made, values)

    def write_rows(self, statement: Statement, names: Sequence[str], rows: Iterable[Row]) -> None:
        """Execute a statement for each row, a chunk at a time."""
        made = statement.built("postgresql")
        for chunk in chunks(rows):
            self.sqlalchemy.execute(made, [dict(zip(names, row, strict=True)) for row in chunk])


def insert_rows(connection: Connection, statement: Statement, rows: Iterable[Row]) -> None:
    """Insert rows, each with a value for every column of the table, in its order; a chunk at a time."""
    connection.write_rows(statement, statement.names, rows)


def execute_many(connection: Connection, statement: Statement, rows: Iterable[Values]) -> None:
    """Execute once for each row, a chunk at a time; not at all without rows."""
    names = statement.names
    connection.write_rows(statement, names, ([row[name] for name in names] for row in rows))  # type: ignore[misc]


def next_id(connection: Connection, highest: Statement) -> int:
    """Choose the number of the next row. The write lock sees to it that nobody else chooses it too."""
    return int(connection.execute(highest).scalar_one() or 0) + 1


def select_in(
    connection: Connection, query: Statement, name: str, values: Iterable[object], **others: object
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


def named(result: Any) -> Iterable[Any]:
    """Read rows whose values have names, as those have that come from SQLAlchemy."""
    return result.named() if isinstance(result, Rows) else result


def pairs(connection: Connection, query: "Statement | sa.Executable") -> dict[Any, Any]:
    """Read two columns as keys and values."""
    return {row[0]: row[1] for row in connection.execute(query)}


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut into pieces."""
    iterator = iter(values)
    while piece := list(islice(iterator, size)):
        yield piece


Convert = Callable[[Any], Any]

_WRITE: Mapping[Kind, Convert] = {"time": utc_text, "json": to_json, "bool": int}
_READ: Mapping[Kind, Convert] = {"time": read_time, "json": from_json, "bool": bool}


def _converted(rows: Sequence[Row], converted: Sequence[tuple[int, Convert]]) -> list[Row]:
    """Convert column by column, which is sooner done than value by value."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not columns:
        return []
    for place, convert in converted:
        columns[place] = list(_each(columns[place], convert))
    return list(zip(*columns, strict=True))


def _each(column: Sequence[Any], convert: Convert) -> Iterator[Any]:
    """Convert values, one that follows itself once: the run's time is in each row."""
    before = converted = None
    for value in column:
        if value is not before:
            before, converted = value, None if value is None else convert(value)
        yield converted


@lru_cache(maxsize=32)
def _named(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024  # whichever they are


@lru_cache(maxsize=128)
def _sized(sql: str, sizes: tuple[tuple[str, int], ...]) -> str:
    """Put as many question marks into a text as its lists have values."""
    for name, size in sizes:
        sql = sql.replace(f"(__[{name}])", f"({', '.join('?' * size)})")
    return sql


def _padded(values: list[Any]) -> list[Any]:
    """Repeat the last value until there are 2, 4, 8 or so: few texts to prepare, not one for each length."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))
