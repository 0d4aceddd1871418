"""Statements of the hot paths, compiled once and given to SQLite's driver as they are.

SQLAlchemy takes 25 µs for a statement, 60 with an `IN`, and 10 for a row, where SQLite takes 2 and 5. Here a row is a
tuple, and only the values that need it are converted. PostgreSQL, whose network costs more, gets everything the usual
way.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ClauseElement,
    Column,
    Connection,
    Dialect,
    Executable,
    LargeBinary,
    Select,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from scan.store import sqlite
from scan.store.transactions import chunks, execute_many
from scan.store.types import Utc, utc_text

Row = tuple[Any, ...]


def read_rows(connection: Connection, statement: ClauseElement, **values: Any) -> Sequence[Row]:
    """Read all rows of a statement that gives numbers, bytes and texts; times and JSON would stay as they are stored.

    Args:
        connection: to read from.
        statement: made once, as its compiled form is.
        values: of its parameters; for an `any_of`, a list that is not empty.

    """
    if connection.dialect.name != "sqlite":
        return [tuple(row) for row in connection.execute(cast("Executable", statement), values)]
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = _padded(value)
    sizes = tuple((name, len(value) if isinstance(value, list) else 0) for name, value in values.items())
    direct = _compiled(statement, connection.dialect, sizes)
    row: list[Any] = []
    for name in direct.names:
        value = values[name]
        row += value if isinstance(value, list) else (value,)
    found: list[Row] = sqlite.driver(connection).execute(direct.sql, tuple(row)).fetchall()
    return found


def write_rows(connection: Connection, statement: ClauseElement, names: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Execute a statement for each row, a chunk at a time.

    Args:
        connection: to write to.
        statement: kept at hand, as its compiled form is.
        names: of its parameters, in the order in which they stand in it.
        rows: a value for each.

    """
    if connection.dialect.name == "sqlite":
        direct = _compiled(statement, connection.dialect, tuple((name, 0) for name in names))
        if direct.names != names:
            raise ValueError(f"the parameters stand in another order: {direct.names}")
        for chunk in chunks(rows):
            sqlite.driver(connection).executemany(direct.sql, direct.written(chunk))
    else:
        execute_many(connection, cast("Executable", statement), (dict(zip(names, row, strict=True)) for row in rows))


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, each with a value for every column of the table, in its order; a chunk at a time."""
    statement, names = _insert(table)
    write_rows(connection, statement, names, rows)


def next_id(connection: Connection, column: Column[int]) -> int:
    """Choose the number of the next row. The write lock sees to it that nobody else chooses it too."""
    ((highest,),) = read_rows(connection, _highest(column))
    return int(highest or 0) + 1


@cache
def _highest(column: Column[int]) -> Select[Any]:
    return select(func.max(column))


@lru_cache(maxsize=32)
def _insert(table: Table) -> tuple[ClauseElement, tuple[str, ...]]:
    return insert(table), tuple(table.columns.keys())


class _Direct(NamedTuple):
    """A statement as the driver takes it.

    Attributes:
        names: of its parameters, in their order; a list's once.
        converted: which of them are converted, by their place, and how.

    """

    sql: str
    names: tuple[str, ...]
    converted: Sequence[tuple[int, Callable[[Any], Any]]]

    def written(self, rows: Sequence[Row]) -> Iterable[Row]:
        """Give rows as the driver takes them: column by column, which is sooner done than value by value."""
        if not self.converted:
            return rows
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for place, write in self.converted:
            columns[place] = [None if value is None else write(value) for value in columns[place]]
        return zip(*columns, strict=True)


@lru_cache(maxsize=128)
def _compiled(statement: ClauseElement, dialect: Dialect, parameters: tuple[tuple[str, int], ...]) -> _Direct:
    """Compile a statement for its parameters, each with the length of its list; 0 for a single value."""
    names = [name for name, _ in parameters]
    compiled: Compiled
    if any(size for _, size in parameters):
        sized = statement.params({name: [None] * size if size else None for name, size in parameters})
        compiled = sized.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    else:
        compiled = statement.compile(dialect=dialect, column_keys=names)
    assert isinstance(compiled, SQLCompiler)
    order = dict.fromkeys(n if n in compiled.binds else n.rpartition("_")[0] for n in compiled.positiontup or ())
    types = [compiled.binds[name].type for name in order]
    writers = [_writer(each, dialect) for each in types]
    converted = [(place, write) for place, write in enumerate(writers) if write]
    return _Direct(str(compiled), tuple(order), converted)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Say how a value is converted; SQLAlchemy's own way takes three calls to a time, and copies bytes."""
    if isinstance(kind, LargeBinary):
        return None
    return utc_text if isinstance(kind, Utc) else kind.dialect_impl(dialect).bind_processor(dialect)


def _padded(values: list[Any]) -> list[Any]:
    """Repeat the last value until there are 2, 4, 8 or so: few statements to compile, not one for each length."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))
