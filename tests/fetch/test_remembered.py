from datetime import UTC, datetime, timedelta

import pytest

from scan.fetch.remembered import HostMemory, HostState, Robots
from scan.fetch.urls import Place

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
A, B = Place("https", "a.example", 443), Place("http", "::1", 8080)
DAY = 86_400.0


def at(moment: datetime, *states: HostState) -> HostMemory:
    return HostMemory(states, wall=lambda: moment)


@pytest.mark.parametrize(("seconds", "left"), [(0, 3600), (3599, 1), (3600, None), (9999, None)])
def test_a_host_that_wants_to_be_left_alone_is_until_its_time(seconds: float, left: float | None) -> None:
    first = at(NOW)
    first.close(A, 3600, 429)

    later = at(NOW + timedelta(seconds=seconds), *first.changed())

    assert later.closed(A) == (None if left is None else (left, 429))
    assert (later.closed(B), later.is_wary, later.changed()) == (None, True, [])


def test_nobody_is_left_alone_for_longer_than_a_day_whatever_was_asked_or_the_clock_did() -> None:
    first = at(NOW)
    first.close(A, 30 * DAY, 503)

    assert first.closed(A) == (DAY, 503)
    assert at(NOW + timedelta(days=1), *first.changed()).closed(A) is None


def test_what_a_host_asked_for_while_the_clock_was_ahead_is_forgotten_for_good() -> None:
    ahead = at(NOW + timedelta(days=3))
    ahead.close(A, 3600, 429)

    right = at(NOW, *ahead.changed())

    assert right.closed(A) is None
    assert right.changed() == [HostState(name="https://a.example")]
    assert at(NOW + timedelta(days=3), *right.changed()).closed(A) is None


def test_it_is_remembered_when_a_host_was_asked() -> None:
    first = at(NOW)
    first.ask(B, [60.0, 1.0])
    (state,) = first.changed()

    assert state == HostState(name="http://[::1]:8080", asked=(NOW - timedelta(seconds=60), NOW - timedelta(seconds=1)))
    assert at(NOW + timedelta(seconds=9), state).asked(B) == [69.0, 10.0]
    assert at(NOW - timedelta(seconds=9), state).asked(B) == [51.0]  # the clock was ahead
    assert first.asked(A) == []


def test_a_robots_txt_is_recalled_when_it_is_needed() -> None:
    kept = {"https://a.example": Robots("kept", NOW - timedelta(hours=1))}
    memory = HostMemory(wall=lambda: NOW, recall=kept.get)

    assert (memory.robots(A), memory.robots(B)) == (("kept", 3600.0), None)
    assert memory.changed_robots() == []

    memory.learn_robots(A, "new")

    assert memory.robots(A) == ("new", 0.0)
    assert memory.changed_robots() == [("https://a.example", Robots("new", NOW))]
