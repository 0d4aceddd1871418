"""Every statement that a store gives to its database, and settings of its connections to SQLite."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from scan.store.database import Store
from scan.store.postgresql import PostgreSQL
from scan.store.sqlite import SQLite

CARELESS = "PRAGMA synchronous = OFF"
"""Wait for no disk: no power will be lost in here, and what is asked of a real one has a test."""

Called = Callable[[str, Any], None]


def set_up(store: Store, *pragmas: str) -> None:
    """Have more executed on each connection, from now on."""
    assert isinstance(store.database, SQLite)
    store.database.close()
    store.database.pragmas += pragmas


@contextmanager
def before_each(store: Store, called: Called) -> Iterator[None]:
    """Call before each statement, with its text and its parameters: one row, or a list of rows."""
    database = store.database
    if isinstance(database, SQLite):
        real = database.outside

        @contextmanager
        def outside() -> Iterator[Any]:
            with real() as driver:
                yield Watched(driver, called)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "outside", outside)
            yield
        return
    assert isinstance(database, PostgreSQL)

    def through_sqlalchemy(*call: Any) -> None:
        called(call[2], call[3])

    event.listen(database.engine, "before_cursor_execute", through_sqlalchemy)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", through_sqlalchemy)


class Watched:
    """SQLite's driver, or a cursor of it."""

    def __init__(self, watched: Any, called: Called) -> None:
        self._watched, self._called = watched, called

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched, name)

    def cursor(self) -> "Watched":
        return Watched(self._watched.cursor(), self._called)

    def execute(self, sql: str, row: Any = ()) -> Any:
        self._called(sql, row)
        return self._watched.execute(sql, row)

    def executemany(self, sql: str, rows: Any) -> Any:
        rows = list(rows)
        self._called(sql, rows)
        return self._watched.executemany(sql, rows)
