"""Every statement that a store gives to SQLite: through SQLAlchemy, or past it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from scan.store import sqlite
from scan.store.database import Store

Called = Callable[[str, Any], None]


@contextmanager
def before_each(store: Store, called: Called) -> Iterator[None]:
    """Call before each statement, with its text and its parameters: one row, or a list of rows."""

    def through_sqlalchemy(*call: Any) -> None:
        called(call[2], call[3])

    event.listen(store.engine, "before_cursor_execute", through_sqlalchemy)
    real = sqlite.driver
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite, "driver", lambda connection: _Watched(real(connection), called))
            yield
    finally:
        event.remove(store.engine, "before_cursor_execute", through_sqlalchemy)


class _Watched:
    """What `sqlite.driver` gives, as far as it is used."""

    def __init__(self, driver: Any, called: Called) -> None:
        self._driver, self._called = driver, called

    def execute(self, sql: str, row: Any = ()) -> Any:
        self._called(sql, row)
        return self._driver.execute(sql, row)

    def executemany(self, sql: str, rows: Any) -> Any:
        rows = list(rows)
        self._called(sql, rows)
        return self._driver.executemany(sql, rows)
