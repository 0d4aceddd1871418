"""Lines for times of day: what systemd leaves out is said once more."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from scan.cadence import Calendar
from scan.units.nights import calendar_lines


@pytest.mark.parametrize(
    ("zone", "times", "lines"),
    [
        ("UTC", ["02:00"], ["*-*-* 02:00:00 UTC"]),
        ("America/Chicago", ["01:59", "03:00"], ["*-*-* 01:59:00 America/Chicago", "*-*-* 03:00:00 America/Chicago"]),
        (
            "America/Chicago",
            ["02:00", "02:30"],
            [
                "*-*-* 02:00:00 America/Chicago",
                "*-*-* 02:30:00 America/Chicago",
                "Sun *-03-* 03:00:00 America/Chicago",
            ],
        ),
        ("America/Chicago", ["02:30", "03:00"], ["*-*-* 02:30:00 America/Chicago", "*-*-* 03:00:00 America/Chicago"]),
        ("America/Santiago", ["00:00"], ["*-*-* 00:00:00 America/Santiago", "Sun *-09-* 01:00:00 America/Santiago"]),
        (
            "Australia/Lord_Howe",
            ["02:10"],
            ["*-*-* 02:10:00 Australia/Lord_Howe", "Sun *-10-* 02:30:00 Australia/Lord_Howe"],
        ),
        ("America/Nuuk", ["23:30"], ["*-*-* 23:30:00 America/Nuuk", "Sun *-03-* 00:00:00 America/Nuuk"]),
    ],
)
def test_a_time_that_some_nights_leave_out_has_a_second_line(zone: str, times: list[str], lines: list[str]) -> None:
    calendar = Calendar(tuple(map(time.fromisoformat, times)), ZoneInfo(zone))
    assert list(calendar_lines(calendar)) == lines
