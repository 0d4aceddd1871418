"""The old schedulers' semantics: systemd's own calendar says when it would start, `is_due` says what then happens."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scan.cadence import Calendar, SourceState, is_due
from scan.units import Schedule, drop_in, user_service, user_timer
from scan.units.nights import calendar_lines
from tests.system.tools import COMMAND, UNITS, complaints, elapses, install, normal_form, settings

pytestmark = pytest.mark.system

CHICAGO, BERLIN = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
SPRING, AUTUMN = "2027-03-12 12:00:00 UTC", "2027-11-05 12:00:00 UTC"


def nightly(zone: ZoneInfo, *times: str) -> Calendar:
    return Calendar(tuple(map(time.fromisoformat, times)), zone)


def started(lines: Sequence[str], since: str, count: int = 9) -> list[datetime]:
    """Say when systemd starts the service, for `count` starts of the first line, in order."""
    until = elapses(lines[0], since, count)[-1]
    return sorted({moment for line in lines for moment in elapses(line, since, count) if moment <= until})


def looked_at(calendar: Calendar, moments: Sequence[datetime], grace: timedelta | None = None) -> list[datetime]:
    """Say at which starts a source of the calendar is due, if it was up to date before the first."""
    last, found = moments[0] - timedelta(seconds=1), []
    for now in moments:
        if is_due(SourceState(name="a", last_attempt_at=last), every=HOUR, now=now, calendar=calendar, grace=grace):
            found.append(now)
            last = now
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- 02:00 America/Chicago, daily


def test_systemd_alone_would_leave_the_spring_night_out() -> None:
    moments = started(["*-*-* 02:00:00 America/Chicago"], SPRING, 3)
    assert [moment.date().isoformat() for moment in moments] == ["2027-03-13", "2027-03-15", "2027-03-16"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (SPRING, ["2027-03-13T08:00", "2027-03-14T08:00", "2027-03-15T07:00", "2027-03-16T07:00"]),
        (AUTUMN, ["2027-11-06T07:00", "2027-11-07T08:00", "2027-11-08T08:00", "2027-11-09T08:00"]),
    ],
)
def test_two_in_the_night_in_chicago_comes_once_a_night(since: str, expected: list[str]) -> None:
    calendar = nightly(CHICAGO, "02:00")
    found = looked_at(calendar, started(list(calendar_lines(calendar)), since))
    assert found[:4] == [utc(text) for text in expected]


@pytest.mark.parametrize("since", [SPRING, AUTUMN, "2026-10-23 12:00:00 UTC", "2027-03-26 12:00:00 UTC"])
@pytest.mark.parametrize("zone", [CHICAGO, BERLIN], ids=str)
@pytest.mark.parametrize("at", ["01:30", "02:00", "02:30", "03:00"])
def test_any_time_comes_once_a_night_in_every_night(zone: ZoneInfo, at: str, since: str) -> None:
    calendar = nightly(zone, at)
    found = looked_at(calendar, started(list(calendar_lines(calendar)), since), grace=2 * HOUR)
    days = [moment.astimezone(zone).date() for moment in found]
    assert len(days) >= 7
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


def test_the_shipped_timer_alone_starts_it_once_a_night_too() -> None:
    calendar = nightly(CHICAGO, "02:00")
    for since in (SPRING, AUTUMN):
        found = looked_at(calendar, started(settings(UNITS / "scan.timer", "OnCalendar"), since, 5 * 96))
        days = [moment.astimezone(CHICAGO).date() for moment in found]
        assert len(days) == len(set(days)) == 5
        assert all(moment.astimezone(CHICAGO).hour in {2, 3} for moment in found)


def test_a_missed_start_is_made_up_once_and_not_if_it_is_more_than_the_grace_late() -> None:
    calendar = nightly(CHICAGO, "02:00")
    booted = utc("2026-11-23T08:59")  # Persistent= starts it at the boot, once, however many were missed
    late = [booted, utc("2026-11-24T08:00")]
    assert looked_at(calendar, [booted - timedelta(days=4), *late], grace=HOUR)[-2:] == late
    too_late = booted + timedelta(minutes=2)
    assert too_late not in looked_at(calendar, [booted - timedelta(days=4), too_late], grace=HOUR)
    assert too_late in looked_at(calendar, [booted - timedelta(days=4), too_late])


# --- every 15 minutes


@pytest.mark.parametrize("since", ["2027-03-14 06:00:00 UTC", "2027-11-07 05:00:00 UTC"])
def test_slots_of_utc_have_no_hole_in_either_night(since: str) -> None:
    (line,) = Schedule(every=timedelta(minutes=15)).lines
    moments = elapses(line, since, 24)
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=15)}


# --- that systemd understands every line


def test_every_slot_is_in_the_form_in_which_systemd_shows_it() -> None:
    lines = [line for minutes in range(1, 1441) for line in Schedule(every=timedelta(minutes=minutes)).lines]
    assert len(lines) > 15
    assert normal_form(lines) == lines


def test_every_zones_second_lines_are_in_the_form_in_which_systemd_shows_them() -> None:
    offered = {
        "Africa/Cairo",
        "Africa/Casablanca",
        "America/Nuuk",
        "America/Santiago",
        "Asia/Gaza",
        "Australia/Lord_Howe",
    }
    assert offered <= available_timezones()
    for zone in sorted(offered):
        lines = list(calendar_lines(nightly(ZoneInfo(zone), "00:10", "00:30", "02:10", "23:30")))
        assert len(lines) > 4
        assert normal_form(lines) == lines


SCHEDULES = [
    Schedule(every=timedelta(minutes=5)),
    Schedule(every=timedelta(minutes=40)),
    Schedule(times=tuple(calendar_lines(nightly(CHICAGO, "02:00")))),
    Schedule(times=tuple(calendar_lines(nightly(CHICAGO, "02:00"))), every=HOUR),
]


@pytest.mark.parametrize("wanted", SCHEDULES, ids=["slots", "spans", "calendar", "both"])
def test_systemd_has_nothing_to_complain_of_in_what_is_written(tmp_path: Path, wanted: Schedule) -> None:
    install(tmp_path)
    (tmp_path / "scan.timer.d").mkdir()
    (tmp_path / "scan.timer.d/cadence.conf").write_text(drop_in(wanted, "/etc/scan/scan.yaml"), encoding="utf-8")
    assert complaints(tmp_path, "scan.timer") == []
    config = f'{tmp_path}/50% "of" $it.yaml'
    (tmp_path / "scan@me.timer").write_text(user_timer(wanted, config), encoding="utf-8")
    service = user_service([str(COMMAND)], config, {"XDG_STATE_HOME": f"{tmp_path}/a b"})
    (tmp_path / "scan@me.service").write_text(service, encoding="utf-8")
    assert complaints(tmp_path, "scan@me.timer", "scan@me.service") == []


def test_a_drop_in_that_systemd_does_not_understand_would_be_seen(tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "scan.timer.d").mkdir()
    wrong = drop_in(Schedule(times=("*-*-* 02:00:00 America/Chicagoo",)), "/etc/scan/scan.yaml")
    (tmp_path / "scan.timer.d/cadence.conf").write_text(wrong, encoding="utf-8")
    assert complaints(tmp_path, "scan.timer") != []
