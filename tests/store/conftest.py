import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from scan.store.database import Store


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database without rows, to copy: making the tables imports Alembic."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "scan.db"))


def careless(raw: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Wait for no disk: no power will be lost in here, and what is asked of a real one has a test."""
    raw.execute("PRAGMA synchronous = OFF").close()


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{path}", create=False)
    event.listen(store.engine, "connect", careless)
    store.engine.dispose()
    yield store
    store.close()
