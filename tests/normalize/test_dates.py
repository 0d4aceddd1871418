"""Times as sources really write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.model import RawTime
from scan.normalize.dates import Reading, parse_time
from scan.normalize.written import rfc_822, written

NOW = datetime(2026, 11, 1, 12, 30, 15, 250, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # mypy cannot count a star


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-06-26T15:02:26-04:00", at(2024, 6, 26, 19, 2, 26)),  # Greenhouse
        (1_530_227_244_397, datetime(2018, 6, 28, 23, 7, 24, 397_000, tzinfo=UTC)),  # Lever: milliseconds
        ("2025-10-02T15:18:47.303+00:00", datetime(2025, 10, 2, 15, 18, 47, 303_000, tzinfo=UTC)),  # Ashby
        ("2026-08-02 09:11:12 UTC", at(2026, 8, 2, 9, 11, 12)),  # Recruitee
        ("2023-03-28T12:11:36+0200", at(2023, 3, 28, 10, 11, 36)),  # Personio
        ("2026-09-01", at(2026, 9, 1)),  # Workable
        ("Tue, 13 Oct 2026 10:00:00 GMT", at(2026, 10, 13, 10)),  # RSS
        ("Mon, 13 Oct 2026 10:00:00 GMT", at(2026, 10, 13, 10)),  # the wrong weekday
        ("13 Oct 26 10:00 EST", at(2026, 10, 13, 15)),
        ("Tuesday, 13-Oct-26 10:00:00 PDT", at(2026, 10, 13, 17)),
        ("Tue Oct 13 10:00:00 2026", at(2026, 10, 13, 10)),
        ("Tue Oct 13 10:00:00 +0000 2026", at(2026, 10, 13, 10)),
        ("Tue Oct 13 2026 10:00:00 GMT+0200 (Central European Summer Time)", at(2026, 10, 13, 8)),
        ("2026-10-13T10:00:00+02:00[Europe/Berlin]", at(2026, 10, 13, 8)),
        ("October 13, 2026", at(2026, 10, 13)),
        ("Oct. 3rd, 2026 at 7:05 p.m.", at(2026, 10, 3, 19, 5)),
        ("3 Sept 2026, 12:05 AM", at(2026, 9, 3, 0, 5)),
        ("13 October 2026 - 10:00", at(2026, 10, 13, 10)),
        ("2026/10/13 10:00", at(2026, 10, 13, 10)),
        ("2026-10-13T24:00:00Z", at(2026, 10, 14)),
        ("2026-10-13Z", at(2026, 10, 13)),
        ("2026-10-13T10:00:00.123456789Z", datetime(2026, 10, 13, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("  2026-10-13\u200b\n10:00 ", at(2026, 10, 13, 10)),
        ("20261013", at(2026, 10, 13)),
        (20_261_013, at(2026, 10, 13)),
        ("20261013101112", at(2026, 10, 13, 10, 11, 12)),
        ("1791885600", at(2026, 10, 13, 10)),
        (1_791_885_600, at(2026, 10, 13, 10)),
        (1_791_885_600.5, at(2026, 10, 13, 10) + timedelta(milliseconds=500)),
        ("1791885600000", at(2026, 10, 13, 10)),
        (1_791_885_600_000_000, at(2026, 10, 13, 10)),
        ("1965-03-01", at(1965, 3, 1)),
    ],
)
def test_a_time_is_read(value: str | float, expected: datetime) -> None:
    assert parse_time(value, now=NOW) == Reading(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10", at(2026, 10, 1)),
        ("2026", at(2026, 1, 1)),
        ("October 2026", at(2026, 10, 1)),
        ("Posted Today", at(2026, 11, 1)),
        ("Posted Yesterday", at(2026, 10, 31)),
        ("Posted 5 Days Ago", at(2026, 10, 27)),
        ("Posted 30+ Days Ago", at(2026, 10, 2)),
        ("yesterday", at(2026, 10, 31)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("3 hours ago", NOW - timedelta(hours=3)),
        ("5mins ago", NOW - timedelta(minutes=5)),
        ("2w ago", at(2026, 10, 18)),
        ("about 2 months ago", at(2026, 9, 2)),
        ("just now", NOW),
    ],
)
def test_what_is_rounded_or_counted_from_now_is_approximate(value: str, expected: datetime) -> None:
    assert parse_time(value, now=NOW) == Reading(expected, approximate=True)


@pytest.mark.parametrize(
    "value",
    [
        None, "", "  ", 0, "0000-00-00 00:00:00", "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "1900-01-01",
        "1970-01-01", "1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "Thu, 01 Jan 1970 00:00:00 GMT",
        "9999-12-31T23:59:59-08:00", -62_135_596_800, "2099-12-31",
    ],
)  # fmt: skip
def test_a_placeholder_is_no_time_and_no_mistake(value: str | int | None) -> None:
    assert parse_time(value, now=NOW) == Reading()


@pytest.mark.parametrize(
    "value",
    [
        "soon", "2026-02-30", "30 Feb 2026", "13/10/2026", "2026-10-13T25:00", "2026-10-13 10:00 +99:00", "5 of them",
        "Oktober 2026", "123", "2026-10-13 or later", "x" * 200, "9" * 25, float("nan"), float("inf"), 10**400,
        -(10**30),         "9999-12-31 24:00:60", "999 years hence", "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_to_be_unreadable(value: str | float) -> None:
    assert parse_time(value, now=NOW) == Reading(readable=False)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (RawTime(value="March 8, 2026 7:00 PM", format="%B %d, %Y %I:%M %p"), at(2026, 3, 8, 19)),
        (RawTime(value="08.03.2026", format="%d.%m.%Y", zone="Europe/Berlin"), at(2026, 3, 7, 23)),
        (RawTime(value="2026-01-15T10:00", zone="America/Chicago"), at(2026, 1, 15, 16)),
        (RawTime(value="2026-07-15T10:00", zone="America/Chicago"), at(2026, 7, 15, 15)),
        (RawTime(value="2026-07-15T10:00Z", zone="America/Chicago"), at(2026, 7, 15, 10)),
        (RawTime(value="2026-07-15 10:00 +0200", format="%Y-%m-%d %H:%M %z", zone="Asia/Tokyo"), at(2026, 7, 15, 8)),
        (RawTime(value="2026-03-08T02:30", zone="America/Chicago"), at(2026, 3, 8, 8, 30)),  # skipped by the clock
        (RawTime(value="2026-11-01T01:30", zone="America/Chicago"), at(2026, 11, 1, 6, 30)),  # twice: the first
        (RawTime(value="\u00a0July  15,\n2026", format="%B %d, %Y"), at(2026, 7, 15)),
    ],
)
def test_a_declared_format_and_zone_are_used(raw: RawTime, expected: datetime) -> None:
    assert parse_time(raw, now=NOW) == Reading(expected)


def test_a_day_told_from_now_begins_in_the_declared_zone() -> None:
    late = datetime(2026, 7, 15, 3, tzinfo=UTC)  # 22:00 of the day before in Chicago
    told = parse_time(RawTime(value="today", zone="America/Chicago"), now=late)
    assert told == Reading(at(2026, 7, 14, 5), approximate=True)


@pytest.mark.parametrize(
    "raw",
    [
        RawTime(value="2026-07-15", format="%d.%m.%Y"),
        RawTime(value="2026 2026", format="%Y %Y"),
        RawTime(value="15", format="%"),
        RawTime(value="2026-07-15", zone="Europe/Atlantis"),
        RawTime(value="2026-07-15", zone="Europe"),
        RawTime(value="2026-07-15", zone="../etc/passwd"),
    ],
)
def test_a_text_that_does_not_fit_its_declaration_is_unreadable(raw: RawTime) -> None:
    assert parse_time(raw, now=NOW) == Reading(readable=False)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_time_written_in_iso_8601_is_read_as_it_was(moment: datetime) -> None:
    assert parse_time(moment.isoformat(), now=NOW).at == moment


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9 ,:+/()-]{1,40}"), st.integers(), st.floats()))
def test_reading_never_raises_and_gives_utc_or_nothing(value: str | float) -> None:
    reading = parse_time(value, now=NOW)
    assert reading.at is None or reading.at.utcoffset() == timedelta(0)
    assert parse_time(value, now=NOW) == reading


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1)), st.sampled_from(["GMT", "+0000", "-0330", "+1400"]))  # noqa: DTZ001  # the zone is another argument
def test_the_quick_way_reads_what_the_thorough_one_reads(moment: datetime, zone: str) -> None:
    for form in ("%a, %d %b %Y %H:%M:%S", "%d %b %Y %H:%M:%S"):
        text = f"{moment.strftime(form)} {zone}"
        assert rfc_822(text) == written(text)[0]  # type: ignore[index]  # it is a time


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 0026 08:00:00 GMT",
        "Mon, 23 Nov 2026 08:00:60 GMT",
        "Mon, 30 Feb 2026 08:00:00 GMT",
        "23 Now 2026 08:00:00 GMT",
        "Mon, 23 Nov 2026 08:00:00 CET",
        "Mon, 23 Nov 2026 08:00 GMT",
        "23 Nov 26 08:00:00 GMT",
        "Mon, 23 Nov 2026 08:00:00 +2500",
    ],
)
def test_the_quick_way_leaves_what_takes_thought(text: str) -> None:
    assert rfc_822(text) is None
