from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scan.sources.zones import _windows, utc_text, zone_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/Chicago", "America/Chicago"),
        ('"America/Chicago"', "America/Chicago"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Central Standard Time", "America/Chicago"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Pacific Standard Time (Mexico)", "America/Tijuana"),
        ("UTC-11", "Etc/GMT+11"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_found_by_the_names_that_calendars_use(name: str, expected: str) -> None:
    assert zone_of(name) == ZoneInfo(expected)


@pytest.mark.parametrize(
    "name", ["", "/", "Nowhere", "Western/Central Europe", "../../etc/passwd", "America", "a\x00b"]
)
def test_a_name_of_no_zone_gives_none(name: str) -> None:
    assert zone_of(name) is None


def test_every_name_of_windows_leads_to_a_zone_there_is() -> None:
    assert len(_windows()) == 139
    assert set(_windows().values()) <= available_timezones()


def test_a_time_is_written_in_utc() -> None:
    assert utc_text(datetime(2026, 9, 1, 19, tzinfo=ZoneInfo("America/Chicago"))) == "2026-09-02T00:00:00Z"
    with pytest.raises(OverflowError):
        utc_text(datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert utc_text(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"
