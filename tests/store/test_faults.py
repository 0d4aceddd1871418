"""What the operator can mend is said in one line; a bug is not disguised as that."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from scan.errors import NotPermitted, ScanError, StoreError, StoreUnreachable
from scan.store.database import Store
from scan.store.faults import mendable
from scan.store.upkeep import Findings
from tests.store.samples import NOW, an_item, begun, new, result
from tests.store.statements import set_up


@pytest.fixture
def full(path: Path) -> Iterator[Store]:
    """Open a database that may have a few pages more and no others."""
    store = Store.open(f"sqlite:///{path}", create=False)
    set_up(store, "PRAGMA max_page_count = 40")
    yield store
    store.close()


def fill(store: Store, run: str) -> None:
    store.absorb(run, NOW, result(new=tuple(new(an_item(str(n), text="x" * 9000)) for n in range(600))))


def test_a_full_disk_costs_the_transaction_in_hand_and_nothing_else(full: Store) -> None:
    run = begun(full)
    with pytest.raises(StoreError, match="the disk is full"):
        fill(full, run)
    assert full.items(limit=9) == []
    assert full.source_states(["acme"]) == {}
    assert full.check() == Findings()
    full.absorb(run, NOW, result(new=(new(an_item()),)))
    assert len(full.items(limit=9)) == 1


def test_a_file_that_may_not_grow_is_said_to_be_so(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}", create=False)
    run = begun(store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    try:
        with pytest.raises(StoreError, match=r"limits|full"):
            fill(store, run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.items(limit=9) == []
    assert store.check() == Findings()
    fill(store, run)
    store.close()


class Complaint(Exception):
    """What a PostgreSQL driver raises: a message with a SQLSTATE."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("complaint")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "expected"),
    [
        (None, StoreUnreachable),
        ("08006", StoreUnreachable),
        ("57P01", StoreUnreachable),
        ("53300", StoreUnreachable),
        ("28P01", NotPermitted),
        ("42501", NotPermitted),
        ("53100", StoreError),
        ("25006", StoreError),
        ("3D000", StoreError),
    ],
)
def test_what_postgresql_complains_of_is_told_by_its_code(sqlstate: str | None, expected: type[ScanError]) -> None:
    with pytest.raises(ScanError) as caught, mendable("postgresql://scan:***@db/scan"):
        raise OperationalError("SELECT 1", None, Complaint(sqlstate))
    assert type(caught.value) is expected
    assert str(caught.value).startswith("postgresql://scan:***@db/scan: ")


@pytest.mark.parametrize("error", [IntegrityError, ProgrammingError])
def test_a_bug_passes_through_as_it_is(error: type[DBAPIError]) -> None:
    with pytest.raises(error), mendable("x"):
        raise error("SELECT 1", None, Complaint("23505"))
