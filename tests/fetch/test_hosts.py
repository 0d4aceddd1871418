from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scan.fetch.hosts import Hosts, Weight
from scan.fetch.urls import Place
from scan.page import Limit

A, B, C = (Place("http", name, 80) for name in "abc")


def hosts(per_host: int = 1, min_interval: float = 0) -> Hosts[str]:
    return Hosts(per_host=per_host, min_interval=min_interval)


def take_all(of: Hosts[str], now: float = 0) -> list[str]:
    return list(iter(lambda: of.take(now), None))


def test_hosts_take_turns() -> None:
    queue = hosts(per_host=9)
    for job in ("a1", "a2", "a3"):
        queue.add(A, job)
    queue.add(B, "b1")
    queue.add(C, "c1")
    assert take_all(queue) == ["a1", "b1", "c1", "a2", "a3"]


def test_in_each_round_the_host_with_most_work_before_it_comes_first() -> None:
    queue = hosts(per_host=2)
    for place, job, seconds in ((A, "a1", 1), (B, "b1", 3), (B, "b2", 3), (C, "c1", 4), (C, "c2", 0.5)):
        queue.add(place, job, weight=Weight(seconds=seconds))
    assert take_all(queue) == ["b1", "c1", "a1", "b2", "c2"]


def test_a_host_that_wants_long_pauses_has_much_work_before_it() -> None:
    queue = hosts(per_host=9)
    queue.slow(B, 60)
    queue.limit(C, limited(2, 60), 0, [])
    for job in ("a1", "b1", "b2", "c1", "c2", "c3"):
        queue.add({"a": A, "b": B, "c": C}[job[0]], job, weight=Weight(seconds=5))
    assert take_all(queue) == ["b1", "c1", "a1", "c2"]


def test_a_host_that_is_owed_a_turn_comes_before_all_others_as_often_as_it_is() -> None:
    queue = hosts(per_host=9)
    queue.add(A, "a1", weight=Weight(seconds=99))
    for job, owed in (("b1", 1), ("b2", 1), ("b3", 0)):
        queue.add(B, job, weight=Weight(owed=owed))
    queue.add(C, "c1", weight=Weight(owed=2))
    assert take_all(queue) == ["c1", "b1", "b2", "a1", "b3"]


def test_what_has_begun_goes_on_before_anything_else_of_its_host_begins() -> None:
    queue = hosts(per_host=1)
    queue.add(A, "a1")
    queue.add(A, "b1")
    assert take_all(queue) == ["a1"]
    queue.add(A, "a2", begun=True)
    queue.add(A, "again", due=1, begun=True)
    started = []
    for now in range(3):
        queue.release(A)
        started += take_all(queue, now)
    assert started == ["a2", "again", "b1"]


def test_what_goes_on_does_not_wait_behind_what_has_not_begun_for_its_service_s_limit() -> None:
    queue = hosts(per_host=9)
    assert queue.limit(A, limited(2, 60), 0, []) == 0
    for job in "abc":
        queue.add(A, job)
    assert queue.limit(A, limited(2, 60), 0, []) == 60
    assert queue.limit(A, limited(2, 60), 0, [], begun=True) == 0


def test_no_more_than_so_many_run_at_once_to_one_host() -> None:
    queue = hosts(per_host=2)
    for job in ("a1", "a2", "a3"):
        queue.add(A, job)
    assert take_all(queue) == ["a1", "a2"]
    queue.release(A)
    assert take_all(queue) == ["a3"]


def test_starts_to_one_host_keep_their_distance_and_others_do_not_wait() -> None:
    queue = hosts(per_host=9, min_interval=5)
    queue.add(A, "a1")
    queue.add(A, "a2")
    queue.add(B, "b1")
    assert take_all(queue, now=100) == ["a1", "b1"]
    assert queue.next_due() == 105
    assert take_all(queue, now=104) == []
    assert take_all(queue, now=105) == ["a2"]


def test_a_paused_host_is_left_alone_until_its_time() -> None:
    queue = hosts(per_host=9)
    queue.add(A, "a1")
    assert queue.take(0) == "a1"
    queue.add(A, "a2")
    queue.pause(A, until=7)
    assert (take_all(queue, now=6), queue.next_due()) == ([], 7)
    assert take_all(queue, now=7) == ["a2"]


def test_a_pause_is_never_shortened() -> None:
    queue = hosts()
    queue.add(A, "a1")
    queue.pause(A, until=7)
    queue.pause(A, until=3)
    assert take_all(queue, now=6) == []


def test_what_is_due_later_waits() -> None:
    queue = hosts()
    queue.add(A, "again", due=3)
    assert (queue.take(2), queue.next_due(), queue.take(3)) == (None, 3, "again")


def test_nothing_is_due_when_nothing_waits() -> None:
    assert hosts().next_due() is None


def test_what_waits_can_be_taken_back() -> None:
    queue = hosts()
    queue.add(A, "a1")
    queue.add(A, "a2")
    queue.add(B, "b1")
    assert queue.take(0) == "a1"
    assert queue.withdraw(A) == ["a2"]
    assert take_all(queue) == ["b1"]


@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.none() | st.integers(0, 5)), max_size=30),
    st.integers(1, 3),
    st.integers(0, 3),
)
def test_every_request_starts_once_and_in_time(
    requests: list[tuple[Place, int | None]], per_host: int, min_interval: int
) -> None:
    queue: Hosts[tuple[int, Place]] = Hosts(per_host=per_host, min_interval=min_interval)
    for number, (place, due) in enumerate(requests):
        queue.add(place, (number, place), due=due)
    started: list[tuple[int, Place]] = []
    for now in range(200):
        running = list(iter(lambda now=now: queue.take(now), None))  # type: ignore[misc]  # mypy loses the default's type
        for number, place in running:
            assert now >= (requests[number][1] or 0)
            assert sum(other == place for _, other in running) <= (1 if min_interval else per_host)
        for _, place in running:
            queue.release(place)
        started += running
    assert sorted(number for number, _ in started) == list(range(len(requests)))


def limited(requests: int, seconds: float, apart: float = 0) -> Limit:
    return Limit(requests=requests, within=timedelta(seconds=seconds), apart=timedelta(seconds=apart))


def test_a_limit_lets_so_many_start_in_any_stretch_of_its_time() -> None:
    queue = hosts(per_host=9)
    for job in "abcde":
        queue.limit(A, limited(2, 10), 100, [])
        queue.add(A, job)

    assert [take_all(queue, now) for now in (100, 105, 109, 110, 119, 120)] == [
        ["a", "b"],
        [],
        [],
        ["c", "d"],
        [],
        ["e"],
    ]
    assert list(queue.limited(121)) == [(A, [11, 1])]


def test_a_limit_counts_what_earlier_runs_asked_and_keeps_requests_apart() -> None:
    queue = hosts(per_host=9)
    queue.limit(A, limited(3, 60, apart=5), 100, [50, 4])
    for job in "abc":
        queue.add(A, job)

    assert [take_all(queue, now) for now in (100, 104, 105, 109, 110, 155, 156)] == [
        ["a"],
        [],
        [],
        [],
        ["b"],
        [],
        ["c"],
    ]


def test_it_is_told_how_long_one_more_would_have_to_wait() -> None:
    queue = hosts(per_host=9)
    day = limited(2, 86_400)

    assert queue.limit(A, day, 100, [3600]) == 0
    queue.add(A, "a")
    assert queue.limit(A, day, 100, [3600]) == 86_400 - 3600
    queue.add(A, "b")
    assert queue.limit(A, day, 100, [3600]) == 86_400


def test_a_slow_host_is_asked_slowly() -> None:
    queue = hosts(per_host=9, min_interval=1)
    queue.slow(A, 3)
    queue.slow(A, 2)
    for job in "ab":
        queue.add(A, job)

    assert [take_all(queue, now) for now in (10, 12, 13)] == [["a"], [], ["b"]]
