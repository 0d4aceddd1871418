import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from scan.model import Alert
from scan.store.database import Store
from scan.store.records import Absorbed, ChannelState, NewDelivery
from scan.store.schema import deliveries
from scan.store.trouble import GivenUp, Held, NewAlert, Trouble
from tests.store.samples import LATER, NOW, a_match, an_item, begun, delivery, new, result, source_run, state, told
from tests.store.test_plans import listening, plans

ME = ("me", "me@example.org")


def an_alert(*names: str, kind: str = "suspicious", subject: str = "acme", ends: tuple[int, ...] = ()) -> NewAlert:
    return NewAlert(
        kind=kind,  # type: ignore[arg-type]  # one of them
        subject=subject,
        since=NOW,
        text=f"{subject} is {kind}",
        deliveries=tuple(delivery(name) for name in names),
        ends=ends,
    )


def test_nothing_is_wrong_with_a_store_where_all_went_well(store: Store) -> None:
    told(store, "a")
    assert store.trouble() == Trouble()


def test_sources_in_trouble_are_found_by_an_index_of_their_own(store: Store, path: Path) -> None:
    ill = state("failing", failing_since=NOW), state("suspicious", suspicious_since=NOW)
    results = [Absorbed(state=one, run=source_run(one.name)) for one in (*ill, state("well"))]
    store.absorb(begun(store), NOW, *results)
    with listening(store) as statements:
        assert store.trouble().sources == ill
    assert [plan for plan, _ in plans(path, statements) if plan.startswith("SCAN source")] == [
        "SCAN source USING INDEX source_trouble"
    ]


def test_held_deliveries_are_counted_by_source(store: Store) -> None:
    for number, source in enumerate(("acme", "beta", "acme")):
        held = NewDelivery(id=f"h{number}", channel="me", recipient="me", state="held")
        at = NOW + timedelta(hours=number)
        news = (new(an_item(f"j{number}", source), a_match(held)),)
        store.absorb(begun(store, number), at, result(source, at, new=news))
    acme, beta = store.trouble().held
    assert acme == Held(source="acme", deliveries=2, since=NOW)
    assert beta == Held(source="beta", deliveries=1, since=NOW + timedelta(hours=1))


def give_up(store: Store, *names: str, error: str = "550 no such user", at: int = 0) -> None:
    moment = NOW + timedelta(hours=at)
    batch = store.freeze(*ME, message_id=names[0], payload=b"", delivery_ids=names, now=moment)
    assert batch is not None
    store.claim(batch, "one", moment, timedelta(minutes=5))
    store.failed(batch, "one", moment, error=error, permanent=True)


def test_what_was_given_up_is_counted_by_recipient_with_the_last_error(store: Store) -> None:
    told(store, "a", "b", "c")
    give_up(store, "a", "b")
    give_up(store, "c", error="552 too big", at=1)
    assert store.trouble().given_up == (
        GivenUp(channel=ME[0], recipient=ME[1], deliveries=3, since=NOW, error="552 too big"),
    )


def test_channels_that_had_trouble_are_in_it(store: Store) -> None:
    bad = ChannelState(channel="me", state="config_error", consecutive_failures=1, last_error="535")
    store.save_channel_state(bad)
    assert store.trouble().channels == (bad,)


def test_an_alert_is_raised_with_its_deliveries_and_told_like_any_other(store: Store) -> None:
    assert store.record_alerts(NOW, [an_alert("d1")], []) == {"me"}
    assert store.waiting() == [ME]
    assert store.pending(*ME, 9) == []
    (alert,) = store.pending_alerts(*ME, 9)
    assert alert == Alert(delivery="d1", kind="suspicious", subject="acme", since=NOW, text="acme is suspicious")
    (row,) = store.deliveries(limit=9)
    assert (row.alert, row.title, row.at, row.search, row.event, row.source) == (
        "suspicious",
        "acme is suspicious",
        NOW,
        None,
        None,
        None,
    )
    assert store.freeze(*ME, message_id="m", payload=b"", delivery_ids=["d1"], now=NOW) is not None
    assert store.pending_alerts(*ME, 9) == []


def test_an_alert_is_not_raised_while_one_for_the_same_is_open(store: Store) -> None:
    store.record_alerts(NOW, [an_alert("d1")], [])
    assert store.record_alerts(LATER, [an_alert("d2"), an_alert("d3", kind="failing")], []) == {"me"}
    assert [alert.delivery for alert in store.pending_alerts(*ME, 9)] == ["d1", "d3"]
    assert [(alert.kind, alert.subject) for alert in store.trouble().open] == [
        ("suspicious", "acme"),
        ("failing", "acme"),
    ]


def test_an_alert_that_is_over_may_be_raised_again(store: Store) -> None:
    store.record_alerts(NOW, [an_alert("d1")], [])
    (alert,) = store.trouble().open
    assert store.record_alerts(LATER, [], [alert.id]) == set()
    assert store.trouble().open == ()
    assert store.record_alerts(LATER, [an_alert("d2")], []) == {"me"}


def test_the_end_of_an_alert_is_told_once_though_two_processes_see_it(store: Store) -> None:
    store.record_alerts(NOW, [an_alert("d1")], [])
    (alert,) = store.trouble().open
    end = an_alert("d2", kind="recovered", ends=(alert.id,))
    assert store.record_alerts(LATER, [end], [alert.id]) == {"me"}
    assert store.record_alerts(LATER, [an_alert("d3", kind="recovered", ends=(alert.id,))], [alert.id]) == set()
    assert store.trouble().open == ()
    assert [one.delivery for one in store.pending_alerts(*ME, 9)] == ["d1", "d2"]


def test_a_delivery_that_was_queued_before_is_not_queued_again(store: Store) -> None:
    store.record_alerts(NOW, [an_alert("d1")], [])
    (alert,) = store.trouble().open
    store.record_alerts(LATER, [], [alert.id])
    store.record_alerts(LATER, [an_alert("d1")], [])
    assert [one.delivery for one in store.pending_alerts(*ME, 9)] == ["d1"]


def test_a_delivery_tells_of_a_match_or_of_an_alert_and_never_of_neither(store: Store) -> None:
    row = {"id": "d", "channel": "me", "recipient": "me", "state": "pending"}
    with pytest.raises(IntegrityError, match="ck_delivery_one"), store.writing() as connection:
        connection.execute(insert(deliveries), row)


def test_alerts_and_matches_are_listed_together_the_newest_first(store: Store) -> None:
    told(store, "a")
    store.record_alerts(LATER, [an_alert("x")], [])
    at = LATER + timedelta(hours=1)
    news = (new(an_item("z", "beta"), a_match(delivery("z"))),)
    store.absorb(begun(store, 3), at, result("beta", at, new=news))
    assert [row.id for row in store.deliveries(limit=9)] == ["z", "x", "a"]
    assert [row.id for row in store.deliveries(limit=2)] == ["z", "x"]
    assert [row.id for row in store.deliveries("pending", "held", limit=9)] == ["z", "x", "a"]
    assert store.deliveries("held", limit=9) == []


def test_old_alerts_go_once_they_are_over_and_told(store: Store, path: Path) -> None:
    keep = {"runs": timedelta(days=30), "gone_items": timedelta(days=365), "deliveries": timedelta(days=365)}
    store.record_alerts(NOW, [an_alert("d1"), an_alert("d2", kind="failing"), an_alert(subject="beta")], [])
    over = [alert.id for alert in store.trouble().open if (alert.kind, alert.subject) != ("failing", "acme")]
    store.record_alerts(NOW, [], over)
    much_later = NOW + timedelta(days=400)
    assert store.prune(much_later, **keep)["alerts"] == 1  # of the others one is to be told, and one lasts
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT subject, kind FROM alert ORDER BY id").fetchall() == [
            ("acme", "suspicious"),
            ("acme", "failing"),
        ]
    raw.close()
