from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scan.cadence import LONGEST_WAIT, Calendar, SourceState, is_due, patience

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
NIGHTLY = Calendar((time(2, 0),), ZoneInfo("America/Chicago"))


def seen(last: datetime, not_before: datetime | None = None) -> SourceState:
    return SourceState(name="a", last_attempt_at=last, not_before=not_before)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_source_never_seen_is_due() -> None:
    assert is_due(SourceState(name="a"), every=QUARTER, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "due"), [(0, False), (10, False), (13.4, False), (13.6, True), (15, True), (600, True)]
)
def test_a_source_is_due_after_its_interval_and_a_tenth_before_so_that_a_timer_may_jitter(
    minutes: float, due: bool
) -> None:
    assert is_due(seen(NOW - timedelta(minutes=minutes)), every=QUARTER, now=NOW) is due


def test_the_slack_of_a_long_interval_is_two_minutes() -> None:
    assert not is_due(seen(NOW - timedelta(hours=23, minutes=57)), every=timedelta(days=1), now=NOW)
    assert is_due(seen(NOW - timedelta(hours=23, minutes=58)), every=timedelta(days=1), now=NOW)


def test_a_clock_set_back_starves_nobody() -> None:
    assert is_due(seen(NOW + timedelta(days=3650)), every=QUARTER, now=NOW)


def test_what_was_noted_by_a_clock_that_was_ahead_makes_no_source_wait() -> None:
    ahead = NOW + timedelta(days=3)
    assert is_due(seen(ahead, not_before=ahead + timedelta(minutes=30)), every=QUARTER, now=NOW)


def test_a_source_waits_as_its_server_asked() -> None:
    state = seen(NOW - timedelta(hours=1), not_before=NOW + timedelta(minutes=1))
    assert not is_due(state, every=QUARTER, now=NOW)
    assert is_due(state, every=QUARTER, now=NOW + timedelta(minutes=1))


def test_no_server_makes_a_source_wait_for_longer_than_a_day() -> None:
    state = seen(NOW - LONGEST_WAIT, not_before=NOW + timedelta(days=365))
    assert is_due(state, every=QUARTER, now=NOW)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-23T07:59", "2026-11-22T08:00"),
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2027-03-14T07:59", "2027-03-13T08:00"),  # the spring night has no 02:00
        ("2027-03-14T08:00", "2027-03-14T08:00"),  # the clock jumps from 02:00 to 03:00
        ("2027-03-15T07:00", "2027-03-15T07:00"),
        ("2027-11-07T07:59", "2027-11-06T07:00"),  # the autumn night has 01:00 twice, and one 02:00
        ("2027-11-07T08:00", "2027-11-07T08:00"),
    ],
)
def test_a_nightly_start_comes_once_a_night_in_both_daylight_saving_nights_too(now: str, slot: str) -> None:
    assert NIGHTLY.last_slot(at(now)) == at(slot)


def test_a_time_that_comes_twice_counts_once_the_first_time() -> None:
    half_past_one = Calendar((time(1, 30),), ZoneInfo("America/Chicago"))
    assert half_past_one.last_slot(at("2027-11-07T07:45")) == at("2027-11-07T06:30")


@pytest.mark.parametrize("week", ["2027-03-10T00:00", "2027-11-03T00:00"])
def test_a_timer_that_ticks_every_quarter_hour_starts_a_nightly_source_once_a_night(week: str) -> None:
    last, starts = at(week), 0
    for tick in range(7 * 96):
        now = at(week) + tick * QUARTER
        if is_due(seen(last), every=QUARTER, now=now, calendar=NIGHTLY):
            last, starts = now, starts + 1
    assert starts == 7


def test_a_missed_start_is_made_up_once() -> None:
    late = at("2026-11-23T19:00")
    assert is_due(seen(at("2026-11-20T08:00")), every=QUARTER, now=late, calendar=NIGHTLY)
    assert not is_due(seen(late), every=QUARTER, now=late + QUARTER, calendar=NIGHTLY)


def test_a_start_missed_by_more_than_the_grace_is_not_made_up() -> None:
    yesterday, hour = seen(at("2026-11-22T08:00")), timedelta(hours=1)
    assert is_due(yesterday, every=QUARTER, now=at("2026-11-23T09:00"), calendar=NIGHTLY, grace=hour)
    assert not is_due(yesterday, every=QUARTER, now=at("2026-11-23T09:01"), calendar=NIGHTLY, grace=hour)
    assert not is_due(SourceState(name="new"), every=QUARTER, now=at("2026-11-23T09:01"), calendar=NIGHTLY, grace=hour)


@pytest.mark.parametrize(
    ("failures", "every", "wait"),
    [
        (0, "0:15", "0:15"),
        (2, "0:15", "0:15"),
        (3, "0:15", "0:30"),
        (4, "0:15", "1:00"),
        (6, "0:15", "4:00"),
        (7, "0:15", "6:00"),
        (9_999, "0:15", "6:00"),
        (5, "0:01", "0:08"),
        (3, "4:00", "6:00"),
        (99, "12:00", "12:00"),
    ],
)
def test_a_source_that_fails_is_due_less_and_less_often_down_to_every_six_hours(
    failures: int, every: str, wait: str
) -> None:
    def span(text: str) -> timedelta:
        hours, minutes = map(int, text.split(":"))
        return timedelta(hours=hours, minutes=minutes)

    assert patience(failures, span(every)) == span(wait)


def test_a_failing_source_rests_between_the_starts_of_a_busy_calendar_and_never_on_a_nightly_one() -> None:
    hourly = Calendar(tuple(time(hour) for hour in range(24)), ZoneInfo("UTC"))
    failing = SourceState(name="a", last_attempt_at=NOW, consecutive_failures=4)
    hour = timedelta(hours=1)

    assert [is_due(failing, every=hour, now=NOW + n * hour, calendar=hourly) for n in (1, 3, 4)] == [False, False, True]
    spring = SourceState(name="a", last_attempt_at=at("2027-03-13T08:00"), consecutive_failures=99)
    assert is_due(spring, every=timedelta(days=1), now=at("2027-03-14T07:59"), calendar=NIGHTLY) is False
    assert is_due(spring, every=timedelta(days=1), now=at("2027-03-14T08:00"), calendar=NIGHTLY)
