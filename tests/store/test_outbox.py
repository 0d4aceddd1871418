from datetime import timedelta

import pytest

from scan.errors import DeliveryError
from scan.store.database import Store
from scan.store.outbox import LONGEST_WAIT, MAX_ATTEMPTS, UNKNOWN
from scan.store.records import BatchRow, Recovered
from tests.store.samples import NOW, told

ME = ("me", "me@example.org")
LEASE = timedelta(minutes=5)


def frozen(store: Store, *names: str) -> int:
    """Queue deliveries and make them one message."""
    told(store, *names)
    batch = store.freeze(*ME, message_id=f"<{names[0]}@scan>", payload=b"bytes \x00", delivery_ids=names, now=NOW)
    assert batch is not None
    return batch


def armed(store: Store, batch: int, owner: str = "one") -> None:
    assert store.claim(batch, owner, NOW, LEASE)
    store.arm(batch, owner)


def the_batch(store: Store) -> BatchRow:
    (batch,) = store.due("me", NOW + timedelta(days=9))
    return batch


def deliveries(store: Store) -> dict[str, str]:
    return {row.id: row.state for row in store.deliveries(limit=99)}


def test_a_message_goes_from_pending_to_sent(store: Store) -> None:
    batch = frozen(store, "a", "b")
    assert store.waiting() == []
    (due,) = store.due("me", NOW)
    assert (due.id, due.payload, due.message_id, due.attempts, due.deliveries) == (
        batch,
        b"bytes \x00",
        "<a@scan>",
        0,
        2,
    )
    armed(store, batch)
    assert store.due("me", NOW) == []
    assert store.sent(batch, "one", NOW, code=250, receipt="queued as 1")
    assert deliveries(store) == {"a": "sent", "b": "sent"}
    assert store.recover(NOW, lock_held=True) == Recovered()


def test_a_message_is_frozen_only_of_what_is_still_pending_and_its_recipient_s(store: Store) -> None:
    frozen(store, "a")
    for ids in (["a"], ["never"], ["a", "never"], []):
        assert store.freeze(*ME, message_id="<x@scan>", payload=b"", delivery_ids=ids, now=NOW) is None
    assert len(store.due("me", NOW)) == 1


def test_a_message_of_somebody_else_s_deliveries_is_not_made(store: Store) -> None:
    told(store, "a")
    frozen_by = store.freeze("me", "you@example.org", message_id="x", payload=b"", delivery_ids=["a"], now=NOW)
    assert frozen_by is None
    assert deliveries(store) == {"a": "pending"}


def test_only_one_of_two_processes_gets_a_message(store: Store) -> None:
    batch = frozen(store, "a")
    assert store.claim(batch, "one", NOW, LEASE)
    assert not store.claim(batch, "two", NOW, LEASE)
    with pytest.raises(DeliveryError, match="another process"):
        store.arm(batch, "two")
    assert not store.sent(batch, "two", NOW)
    assert not store.failed(batch, "two", NOW, error="no")
    store.arm(batch, "one")


def test_nothing_is_sent_that_was_not_armed(store: Store) -> None:
    batch = frozen(store, "a")
    assert not store.sent(batch, "one", NOW)
    assert store.claim(batch, "one", NOW, LEASE)
    assert not store.sent(batch, "one", NOW)
    assert deliveries(store) == {"a": "batched"}


def test_a_claim_that_died_is_ready_again_and_in_no_doubt(store: Store) -> None:
    batch = frozen(store, "a")
    store.claim(batch, "one", NOW, LEASE)
    assert store.recover(NOW, lock_held=True) == Recovered(claimed=1)
    assert (the_batch(store).attempts, the_batch(store).in_doubt) == (1, 0)
    with pytest.raises(DeliveryError):
        store.arm(batch, "one")


def test_a_hand_over_that_died_is_in_doubt_and_the_second_time_given_up(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    assert store.recover(NOW, lock_held=True) == Recovered(armed=1)
    assert the_batch(store).in_doubt == 1
    armed(store, batch)
    assert store.recover(NOW, lock_held=True) == Recovered(dead=1)
    assert deliveries(store) == {"a": "dead"}


def test_a_channel_that_is_never_sent_a_copy_has_it_given_up_the_first_time_and_only_then(store: Store) -> None:
    batch = frozen(store, "a")
    store.claim(batch, "one", NOW, LEASE)
    assert store.recover(NOW, lock_held=True, holding=["me"]) == Recovered(claimed=1)
    armed(store, batch)
    assert store.recover(NOW, lock_held=True, holding=["me"]) == Recovered(dead=1)
    assert deliveries(store) == {"a": "dead"}
    assert store.trouble().given_up[0].error == UNKNOWN


def test_the_lease_of_a_living_process_is_respected_where_there_are_several(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    assert store.recover(NOW + LEASE, lock_held=False) == Recovered()
    assert store.recover(NOW + LEASE + timedelta(seconds=1), lock_held=False) == Recovered(armed=1)
    assert not store.sent(batch, "one", NOW)


def test_a_lease_whose_owner_may_be_alive_is_respected_even_under_the_lock(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    assert store.recover(NOW + LEASE, lock_held=True, alive=lambda owner: owner == "one") == Recovered()
    assert store.recover(NOW + LEASE, lock_held=True, alive=lambda owner: owner != "one") == Recovered(armed=1)


def test_a_lease_that_has_run_out_is_over_whoever_may_be_alive(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    late = NOW + LEASE + timedelta(seconds=1)
    assert store.recover(late, lock_held=True, alive=lambda _: True) == Recovered(armed=1)


def test_a_failed_message_waits_until_it_is_told_to_but_never_long(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    soon = NOW + timedelta(minutes=30)
    assert store.failed(batch, "one", NOW, error="451 later", code=451, next_at=soon)
    assert store.due("me", NOW) == []
    assert [row.id for row in store.due("me", soon)] == [batch]
    armed(store, batch)
    store.failed(batch, "one", NOW, error="x" * 9999, next_at=NOW + timedelta(days=365))
    assert [row.id for row in store.due("me", NOW + LONGEST_WAIT)] == [batch]
    assert len(store.deliveries(limit=1)[0].error or "") == 500


def test_a_clock_set_back_starves_no_message(store: Store) -> None:
    batch = frozen(store, "a")
    armed(store, batch)
    store.failed(batch, "one", NOW, error="x", next_at=NOW + timedelta(hours=1))
    long_ago = NOW - timedelta(days=365)
    store.recover(long_ago, lock_held=True)
    assert store.due("me", long_ago) == []
    assert [row.id for row in store.due("me", long_ago + LONGEST_WAIT)] == [batch]


def test_a_message_refused_for_good_is_dead(store: Store) -> None:
    batch = frozen(store, "a", "b")
    armed(store, batch)
    store.failed(batch, "one", NOW, error="550 no such user", code=550, permanent=True)
    assert deliveries(store) == {"a": "dead", "b": "dead"}
    assert not store.claim(batch, "one", NOW, LEASE)


def test_a_message_is_given_up_after_its_attempts(store: Store) -> None:
    batch = frozen(store, "a")
    for _ in range(MAX_ATTEMPTS):
        assert deliveries(store) == {"a": "batched"}
        armed(store, batch)
        store.failed(batch, "one", NOW, error="451")
    assert deliveries(store) == {"a": "dead"}


def test_a_message_that_kills_the_process_each_time_is_given_up_too(store: Store) -> None:
    batch = frozen(store, "a")
    for _ in range(MAX_ATTEMPTS - 1):
        store.claim(batch, "one", NOW, LEASE)
        assert store.recover(NOW, lock_held=True) == Recovered(claimed=1)
    store.claim(batch, "one", NOW, LEASE)
    assert store.recover(NOW, lock_held=True) == Recovered(dead=1)


def test_a_lost_answer_twice_is_given_up(store: Store) -> None:
    batch = frozen(store, "a")
    for state in ("batched", "dead"):
        armed(store, batch)
        store.failed(batch, "one", NOW, error="connection lost", in_doubt=True)
        assert deliveries(store) == {"a": state}


def test_an_attempt_on_a_channel_that_is_wrong_itself_does_not_count(store: Store) -> None:
    batch = frozen(store, "a")
    for _ in range(MAX_ATTEMPTS + 1):
        assert store.claim(batch, "one", NOW, LEASE)
        store.failed(batch, "one", NOW, error="535", count_attempt=False)
    assert deliveries(store) == {"a": "batched"}
    assert the_batch(store).attempts == MAX_ATTEMPTS + 1


def test_a_message_tried_often_comes_after_those_tried_less(store: Store) -> None:
    told(store, "a", "b")
    bad, good = (store.freeze(*ME, message_id=n, payload=b"", delivery_ids=[n], now=NOW) for n in ("a", "b"))
    assert bad is not None
    armed(store, bad)
    store.failed(bad, "one", NOW, error="x")
    assert [row.id for row in store.due("me", NOW)] == [good, bad]
    assert store.due("team", NOW) == []
