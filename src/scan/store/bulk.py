"""Many rows into one table, at hardly more than what the database takes for them.

SQLAlchemy's own way makes a dictionary of every row and asks every column how to write its value: as long again as
SQLite's work. Here a row is a tuple, and only the values that need it are converted.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, LargeBinary, Table, insert

from scan.store.transactions import chunks, execute_many

Row = tuple[object, ...]


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, each with a value for every column of the table, in its order; a chunk at a time."""
    if connection.dialect.name == "sqlite":
        statement = _prepared(table, connection.dialect)
        for chunk in chunks(map(statement.written, rows)):
            connection.exec_driver_sql(statement.sql, chunk)
    else:
        names = table.columns.keys()
        execute_many(connection, insert(table), (dict(zip(names, row, strict=True)) for row in rows))


class _Insert(NamedTuple):
    """A statement as the driver takes it.

    Attributes:
        converted: which values of a row are converted, by their place, and how.

    """

    sql: str
    converted: Sequence[tuple[int, Callable[[Any], Any]]]

    def written(self, row: Row) -> Row:
        """Give a row's values as the driver takes them."""
        values = list(row)
        for place, write in self.converted:
            if values[place] is not None:
                values[place] = write(values[place])
        return tuple(values)


@lru_cache(maxsize=32)
def _prepared(table: Table, dialect: Dialect) -> _Insert:
    writers = (column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns)
    binary = [isinstance(column.type, LargeBinary) for column in table.columns]  # bytes are bytes to SQLite
    return _Insert(
        sql=str(insert(table).compile(dialect=dialect)),
        converted=[(place, write) for place, write in enumerate(writers) if write and not binary[place]],
    )
