from datetime import timedelta

from scan.cadence import SourceState
from scan.store.database import Store
from scan.store.records import Absorbed
from tests.store.samples import LATER, NOW, a_match, an_item, begun, new, result, source_run, state


def test_every_part_of_a_source_s_memory_comes_back_as_it_was(store: Store) -> None:
    whole = state(
        last_error="503",
        last_status="failed",
        consecutive_failures=4,
        not_before=NOW + timedelta(hours=1),
        last_count=40,
        suspicious_since=NOW - timedelta(hours=2),
    )
    store.absorb(begun(store), NOW, Absorbed(state=whole, run=source_run()))
    assert store.source_states(["acme", "never seen"]) == {"acme": whole}


def test_what_is_remembered_is_replaced_even_by_nothing(store: Store) -> None:
    store.absorb(begun(store), NOW, Absorbed(state=state(), run=source_run()))
    store.absorb(begun(store, 2), NOW, Absorbed(state=SourceState(name="acme"), run=source_run()))
    assert store.source_states(["acme"]) == {"acme": SourceState(name="acme")}


def test_matches_are_counted_by_source_as_they_are_made(store: Store) -> None:
    run = begun(store)
    store.absorb(run, NOW, result(new=(new(an_item("a"), a_match()), new(an_item("b")))))
    store.absorb(run, NOW, Absorbed(state=state("quiet", LATER), run=source_run("quiet")))
    assert store.match_counts(["acme", "quiet", "never seen"]) == {"acme": 1, "quiet": 0}
    row = store.known("acme", [])["b"].id
    store.save_search(run, LATER, name="later", fingerprint="f", found=[(row, a_match(search="later"))])
    store.save_search(run, LATER, name="later", fingerprint="f", found=[(row, a_match(search="later"))])
    assert store.match_counts(["acme"]) == {"acme": 2}, "what is there already is not counted again"
    store.absorb(begun(store, 2), NOW, Absorbed(state=state(), run=source_run()))
    assert store.match_counts(["acme"]) == {"acme": 2}
