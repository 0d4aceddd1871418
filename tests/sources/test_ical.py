import pytest

from scan.model import RawItem
from scan.sources.base import Batch
from tests.sources.building import page, source


def batch(*lines: str, zone: str | None = None, end: str = "END:VCALENDAR") -> Batch:
    keys = f", zone: {zone}" if zone else ""
    calendar = source(f"{{kind: ical, url: 'https://example.org/c.ics'{keys}}}")
    return calendar.parse(page("\r\n".join(("BEGIN:VCALENDAR", *lines, end))))


def event(*lines: str, zone: str | None = None) -> RawItem:
    (item,) = batch("BEGIN:VEVENT", "UID:1", "SUMMARY:One", *lines, "END:VEVENT", zone=zone).items
    return item


def start(line: str, zone: str | None = None) -> object:
    return event(line, zone=zone).attributes.get("start")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART:20260901T190000Z", "2026-09-01T19:00:00Z"),
        ("DTSTART;TZID=America/Chicago:20260901T190000", "2026-09-02T00:00:00Z"),
        ("dtstart;tzid=America/Chicago:20260901t190000", "2026-09-02T00:00:00Z"),
        ('DTSTART;X-A="a;b:c,d",e;TZID=America/Chicago:20260901T190000', "2026-09-02T00:00:00Z"),
        ("DTSTART;TZID=America/Chicago:20260901T190000Z", "2026-09-01T19:00:00Z"),
        ("DTSTART;VALUE=DATE:20260901", "2026-09-01T00:00:00Z"),
        ("DTSTART:2026-09-01T19:00:00Z", "2026-09-01T19:00:00Z"),
        ("DTSTART:20260901T190000", "2026-09-01T19:00:00Z"),
        ("DTSTART:20261301T190000", None),
        ("DTSTART:99999999T999999", None),
        ("DTSTART:00010101T000000", "0001-01-01T00:00:00Z"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", None),
        ("DTSTART:tomorrow", None),
        ("DTSTART:", None),
    ],
)
def test_a_time_is_read_in_its_own_zone(line: str, expected: str | None) -> None:
    assert start(line) == expected


def test_a_time_without_a_zone_is_in_the_config_s_zone_else_in_the_calendar_s() -> None:
    calendar = ("X-WR-TIMEZONE:Europe/Berlin", "BEGIN:VEVENT", "SUMMARY:One", "DTSTART:20260901T120000", "END:VEVENT")
    assert batch(*calendar).items[0].attributes["start"] == "2026-09-01T10:00:00Z"
    assert batch(*calendar, zone="America/Chicago").items[0].attributes["start"] == "2026-09-01T17:00:00Z"
    assert start("DTSTART;TZID=Nowhere:20260901T120000", zone="America/Chicago") == "2026-09-01T17:00:00Z"


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", "\r\n\r\n ", "\n\n\n "])
def test_a_folded_line_is_one_line(fold: str) -> None:
    assert event(f"LOCATION:City{fold} Hall").location == "City Hall"


def test_an_event_that_comes_twice_is_its_latest_revision() -> None:
    def one(title: str, sequence: str) -> tuple[str, ...]:
        return ("BEGIN:VEVENT", "UID:1", f"SUMMARY:{title}", f"SEQUENCE:{sequence}", "END:VEVENT")

    assert [item.title for item in batch(*one("new", "10"), *one("old", "9")).items] == ["new"]
    assert [item.title for item in batch(*one("old", "odd"), *one("new", "1")).items] == ["new"]


def test_a_changed_instance_of_a_series_is_an_item_of_its_own() -> None:
    series = ("BEGIN:VEVENT", "UID:1", "SUMMARY:Every week", "RRULE:FREQ=WEEKLY", "END:VEVENT")
    instance = ("BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260908T190000Z", "SUMMARY:Moved", "END:VEVENT")
    assert [item.key for item in batch(*series, *instance).items] == ["1", "1 20260908T190000Z"]


def test_what_is_called_off_says_so() -> None:
    assert event("STATUS:CANCELLED").attributes["status"] == "cancelled"


def test_an_alarm_s_properties_are_not_the_event_s() -> None:
    alarm = ("BEGIN:VALARM", "DESCRIPTION:Wake up", "SUMMARY:Alarm", "END:VALARM")
    item = event(*alarm, "DESCRIPTION:Agenda")
    assert (item.title, item.text) == ("One", "Agenda")


def test_a_broken_line_costs_nothing_else() -> None:
    assert event("no colon here", ";;;:x", "END:NEVER-BEGUN", "LOCATION:City Hall").location == "City Hall"


def test_events_without_an_id_are_all_kept() -> None:
    one = ("BEGIN:VEVENT", "SUMMARY:One", "END:VEVENT")
    assert [item.key for item in batch(*one, *one).items] == [None, None]


def test_a_calendar_that_ends_early_is_cut_short_and_an_empty_one_is_not() -> None:
    assert batch("BEGIN:VEVENT", "SUMMARY:One", end="").truncated == "the calendar ends before its END:VCALENDAR"
    empty = batch()
    assert (empty.items, empty.truncated) == ((), None)


def test_several_calendars_in_one_file_are_read() -> None:
    one = ("BEGIN:VEVENT", "SUMMARY:One", "END:VEVENT")
    assert len(batch(*one, "END:VCALENDAR", "BEGIN:VCALENDAR", *one).items) == 2


def test_what_follows_a_calendar_is_passed_by() -> None:
    found = batch("BEGIN:VEVENT", "SUMMARY:One", "END:VEVENT", "END:VCALENDAR", end="X-COMMENT:cached")
    assert (len(found.items), found.truncated) == (1, None)


@pytest.mark.timeout(5)
def test_hostile_lines_are_read_in_linear_time() -> None:
    batch("DTSTART" + ";A=" + '"a",' * 50_000, "X" + ";A=a" * 50_000, "BEGIN:X\r\n" * 50_000, "A;" + "=" * 100_000)
