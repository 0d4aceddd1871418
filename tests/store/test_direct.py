import pytest
from sqlalchemy import bindparam, select, update

from scan.store.database import Store
from scan.store.direct import read_rows, write_rows
from scan.store.records import Absorbed
from scan.store.schema import sources
from scan.store.transactions import any_of
from tests.store.samples import NOW, begun, source_run, state

NAMES = [f"source-{number}" for number in range(5)]
NAMED = select(sources.c.name).where(sources.c.name != bindparam("other_than"), sources.c.name.in_(any_of("names")))
COUNT = update(sources).where(sources.c.name == bindparam("of")).values(consecutive_failures=bindparam("failures"))


@pytest.fixture
def filled(store: Store) -> Store:
    store.absorb(begun(store), NOW, *(Absorbed(state=state(name), run=source_run(name)) for name in NAMES))
    return store


@pytest.mark.parametrize("length", range(1, 6))
def test_a_list_of_any_length_finds_what_it_names(filled: Store, length: int) -> None:
    with filled.reading() as connection:
        found = read_rows(connection, NAMED, names=NAMES[:length], other_than=NAMES[0])
    assert sorted(found) == [(name,) for name in NAMES[1:length]]


def test_rows_are_written_in_the_order_of_the_parameters(filled: Store) -> None:
    with filled.writing() as connection:
        write_rows(connection, COUNT, ("failures", "of"), [(number, name) for number, name in enumerate(NAMES)])
    found = filled.source_states(NAMES)
    assert [found[name].consecutive_failures for name in NAMES] == list(range(5))


@pytest.mark.usefixtures("path")
def test_rows_in_another_order_are_refused(filled: Store) -> None:
    with pytest.raises(ValueError, match="another order"), filled.writing() as connection:
        write_rows(connection, COUNT, ("of", "failures"), [(NAMES[0], 1)])
    assert filled.source_states(NAMES)[NAMES[0]].consecutive_failures == 0
