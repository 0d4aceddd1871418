from scan.model import Event, FieldChange
from scan.store.database import Store
from scan.store.records import ChangedItem, ChannelState, NewDelivery
from tests.store.samples import LATER, NOW, a_match, an_item, begun, delivery, digest, new, result, told


def test_notices_come_oldest_first_to_whom_they_are_for(store: Store) -> None:
    told(store, "a", "b", "c")
    told_you = a_match(delivery("y", recipient="you@example.org"), search="other")
    store.absorb(begun(store, 2), LATER, result("beta", LATER, new=(new(an_item("y", "beta"), told_you),)))
    assert store.waiting() == [("me", "me@example.org"), ("me", "you@example.org")]
    assert [notice.delivery for notice in store.pending("me", "me@example.org", 2)] == ["a", "b"]
    (notice,) = store.pending("me", "you@example.org", 9)
    assert (notice.search, notice.event, notice.item) == ("other", Event.NEW, an_item("y", "beta"))
    assert (notice.reasons, notice.sources, notice.changes) == (told_you.match.reasons, ("beta",), ())
    assert not notice.first_run
    assert store.pending("team", "me@example.org", 9) == []


def test_a_notice_names_every_source_of_the_posting_the_first_finder_first(store: Store) -> None:
    for number, (source, more) in enumerate((("zulu", (delivery("d"),)), ("alpha", ()), ("mike", ()))):
        item = an_item("x", source, fingerprint=digest("posting"))
        match = a_match(*more, duplicate=not more)
        store.absorb(begun(store, number), NOW, result(source, new=(new(item, match),)))
    (notice,) = store.pending("me", "me@example.org", 9)
    assert notice.sources == ("zulu", "alpha", "mike")


def test_an_item_without_a_fingerprint_has_its_own_source_only(store: Store) -> None:
    for number, source in enumerate(("acme", "beta")):
        item = an_item("x", source, fingerprint=None)
        store.absorb(begun(store, number), NOW, result(source, new=(new(item, a_match(delivery(source))),)))
    assert [notice.sources for notice in store.pending("me", "me@example.org", 9)] == [("acme",), ("beta",)]


def test_a_change_is_told_with_the_fields_of_its_own_revision(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item("a"), a_match()),)))
    row = store.known("acme", [])["a"].id
    for revision, title in ((1, "One"), (2, "Two")):
        match = a_match(delivery(title), event=Event.CHANGED, revision=revision)
        changes = (FieldChange("title", None, title),)
        item = ChangedItem(id=row, item=an_item("a"), raw_hash=b"x", changes=changes, matches=(match,))
        store.absorb(begun(store, 1 + revision), LATER, result(at=LATER, changed=(item,)))
    first, second = store.pending("me", "me@example.org", 9)
    assert first.changes == (FieldChange("title", None, "One"),)
    assert second.changes == (FieldChange("title", None, "Two"),)


def test_the_first_run_and_the_backlog_are_told_apart(store: Store) -> None:
    first = new(an_item("a"), a_match(delivery("first"), first_run=True))
    store.absorb(begun(store), NOW, result(new=(first,)))
    found = [(store.known("acme", [])["a"].id, a_match(delivery("old"), search="later", backlog=True))]
    store.save_search(begun(store, 2), LATER, name="later", fingerprint="f", found=found)
    (usual,) = store.pending("me", "me@example.org", 9)
    (backlog,) = store.pending("me", "me@example.org", 9, backlog=True)
    assert (usual.delivery, usual.first_run) == ("first", True)
    assert (backlog.delivery, backlog.first_run) == ("old", False)


def test_what_is_never_to_be_told_is_recorded_and_not_pending(store: Store) -> None:
    silent = NewDelivery(id="b", channel="me", recipient="me", state="baseline")
    held = NewDelivery(id="h", channel="me", recipient="me", state="held")
    store.absorb(begun(store), NOW, result(new=(new(an_item("a"), a_match(silent, held)),)))
    assert store.waiting() == []
    counts = store.outbox_counts()
    assert counts == {"pending": 0, "held": 1, "batched": 0, "dead": 0}


def test_deliveries_are_listed_newest_first_and_by_state(store: Store) -> None:
    told(store, "a", "b")
    batch = store.freeze("me", "me@example.org", message_id="m", payload=b"x", delivery_ids=["a"], now=NOW)
    assert [row.id for row in store.deliveries(limit=9)] == ["b", "a"]
    assert [row.id for row in store.deliveries(limit=1)] == ["b"]
    (row,) = store.deliveries("batched", limit=9)
    assert (row.id, row.batch, row.attempts, row.error) == ("a", batch, 0, None)
    assert (row.source, row.title, row.search, row.event, row.at) == (
        "acme",
        "Title of job-a",
        "backend",
        Event.NEW,
        NOW,
    )


def test_a_channel_s_state_is_remembered_and_replaced(store: Store) -> None:
    assert store.channel_states() == {}
    bad = ChannelState(channel="me", state="config_error", until=LATER, consecutive_failures=3, last_error="535")
    store.save_channel_state(bad)
    assert store.channel_states() == {"me": bad}
    store.save_channel_state(ChannelState(channel="me"))
    assert store.channel_states() == {"me": ChannelState(channel="me")}
