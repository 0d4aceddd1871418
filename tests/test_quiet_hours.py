"""When a channel is left in peace: every night once, in both daylight-saving nights too."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.cadence import quiet
from scan.declare import Hours

NIGHT = Hours(time(22, 0), time(7, 0))
NOON = Hours(time(12, 0), time(13, 30))
BERLIN, UTC_ZONE, CHICAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC"), ZoneInfo("America/Chicago")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "zone", "expected"),
    [
        (NIGHT, "2026-11-23T21:59", UTC_ZONE, False),
        (NIGHT, "2026-11-23T22:00", UTC_ZONE, True),
        (NIGHT, "2026-11-24T00:00", UTC_ZONE, True),
        (NIGHT, "2026-11-24T06:59:59", UTC_ZONE, True),
        (NIGHT, "2026-11-24T07:00", UTC_ZONE, False),
        (NIGHT, "2026-11-24T12:00", UTC_ZONE, False),
        (NOON, "2026-11-24T11:59", UTC_ZONE, False),
        (NOON, "2026-11-24T12:00", UTC_ZONE, True),
        (NOON, "2026-11-24T13:30", UTC_ZONE, False),
        (NOON, "2026-11-24T00:00", UTC_ZONE, False),
        (NIGHT, "2026-11-23T20:59", BERLIN, False),
        (NIGHT, "2026-11-23T21:00", BERLIN, True),
        (NIGHT, "2026-07-23T19:59", BERLIN, False),
        (NIGHT, "2026-07-23T20:00", BERLIN, True),
        (NIGHT, "2026-11-24T04:00", CHICAGO, True),
        (NIGHT, "2026-11-24T13:00", CHICAGO, False),
    ],
)
def test_it_is_quiet_from_the_start_until_just_before_the_end(
    hours: Hours, now: str, zone: ZoneInfo, expected: bool
) -> None:
    assert quiet(hours, at(now), zone) is expected


def stretches(hours: Hours, zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[str, str]]:
    """List the quiet stretches between two times, by the minute, in UTC."""
    found: list[tuple[str, str]] = []
    begun: datetime | None = None
    now = since
    while now < until:
        if quiet(hours, now, zone):
            begun = begun or now
        elif begun:
            found.append((f"{begun:%H:%M}", f"{now:%H:%M}"))
            begun = None
        now += MINUTE
    return found


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("22:00-07:00", [("21:00", "05:00")]),  # an hour shorter
        ("01:00-02:30", [("00:00", "01:00")]),  # 02:30 is left out: it ends when the clock jumps
        ("02:15-04:00", [("01:00", "02:00")]),  # 02:15 is left out: it begins when the clock jumps
        ("02:15-02:45", []),  # is left out whole
    ],
)
def test_the_spring_night_is_quiet_once(hours: str, expected: list[tuple[str, str]]) -> None:
    assert stretches(written(hours), BERLIN, at("2027-03-27T13:00"), at("2027-03-28T13:00")) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("22:00-07:00", [("20:00", "06:00")]),  # an hour longer
        ("01:00-02:30", [("23:00", "00:30")]),  # 02:30 comes twice: the first ends it
        ("02:30-04:00", [("00:30", "03:00")]),  # the first begins it
        ("02:15-02:45", [("00:15", "00:45")]),
    ],
)
def test_the_autumn_night_is_quiet_once(hours: str, expected: list[tuple[str, str]]) -> None:
    assert stretches(written(hours), BERLIN, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == expected


def written(text: str) -> Hours:
    start, _, end = text.partition("-")
    return Hours(time.fromisoformat(start), time.fromisoformat(end))


clocks = st.times().map(lambda moment: moment.replace(microsecond=0, second=0))
ranges = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Hours(*pair))
moments = st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(["UTC", "Asia/Kolkata", "Asia/Tokyo", "Etc/GMT+12", "Pacific/Kiritimati"]).map(ZoneInfo)


@given(ranges, moments, zones)
def test_where_clocks_never_change_it_is_what_the_clock_on_the_wall_says(
    hours: Hours, now: datetime, zone: ZoneInfo
) -> None:
    clock = now.astimezone(zone).time()
    within = hours.start <= clock < hours.end
    across = clock >= hours.start or clock < hours.end
    assert quiet(hours, now, zone) is (within if hours.start < hours.end else across)


@given(ranges, moments, zones)
def test_the_rest_of_the_day_is_the_other_part(hours: Hours, now: datetime, zone: ZoneInfo) -> None:
    assert quiet(hours, now, zone) is not quiet(Hours(hours.end, hours.start), now, zone)


@given(
    ranges,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/Chicago", "Australia/Lord_Howe", "America/Santiago"]).map(ZoneInfo),
)
def test_no_day_and_night_is_disturbed_more_than_once(hours: Hours, day: date, zone: ZoneInfo) -> None:
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    ticks = [quiet(hours, noon + number * 5 * MINUTE, zone) for number in range(24 * 12)]
    assert sum(before != after for before, after in pairwise(ticks)) <= 2
