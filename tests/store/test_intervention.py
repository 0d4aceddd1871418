from datetime import timedelta

from scan.store.database import Store
from scan.store.outbox import MAX_ATTEMPTS, MAX_IN_DOUBT
from scan.store.records import ChannelState, NewDelivery
from tests.store.samples import LATER, NOW, a_match, an_item, begun, new, result, told

ME = ("me", "me@example.org")
LEASE = timedelta(minutes=5)


def frozen(store: Store, *names: str) -> int:
    batch = store.freeze(*ME, message_id=names[0], payload=b"x", delivery_ids=names, now=NOW)
    assert batch is not None
    return batch


def states(store: Store) -> dict[str, str]:
    return {row.id: row.state for row in store.deliveries(limit=99)}


def fail(store: Store, batch: int, **how: object) -> None:
    assert store.claim(batch, "one", NOW, LEASE)
    store.arm(batch, "one")
    store.failed(batch, "one", NOW, error="no", **how)  # type: ignore[arg-type]  # as `failed` has it


def hold(store: Store, number: int, source: str) -> None:
    held = NewDelivery(id=f"h{number}", channel="me", recipient="me@example.org", state="held")
    news = (new(an_item(f"j{number}", source), a_match(held)),)
    store.absorb(begun(store, number), NOW, result(source, new=news))


def test_a_delivery_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    told(store, "abc1", "abd2", "%")
    assert store.deliveries_named("abc") == {"abc1": "pending"}
    assert store.deliveries_named("ab") == {"abc1": "pending", "abd2": "pending"}
    assert store.deliveries_named("x") == {}
    assert store.deliveries_named("%") == {"%": "pending"}


def test_a_dead_message_is_ready_again_whole_with_a_new_allowance_and_its_history(store: Store) -> None:
    told(store, "a", "b")
    batch = frozen(store, "a", "b")
    for _ in range(MAX_ATTEMPTS):
        fail(store, batch)
    assert states(store) == {"a": "dead", "b": "dead"}
    assert store.retry(["a"]) == 2
    assert states(store) == {"a": "batched", "b": "batched"}
    (due,) = store.due("me", NOW)
    assert (due.attempts, due.payload) == (MAX_ATTEMPTS, b"x")
    for _ in range(MAX_ATTEMPTS - 1):
        fail(store, batch)
    assert states(store) == {"a": "batched", "b": "batched"}
    fail(store, batch)
    assert states(store) == {"a": "dead", "b": "dead"}


def test_a_message_given_up_in_doubt_may_be_doubted_anew(store: Store) -> None:
    told(store, "a")
    batch = frozen(store, "a")
    for _ in range(MAX_IN_DOUBT):
        fail(store, batch, in_doubt=True)
    assert states(store) == {"a": "dead"}
    store.retry(["a"])
    fail(store, batch, in_doubt=True)
    assert states(store) == {"a": "batched"}


def test_a_message_that_waits_is_ready_now(store: Store) -> None:
    told(store, "a")
    batch = frozen(store, "a")
    fail(store, batch, next_at=LATER)
    assert store.due("me", NOW) == []
    assert store.retry(["a"]) == 1
    assert [row.id for row in store.due("me", NOW)] == [batch]


def test_trying_again_ends_the_pause_of_the_channel_and_of_no_other(store: Store) -> None:
    told(store, "a")
    fail(store, frozen(store, "a"), permanent=True)
    for name in ("me", "other"):
        store.save_channel_state(ChannelState(channel=name, state="paused", until=LATER, consecutive_failures=1))
    store.retry(["a"])
    found = store.channel_states()
    assert (found["me"].state, found["other"].state) == ("ok", "paused")


def test_what_is_in_no_message_yet_is_ready_anyway(store: Store) -> None:
    told(store, "a")
    assert store.retry(["a"]) == 1
    assert states(store) == {"a": "pending"}


def test_a_delivery_is_dropped_with_its_message(store: Store) -> None:
    told(store, "a", "b", "c")
    batch = frozen(store, "a", "b")
    assert store.drop(["a"], NOW) == 2
    assert states(store) == {"a": "dropped", "b": "dropped", "c": "pending"}
    assert store.due("me", LATER) == []
    assert not store.claim(batch, "one", NOW, LEASE)


def test_a_delivery_in_no_message_is_dropped_alone(store: Store) -> None:
    told(store, "a", "b", "c")
    batch = frozen(store, "a", "b")
    assert store.drop(["c"], NOW) == 1
    assert states(store) == {"a": "batched", "b": "batched", "c": "dropped"}
    assert [row.id for row in store.due("me", LATER)] == [batch]


def test_dead_and_held_deliveries_are_dropped_and_what_was_sent_stays_sent(store: Store) -> None:
    told(store, "a", "b")
    fail(store, frozen(store, "a"), permanent=True)
    sent = frozen(store, "b")
    store.claim(sent, "one", NOW, LEASE)
    store.arm(sent, "one")
    store.sent(sent, "one", NOW)
    hold(store, 7, "beta")
    assert store.drop(["a", "b", "h7"], NOW) == 2
    assert states(store) == {"a": "dropped", "b": "sent", "h7": "dropped"}
    assert store.retry(["a", "b", "h7"]) == 0
    assert states(store) == {"a": "dropped", "b": "sent", "h7": "dropped"}


def test_a_message_in_somebody_s_hands_is_left_alone(store: Store) -> None:
    told(store, "a")
    batch = frozen(store, "a")
    for take in (lambda: store.claim(batch, "one", NOW, LEASE), lambda: store.arm(batch, "one")):
        take()
        assert store.deliveries_named("a") == {"a": "sending"}
        assert (store.retry(["a"]), store.drop(["a"], NOW)) == (0, 0)
    assert store.sent(batch, "one", NOW)
    assert store.deliveries_named("a") == {"a": "sent"}


def test_held_deliveries_are_released_by_source_or_all(store: Store) -> None:
    for number, source in enumerate(("acme", "beta", "acme")):
        hold(store, number, source)
    assert store.held_sources() == {"acme", "beta"}
    assert store.release("beta") == 1
    assert store.release("beta") == 0
    assert states(store) == {"h0": "held", "h1": "pending", "h2": "held"}
    assert store.release() == 2
    assert store.held_sources() == set()


def test_what_waits_is_counted_by_recipient(store: Store) -> None:
    told(store, "a", "b", "c")
    hold(store, 7, "beta")
    frozen(store, "a")
    fail(store, frozen(store, "b"), permanent=True)
    assert store.undelivered() == {ME: 3}
