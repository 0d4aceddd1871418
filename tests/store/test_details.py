from scan.changes import DetailState
from scan.store.database import Store
from scan.store.records import NewItem
from tests.store.samples import LATER, NOW, an_item, begun, digest, result

READ = DetailState(listed=digest("listed"), read=True, tries=None)
WAITING = DetailState(listed=digest("other"), read=False, tries=2)


def test_what_is_remembered_of_an_item_s_page_comes_back_and_is_replaced(store: Store) -> None:
    item = NewItem(item=an_item(), raw_hash=digest("raw"), detail=WAITING)
    other = NewItem(item=an_item("job-2"), raw_hash=digest("raw 2"))
    store.absorb(begun(store), NOW, result(new=(item, other)))
    rows = {row.item.key: row.id for row in store.items(limit=10)}
    assert store.detail_states("acme") == {rows["job-1"]: WAITING}
    assert store.detail_states("other") == {}

    details = {rows["job-1"]: READ, rows["job-2"]: WAITING}
    store.absorb(begun(store, 2), LATER, result(at=LATER, details=details))
    assert store.detail_states("acme") == details


def test_it_goes_with_its_item(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(NewItem(item=an_item(), raw_hash=digest("raw"), detail=READ),)))
    with store.writing() as connection:
        connection.sqlalchemy.exec_driver_sql("DELETE FROM item")
    assert store.detail_states("acme") == {}
