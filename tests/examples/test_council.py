"""System A, council documents: its sentences one by one, on the example profile and over some days of a November.

    Never two runs at once: the second says clearly that a run is in progress and exits 0, before any work. The lock
    frees itself when the run finishes, crashes or is killed; its file holds the holder's PID and is never deleted.
    All output is captured in rotated logs (5 MB, 5 kept). A start line with the time and a finish line. A look for
    new documents only (agendas, minutes).

The calendar is one that was recorded of a real city, the portal's rows are recorded ones too; what is not there yet
on a day was taken out. On a booted machine: `tests/system/booted/test_timer.py` (never two at once, by timer and by
hand), `test_endings.py` and `test_boots.py` (stopped, killed, power cut), `test_rotation.py` (logrotate beside a
run).
"""

import gzip
import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.council_week import DATA, LOGS, Week, lived, recorded_datasets
from tests.examples.simulated import EXAMPLES, Example, by_source, installed
from tests.gate import Gate
from tests.mail import Mailbox
from tests.system.rotation import Rotation
from tests.web import Answer, Web

pytestmark = [pytest.mark.cli, pytest.mark.recorded]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    return lived(tmp_path_factory.mktemp("council"))


# --- a look for new documents only (agendas, minutes)


def test_on_the_first_day_what_is_there_is_told_in_one_message(week: Week) -> None:
    told = week.told("2026-11-23 08:00")
    assert {search: len(titles) for search, titles in told.items()} == {"agendas": 41, "minutes": 1, "published": 7}
    assert len(week.mails["2026-11-23 08:00"]) == 1


def test_an_hour_later_nothing_is_new_and_nobody_is_told(week: Week) -> None:
    assert week.ran["2026-11-23 09:00"].log[-1]["sources"]["unchanged"] == 3
    assert (week.told("2026-11-23 09:00"), week.mails["2026-11-23 09:00"]) == ({}, [])


def test_a_meeting_that_gets_its_agenda_is_told_then_and_a_new_dataset_too(week: Week) -> None:
    assert week.told("2026-11-24 08:00") == {
        "agendas": ["County Board", "Subcommittee on Landmarks, Public Siting and Maritime Uses"],
        "published": [recorded_datasets()[-8]["title"]],
    }
    assert len(week.mails["2026-11-24 08:00"]) == 1


def test_minutes_are_documents_of_their_own(week: Week) -> None:
    told = week.told("2026-11-25 08:00")
    assert told["agendas"] == ["Subcommittee on Zoning and Franchises"]
    assert sorted(told["minutes"]) == ["Committee on Governmental Operations", "Finance Committee"]
    assert len(told["published"]) == 2


def test_every_document_is_told_once_and_a_second_run_is_silent(week: Week) -> None:
    assert (week.told("2026-11-25 09:00"), week.mails["2026-11-25 09:00"]) == ({}, [])
    told = [(match["search"], match["item"]["source"], match["item"]["key"]) for match in week.matches]
    assert len(told) == len(set(told)) == 40 + 1 + 4 + 2 + 10


def test_an_agenda_that_is_published_again_is_no_new_document(week: Week) -> None:
    assert by_source(week.ran["2026-11-26 08:00"].log[-1])["county"]["changed"] == 1
    assert week.told("2026-11-26 08:00") == {}


def test_a_calendar_that_breaks_is_noticed_and_told_and_nothing_is_gone(week: Week) -> None:
    page = by_source(week.ran["2026-11-26 08:00"].log[-1])["calendar"]
    assert (page["status"], page["gone"]) == ("suspicious", 0)
    assert [("calendar" in subject) for subject in week.mails["2026-11-26 08:00"]] == [True]
    assert by_source(week.ran["2026-11-27 08:00"].log[-1])["calendar"]["status"] == "unchanged"
    assert week.told("2026-11-27 08:00") == {}


# --- a start line with the time and a finish line


def test_a_run_has_a_start_line_with_the_time_and_a_finish_line(week: Week) -> None:
    for when, ran in week.ran.items():
        first, last = ran.log[0], ran.log[-1]
        assert (first["event"], first["timestamp"][:16]) == ("run_started", when.replace(" ", "T"))
        assert (last["event"], last["message"][:4]) == (
            "run_finished",
            "3 ok" if last["sources"]["ok"] == 3 else "2 ok",
        )


# --- all output is captured in rotated logs (5 MB, 5 kept)


def test_all_output_is_captured_in_the_log(week: Week) -> None:
    assert week.log.read_text(encoding="utf-8") == "".join(ran.out for ran in week.ran.values())
    assert [ran.err for ran in week.ran.values()] == [""] * len(week.ran)


def test_the_log_is_rotated_from_5_mb_on_and_5_are_kept(tmp_path: Path) -> None:
    rotate = Rotation(tmp_path, EXAMPLES / "council/logrotate", logs=LOGS)
    rotate.log.write_bytes(b"x" * (5 * 1024 * 1024 - 1))
    rotate()
    assert rotate.names() == ["scan.log"]
    for number in range(8):
        rotate.log.write_bytes(f"{number}".encode() * (5 * 1024 * 1024))
        rotate()
    kept = [f"scan.log.{number}.gz" for number in range(2, 6)]
    assert rotate.names() == ["scan.log", "scan.log.1", *kept]
    assert gzip.decompress(rotate.log.with_name("scan.log.5.gz").read_bytes())[:1] == b"3"


def test_no_other_rotation_has_the_same_log() -> None:
    shared = (EXAMPLES.parent / "packaging/logrotate/scan").read_text(encoding="utf-8")
    assert "/var/log/scan/*.log {" in shared  # one star is no folder
    assert not Path(f"{LOGS}/council.log").match("/var/log/scan/*.log")
    assert f"file: {LOGS}/council.log" in (EXAMPLES / "council/council.yaml").read_text(encoding="utf-8")


# --- never two runs at once


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Example, Web, Gate]]:
    """Give a town whose calendar does not answer before it is let."""
    with Web() as web, Mailbox() as mailbox:
        town = installed("council", tmp_path, web, {"smtp://127.0.0.1": mailbox.url, LOGS: str(tmp_path / "logs")})
        gate = Gate(Answer(body=(EXAMPLES / "council/data/Calendar.html").read_bytes()))
        web.serve("/data/Calendar.html", gate)
        yield town, web, gate


def test_a_second_run_says_that_one_is_in_progress_and_exits_0_before_any_work(
    held: tuple[Example, Web, Gate], tmp_path: Path
) -> None:
    town, web, gate = held
    with town.start("run") as first:
        with gate:
            rows = town("runs", "--json").json["runs"]
            second = town("run")
            assert (second.status, second.err) == (0, "")
            (line,) = second.log
            assert line["event"] == "run_skipped"
            assert re.fullmatch(
                rf"skipped: another run is in progress \(PID {first.pid}, since 20.*\)", line["message"]
            )
            assert town("runs", "--json").json["runs"] == rows
            assert town.lock.read_text().split()[0] == str(first.pid)
        out, _ = first.communicate(timeout=60)
    assert first.returncode == 0
    assert sorted(asked.path for asked in web.requests) == [f"/data/{name}" for name in DATA]  # each once: the first's
    captured = (tmp_path / "logs/council.log").read_text(encoding="utf-8")
    assert sorted(captured.splitlines()) == sorted([*out.splitlines(), *second.out.splitlines()])


@pytest.mark.parametrize("ending", [None, signal.SIGABRT, signal.SIGKILL], ids=["finishes", "crashes", "is killed"])
def test_the_lock_frees_itself_and_its_file_stays_when_a_run(
    held: tuple[Example, Web, Gate], ending: signal.Signals | None
) -> None:
    town, _, gate = held
    with town.start("run") as first:
        with gate:
            file = town.lock.stat().st_ino
            if ending:
                first.send_signal(ending)
                first.wait(60)
        first.communicate(timeout=60)
    assert first.returncode == (-ending if ending else 0)
    assert (town.lock.stat().st_ino, town.lock.read_text().split()[0]) == (file, str(first.pid))

    with town.start("run", "--all", "--json") as second:
        out, _ = second.communicate(timeout=60)
    assert (second.returncode, json.loads(out)["status"]) == (0, "success")
    assert (town.lock.stat().st_ino, town.lock.read_text().split()[0]) == (file, str(second.pid))
