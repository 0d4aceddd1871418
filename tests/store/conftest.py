import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scan.store.database import Store
from scan.store.schema import metadata
from tests.postgresql import running
from tests.store.statements import CARELESS, set_up


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database without rows, to copy."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "scan.db"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask of PostgreSQL what is asked of SQLite, but for what looks into SQLite's file."""
    if "store" in metafunc.fixturenames and "path" not in metafunc.fixturenames:
        other = pytest.param("postgresql", marks=pytest.mark.integration)
        metafunc.parametrize("store", ["sqlite", other], indirect=True)


@pytest.fixture(scope="session")
def sqlite(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Open one store for all tests that have no business with its file: opening one takes longer than most tests."""
    path = Path(shutil.copy(empty, tmp_path_factory.mktemp("shared") / "scan.db"))
    store = opened(path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Store]:
    """Open one store on a server of its own."""
    with running() as server:
        store = Store.open(server.new(), create=True)
        yield store
        store.close()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Give a store without rows, with a file of its own for a test that asks for `path`."""
    if "path" in request.fixturenames:
        store = opened(request.getfixturevalue("path"))
        yield store
        store.close()
    else:
        store = request.getfixturevalue(request.param)
        yield store
        with store.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def opened(path: Path) -> Store:
    store = Store.open(f"sqlite:///{path}", create=False)
    set_up(store, CARELESS)
    return store
