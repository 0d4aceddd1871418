from scan.model import Event
from scan.store.database import Store
from scan.store.records import ChangedItem, NewMatch
from tests.store.samples import LATER, NOW, RUN, a_match, an_item, begun, delivery, digest, new, result


def absorb(store: Store, *matches: NewMatch, key: str = "a", source: str = "acme", run: int = 1) -> int:
    """Absorb an item, of the same posting as all others; returns its row."""
    item = an_item(key, source, fingerprint=digest("posting"))
    store.absorb(begun(store, run), NOW, result(source, new=(new(item, *matches),)))
    return store.known(source, [key])[key].id


def meet_again(store: Store, item: int, *matches: NewMatch, run: int, new_episode: bool = False) -> None:
    changed = ChangedItem(
        id=item, item=an_item("a"), raw_hash=digest("x"), returned=True, new_episode=new_episode, matches=matches
    )
    store.absorb(begun(store, run), LATER, result(at=LATER, changed=(changed,)))


def test_a_match_is_recorded_with_its_reasons_and_what_became_of_it(store: Store) -> None:
    match = a_match(delivery("d1"), delivery("d2", recipient="you@example.org"))
    item = absorb(store, match)
    (row,) = store.matches(limit=9)
    assert (row.search, row.event, row.at, row.run_id, row.duplicate) == ("backend", Event.NEW, NOW, RUN, False)
    assert row.reasons == match.match.reasons
    assert row.item == store.stored([item])[item]
    assert row.told == {"pending": 2}
    assert store.existing_matches([item, 999]) == {("backend", item, Event.NEW, 0)}


def test_a_match_that_is_there_already_tells_nobody_again(store: Store) -> None:
    item = absorb(store, a_match(delivery("d1")))
    meet_again(store, item, a_match(delivery("d1"), delivery("d2")), run=2)
    assert len(store.matches(limit=9)) == 1
    assert [row.id for row in store.deliveries(limit=9)] == ["d1"]


def test_the_same_match_twice_in_one_result_is_one(store: Store) -> None:
    absorb(store, a_match(delivery("d1")), a_match(delivery("d1")))
    assert len(store.matches(limit=9)) == 1
    assert len(store.deliveries(limit=9)) == 1


def test_another_revision_event_or_search_is_another_match(store: Store) -> None:
    item = absorb(store, a_match())
    others = (a_match(event=Event.CHANGED, revision=1), a_match(event=Event.CHANGED, revision=2), a_match(search="x"))
    meet_again(store, item, *others, run=2)
    assert len(store.existing_matches([item])) == 4


def test_a_new_episode_may_match_and_tell_again(store: Store) -> None:
    item = absorb(store, a_match(delivery("d1")))
    meet_again(store, item, run=2, new_episode=True)
    assert store.existing_matches([item]) == set()
    meet_again(store, item, a_match(delivery("d2")), run=3)
    assert {row.id for row in store.deliveries(limit=9)} == {"d1", "d2"}


def test_a_posting_told_of_another_source_is_recognized_and_not_one_s_own(store: Store) -> None:
    absorb(store, a_match())
    asked = (["backend", "other"], [digest("posting"), digest("else")])
    assert store.fingerprints_told(*asked, not_source="beta") == {("backend", digest("posting"))}
    assert store.fingerprints_told(*asked, not_source="acme") == set()
    assert store.fingerprints_told(["other"], [digest("posting")], not_source="beta") == set()


def test_a_delivery_that_exists_under_another_match_is_left_alone(store: Store) -> None:
    absorb(store, a_match(delivery("d1")))
    absorb(store, a_match(delivery("d1"), duplicate=True), key="b", source="beta", run=2)
    assert [match.told for match in store.matches(limit=9)] == [{}, {"pending": 1}]
    assert store.matches(limit=9)[0].duplicate


def test_matches_are_listed_newest_first_by_what_is_asked(store: Store) -> None:
    item = absorb(store, a_match())
    meet_again(store, item, a_match(search="other"), run=2)
    assert [match.search for match in store.matches(limit=9)] == ["other", "backend"]
    assert [match.search for match in store.matches(limit=1, offset=1)] == ["backend"]
    assert [match.search for match in store.matches(search="backend", limit=9)] == ["backend"]
    assert [match.search for match in store.matches(since=LATER, limit=9)] == ["other"]


def test_a_changed_search_is_saved_with_what_it_found(store: Store) -> None:
    item = absorb(store)
    run = begun(store, 2)
    assert store.search_fingerprints() == {}
    found = [(item, a_match(delivery("d1"), backlog=True))]
    store.save_search(run, LATER, name="backend", fingerprint="one", found=found)
    assert store.search_fingerprints() == {"backend": "one"}
    assert [match.run_id for match in store.matches(limit=9)] == [run]
    store.save_search(run, LATER, name="backend", fingerprint="two", found=found)
    assert store.search_fingerprints() == {"backend": "two"}
    assert len(store.deliveries(limit=9)) == 1
