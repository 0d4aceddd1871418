import subprocess
import sys
from pathlib import Path

import pytest

from scan.store import prepared
from scan.store.database import Store
from scan.store.records import Absorbed
from scan.store.sql import sa, t
from scan.store.statement import Statement, any_of, statement
from tests.store.samples import NOW, begun, source_run, state

NAMES = [f"source-{number}" for number in range(5)]


@statement
def _named() -> sa.Executable:
    return sa.select(t.sources.c.name).where(
        t.sources.c.name != sa.bindparam("other_than"), t.sources.c.name.in_(any_of("names"))
    )


@statement
def _count() -> sa.Executable:
    of_source = sa.update(t.sources).where(t.sources.c.name == sa.bindparam("of"))
    return of_source.values(consecutive_failures=sa.bindparam("failures"))


@pytest.fixture
def filled(store: Store) -> Store:
    store.absorb(begun(store), NOW, *(Absorbed(state=state(name), run=source_run(name)) for name in NAMES))
    return store


@pytest.mark.parametrize("length", range(1, 6))
def test_a_list_of_any_length_finds_what_it_names(filled: Store, length: int) -> None:
    with filled.reading() as connection:
        found = connection.execute(_named, {"names": NAMES[:length], "other_than": NAMES[0]})
    assert sorted(found) == [(name,) for name in NAMES[1:length]]


def test_rows_are_written_in_the_order_of_the_parameters(filled: Store) -> None:
    with filled.writing() as connection:
        connection.write_rows(_count, ("failures", "of"), [(number, name) for number, name in enumerate(NAMES)])
    found = filled.source_states(NAMES)
    assert [found[name].consecutive_failures for name in NAMES] == list(range(5))


@pytest.mark.usefixtures("path")
def test_rows_in_another_order_are_refused(filled: Store) -> None:
    with pytest.raises(ValueError, match="another order"), filled.writing() as connection:
        connection.write_rows(_count, ("of", "failures"), [(NAMES[0], 1)])
    assert filled.source_states(NAMES)[NAMES[0]].consecutive_failures == 0


def test_what_is_prepared_is_what_is_written() -> None:
    """In a process of its own: the tests have statements too."""
    code = "from tests.store.prepared import module; print(module(), end='')"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert made == Path(prepared.__file__).read_text("utf-8"), "run `make prepared`"


def test_every_statement_of_the_store_is_prepared() -> None:
    code = (
        "import scan.store.database; from scan.store.statement import PREPARED, Statement; "
        "print(Statement.all.keys() - PREPARED)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_two_statements_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="called absorb"):
        Statement("absorb.known", lambda _: sa.select(t.items))
