"""System B, nightly apartment units: its sentences one by one, on the example profile and over a spring's nights.

    Daily at 02:00 America/Chicago; a missed start runs once when the machine is back within an hour, never more than
    once, never two at a time. The list of buildings is synced from a spreadsheet (--skip-sync uses the last list).
    One building's failure never stops the batch. After each run: a "Scan Status" tab with a summary row (date,
    sources, successes, failures, units) and one row per building (name, kind, status, units, last scanned, error cut
    at 200 characters), written in one API call; an "Availability" tab with the current units; a failure to write
    either is logged and never fails the run. Rows of run history older than 30 days are pruned after each run. Logs:
    5 MB, 7 kept. --dry-run lists what would be scanned without scanning. The end of a run prints "N ok, M failed, K
    items" and each failed source with its error.

The clocks go forward in the night of 14 March 2027, which has no 02:00. Elsewhere: `tests/system/test_cadence.py`
(every night of the year, and what systemd makes of the timer's lines), `tests/system/test_logrotate.py` (5 MB, 7
kept); on a booted machine `tests/system/booted/test_missed.py` (a missed start), `test_clock.py` (once in either
night) and `test_timer.py` (never two at a time).
"""

import fcntl
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.terminals import in_terminal
from tests.examples.simulated import EXAMPLES, by_source
from tests.examples.units_spring import BOOK, LOFT, LOG, MILL, TABS, Spring, lived, set_up
from tests.sheets import Sheets
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spring]:
    with lived(tmp_path_factory.mktemp("units")) as spring:
        yield spring


def status_of(spring: Spring, when: str) -> Mapping[str, list[object]]:
    """Give the status tab's rows of buildings, by name."""
    return {str(row[0]): row for row in spring.tabs[when]["Scan Status"][4:]}


def free(spring: Spring, when: str) -> list[tuple[object, object]]:
    """Give what the availability tab has: source and unit."""
    return [(row[0], row[1]) for row in spring.tabs[when]["Availability"][1:]]


# --- daily at 02:00 America/Chicago, a missed start once within the hour, never two at a time


def test_it_is_due_daily_at_two_in_chicago_also_in_the_night_that_has_no_two(spring: Spring) -> None:
    for when in ("2027-03-12 08:00", "2027-03-14 08:00", "2027-03-17 07:00"):
        assert len(spring.looked_at(when)) >= 3, when


def test_a_missed_start_runs_when_the_machine_is_back_within_an_hour(spring: Spring) -> None:
    assert spring.looked_at("2027-03-13 08:40") == ["Harbor-Loft", "Mill-House", "Old-Brewery"]


def test_and_never_more_than_once(spring: Spring) -> None:
    for again in ("2027-03-12 08:20", "2027-03-13 08:55"):
        assert (spring.looked_at(again), spring.result(again)["sources"]["not_due"]) == ([], 3)
        assert spring.ran[again].status == 0


def test_a_start_that_is_more_than_an_hour_late_is_left_out(spring: Spring) -> None:
    assert spring.looked_at("2027-03-15 08:30") == []


def test_the_timer_makes_a_missed_start_up_once_and_starts_nothing_beside(spring: Spring) -> None:
    lines = spring.profile("units").out.splitlines()
    assert "Persistent=true" in lines
    assert [line for line in lines if line.startswith("OnCalendar=*-*-* 02:00")] == [
        "OnCalendar=*-*-* 02:00:00 America/Chicago"
    ]
    assert not any(line.startswith("OnBootSec") for line in lines)


def test_never_two_at_a_time(spring: Spring) -> None:
    with spring.profile.lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        (line,) = spring.profile("run", "--all").log
    assert line["event"] == "run_skipped"


# --- the list of buildings


def test_the_list_of_buildings_is_synced_from_the_spreadsheet(spring: Spring) -> None:
    assert spring.looked_at("2027-03-12 08:00") == ["Harbor-Loft", "Mill-House", "Old-Brewery"]
    assert spring.looked_at("2027-03-17 07:00") == ["Harbor-Loft", "Mill-House", "Old-Brewery", "Rope-Yard"]
    assert spring.synced["2027-03-17 07:00"] > 0


def test_skip_sync_uses_the_last_list(spring: Spring) -> None:
    assert spring.looked_at("2027-03-16 07:00") == ["Harbor-Loft", "Mill-House", "Old-Brewery"]
    assert spring.synced["2027-03-16 07:00"] == 0


# --- one building's failure


def test_one_building_s_failure_never_stops_the_batch(spring: Spring) -> None:
    result = spring.result("2027-03-13 08:40")
    states = {name: row["status"] for name, row in by_source(result).items()}
    assert states == {"Harbor-Loft": "failed", "Mill-House": "ok", "Old-Brewery": "unchanged"}
    assert (spring.ran["2027-03-13 08:40"].status, result["status"]) == (3, "partial_failure")


# --- after each run, two tabs


def test_the_status_tab_has_a_row_that_sums_up(spring: Spring) -> None:
    first, failed = (spring.tabs[when]["Scan Status"][:2] for when in ("2027-03-12 08:00", "2027-03-13 08:40"))
    assert first == [["Date", "Sources", "Successes", "Failures", "Items"], ["2027-03-12 02:00", 3, 3, 0, 6]]
    assert failed[1] == ["2027-03-13 02:40", 3, 2, 1, 6]


def test_and_one_row_per_building(spring: Spring) -> None:
    heads = spring.tabs["2027-03-12 08:00"]["Scan Status"][3]
    assert heads == ["Name", "Kind", "Status", "Items", "Last scanned", "Error"]
    assert [row[:5] for row in status_of(spring, "2027-03-13 08:40").values()] == [
        ["Harbor-Loft", "json", "failed", 2, "2027-03-13 02:40"],
        ["Mill-House", "json", "ok", 2, "2027-03-13 02:40"],
        ["Old-Brewery", "html", "ok", 2, "2027-03-13 02:40"],
    ]


def test_an_error_is_cut_at_200_characters(spring: Spring) -> None:
    whole = by_source(spring.result("2027-03-13 08:40"))["Harbor-Loft"]["error"]
    assert len(whole) > 200
    assert status_of(spring, "2027-03-13 08:40")["Harbor-Loft"][5] == whole[:200]


def test_each_tab_is_written_in_one_api_call(spring: Spring) -> None:
    for when in ("2027-03-12 08:00", "2027-03-13 08:40", "2027-03-17 07:00"):
        assert spring.calls[when] == [f"POST {BOOK}:batchUpdate"] * 2


def test_the_availability_tab_has_the_current_units(spring: Spring) -> None:
    assert spring.tabs["2027-03-12 08:00"]["Availability"][0][-3:] == ["rent", "beds", "from"]
    (row,) = (row for row in spring.tabs["2027-03-12 08:00"]["Availability"] if row[1] == "Unit 310")
    assert (row[2], row[-3:]) == (LOFT, [2480, 2, "2027-01-15"])
    assert free(spring, "2027-03-13 08:40") == [
        ("Harbor-Loft", "Unit 204"),  # nobody knows better tonight
        ("Harbor-Loft", "Unit 310"),
        ("Mill-House", "4C"),
        ("Mill-House", "2B"),
        ("Old-Brewery", "Kettle 2"),
        ("Old-Brewery", "Malt 5"),
    ]


def test_a_failure_to_write_either_is_logged_and_never_fails_the_run(spring: Spring) -> None:
    ran = spring.ran["2027-03-14 08:00"]
    (failed,) = (line for line in ran.log if line["event"] == "report_failed")
    assert failed["level"] == "warning"
    assert (ran.status, ran.log[-1]["status"], ran.log[-1]["sources"]["ok"]) == (0, "success", 3)
    refused = re.search(r"(Scan Status|Availability): (?!\d)", failed["message"])
    assert refused is not None, failed["message"]
    other = next(tab for tab in TABS if tab != refused[1])
    before = spring.tabs["2027-03-13 08:55"]
    assert spring.tabs["2027-03-14 08:00"][refused[1]] == before[refused[1]]
    assert spring.tabs["2027-03-14 08:00"][other] != before[other]


# --- history, logs, what is printed


def test_rows_of_run_history_older_than_30_days_are_pruned_after_each_run(spring: Spring) -> None:
    started = [run["started_at"][:10] for run in spring.profile("runs", "--json").json["runs"]]
    assert started == ["2027-04-13", "2027-03-17", "2027-03-16", "2027-03-15", "2027-03-14"]
    (pruned,) = (line for line in spring.ran["2027-04-13 07:00"].log if line["event"] == "pruned")
    assert pruned["runs"] == 4


def test_the_log_is_where_the_shipped_rotation_keeps_7_of_5_mb(spring: Spring) -> None:
    shipped = (EXAMPLES.parent / "packaging/logrotate/scan").read_text(encoding="utf-8")
    assert Path(LOG).match("/var/log/scan/*.log")
    assert [line.strip() for line in shipped.splitlines() if line.strip().startswith(("size", "rotate"))] == [
        "size 5M",
        "rotate 7",
    ]
    written = (spring.profile.folder / "units.log").read_text(encoding="utf-8")
    assert all(ran.out in written for ran in spring.ran.values())


def test_a_dry_run_lists_what_would_be_scanned_without_scanning(spring: Spring) -> None:
    asked = len(spring.web.requests), len(spring.google.requests)
    runs = spring.profile("runs", "--json").json
    dry = spring.profile("run", "--dry-run")
    assert dry.out == "Harbor-Loft\tjson\nMill-House\tjson\nRope-Yard\tjson\nOld-Brewery\thtml\n"
    assert "4 sources would be scanned; nothing was touched" in dry.err
    assert (len(spring.web.requests), len(spring.google.requests)) == asked
    assert spring.profile("runs", "--json").json == runs


def test_the_end_of_a_run_prints_the_counts_and_each_failed_building_with_its_error(tmp_path: Path) -> None:
    with Web() as web, Sheets() as google:
        spring = Spring(set_up(tmp_path, web, google), google, web)
        spring.list_buildings(LOFT, MILL)
        web.serve("/data/harbor-loft.json", Answer(status=410))
        shown = in_terminal(spring.profile, "run", "--all", status=3).splitlines()
    assert "2 ok, 1 failed, 4 items (4 new, 0 changed, 0 gone), 0 matches, 0 sent" in shown[-2]
    assert re.fullmatch(r"  failed: Harbor-Loft: http://\S+/data/harbor-loft\.json\?\S+: .*HTTP 410.*", shown[-1])
