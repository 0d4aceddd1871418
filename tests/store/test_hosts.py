from datetime import UTC, datetime, timedelta

import msgspec

from scan.fetch.remembered import HostState, Robots
from scan.store.database import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOSED = HostState(name="https://a.example", closed_until=NOW + HOUR, closed_status=429)
ASKED = HostState(name="https://b.example:8443", asked=(NOW - HOUR, NOW))


def test_what_is_remembered_of_hosts_is_there_the_next_time(store: Store) -> None:
    assert store.host_states(NOW) == []
    store.remember_hosts(NOW, [CLOSED, ASKED], [])
    changed = msgspec.structs.replace(CLOSED, asked=(NOW,))
    store.remember_hosts(NOW + HOUR, [changed], [])

    assert sorted(store.host_states(NOW + HOUR), key=lambda state: state.name) == [changed, ASKED]
    assert [state.name for state in store.host_states(NOW + timedelta(days=2, minutes=30))] == [CLOSED.name]


def test_a_host_s_robots_txt_is_kept_until_it_is_read_again(store: Store) -> None:
    first, second = Robots("User-agent: *\n", NOW), Robots("", NOW + HOUR)

    store.remember_hosts(NOW, [], [("https://a.example", first), ("https://b.example", first)])
    store.remember_hosts(NOW, [], [("https://a.example", second)])

    assert (store.robots_of("https://a.example"), store.robots_of("https://b.example")) == (second, first)
    assert store.robots_of("https://c.example") is None


def test_what_does_not_matter_any_more_is_pruned(store: Store) -> None:
    store.remember_hosts(NOW, [CLOSED], [("https://a.example", Robots("", NOW))])
    store.remember_hosts(NOW + timedelta(days=9), [ASKED], [("https://b.example", Robots("", NOW + timedelta(days=9)))])
    keep = dict.fromkeys(("runs", "gone_items", "deliveries"), timedelta(days=365))

    pruned = store.prune(NOW + timedelta(days=32), **keep)

    assert (pruned["hosts"], pruned["robots"]) == (1, 1)
    assert (store.robots_of("https://a.example"), store.robots_of("https://b.example") is None) == (None, False)
