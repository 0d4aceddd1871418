"""System C, news and stories: its sentences one by one, on the example profile and over a morning.

    Two jobs with their own cadence (15 min, 60 min). An execution log row for every run and every source in it:
    execution id (UUID), name, status (success, failure, partial_failure), start, end, duration, error, metadata
    (counts) as JSON. Health: healthy while the last run is at most 2x its interval old, unhealthy past it,
    not_started if never; over HTTP 200 when all are healthy, else 503, as JSON with status, last_run and age_seconds.
    A failing job never stops the next. Structured logs bearing the execution id. On SIGTERM the work in hand is
    finished cleanly.

On a booted machine: `tests/system/booted/test_timer.py` (the timer, and that a failing run does not stop it),
`test_clock.py` (both cadences), `test_health.py` (the socket, and one of another profile), `test_journal.py` (the lines
in the journal), `test_endings.py` and `test_boots.py` (stopped, rebooted).
"""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.cli.conftest import Ran
from tests.cli.health import asked, get
from tests.examples.simulated import EXAMPLES, Example, by_source, day, installed
from tests.gate import Gate
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

MORNING = day("2026-11-23 08:00")
QUARTER = timedelta(minutes=15)
HEADLINES = (EXAMPLES / "news/data/headlines.xml").read_bytes()
STORIES = (EXAMPLES / "news/data/stories.json").read_bytes()
ANOTHER = b"""<item><title>Flood gates closed until Thursday</title><guid>courier-5124</guid>
<link>https://courier.example.org/2026/11/23/flood</link></item></channel>"""
BUSY = Answer(status=500)


def at(text: str) -> datetime:
    """Read a time of that morning."""
    return day(f"2026-11-23 {text}")


@dataclass
class Morning:
    """What happened.

    Attributes:
        ran: each run by its time.
        told: the titles that each run told the desk.
        log: the execution log at the end, the oldest run first.

    """

    profile: Example
    ran: dict[str, Ran] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    log: list[Any] = field(default_factory=list)

    def row(self, when: str) -> Any:
        """Give the row of a run."""
        return self.log[list(self.ran).index(when)]

    def health(self, when: str) -> Any:
        """Ask how it is at a time."""
        return self.profile.at(at(when))("health").json


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    with ExitStack() as stack:
        web = stack.enter_context(Web())
        morning = Morning(set_up(tmp_path_factory.mktemp("news"), web))
        for number in range(9):
            when = f"{MORNING + number * QUARTER:%H:%M}"
            if when == "08:30":
                web.serve("/data/headlines.xml", BUSY)
            if when == "08:45":
                web.serve("/data/headlines.xml", Answer(body=HEADLINES.replace(b"</channel>", ANOTHER)))
            web.serve("/data/stories.json", BUSY if when == "09:00" else Answer(body=STORIES))
            before = len(web.asked("/desk"))
            morning.ran[when] = morning.profile.at(at(when))("run")
            notices = [notice for sent in web.asked("/desk")[before:] for notice in json.loads(sent.body)["notices"]]
            morning.told[when] = [notice["item"]["title"] for notice in notices]
        rows = morning.profile("runs", "--json").json["runs"][::-1]
        morning.log = [morning.profile("runs", row["run_id"], "--json").json for row in rows]
        yield morning


def set_up(folder: Path, web: Web) -> Example:
    web.serve("/desk", Answer(status=204))
    return installed("news", folder, web, {"https://desk.example.org/hooks/news": web.url("/desk")})


# --- two jobs with their own cadence (15 min, 60 min)


def test_headlines_run_every_15_minutes_and_stories_every_60(morning: Morning) -> None:
    looked_at = {when: sorted(by_source(ran.log[-1])) for when, ran in morning.ran.items()}
    both, one = ["headlines", "stories"], ["headlines"]
    assert looked_at == {when: both if when.endswith(":00") else one for when in morning.ran}
    assert len(looked_at) == 9


def test_the_timer_ticks_as_the_faster_one_needs(morning: Morning) -> None:
    assert "OnCalendar=*-*-* *:00/15:00 UTC" in morning.profile("units").out


def test_what_is_new_is_told_once(morning: Morning) -> None:
    first = ["Storm warning for the northern harbours", "The tide tables of 1890, typeset again"]
    told = {when: sorted(titles) for when, titles in morning.told.items() if titles}
    assert told == {"08:00": first, "08:45": ["Flood gates closed until Thursday"]}


# --- an execution log row for every run and every source in it


def test_every_run_has_a_row_in_the_execution_log(morning: Morning) -> None:
    assert len({str(UUID(row["run_id"])) for row in morning.log}) == 9
    for when, row in zip(morning.ran, morning.log, strict=True):
        assert row["profile"] == "news"
        assert row["started_at"][11:16] == when
        spent = datetime.fromisoformat(row["finished_at"]) - datetime.fromisoformat(row["started_at"])
        assert row["duration_seconds"] == pytest.approx(spent.total_seconds(), abs=0.002)
        assert row["sources"]["total"] == 2


def test_its_status_is_success_failure_or_partial_failure(morning: Morning) -> None:
    odd = {
        when: row["status"] for when, row in zip(morning.ran, morning.log, strict=True) if row["status"] != "success"
    }
    assert odd == {"08:30": "failure", "09:00": "partial_failure"}
    assert [ran.status for ran in morning.ran.values()] == [0, 0, 1, 0, 3, 0, 0, 0, 0]


def test_every_source_has_a_row_in_each_of_its_runs(morning: Morning) -> None:
    row = morning.row("09:00")
    well, ill = by_source(row)["headlines"], by_source(row)["stories"]
    assert (well["status"], well["error"], ill["status"]) == ("unchanged", None, "failed")
    assert "HTTP 500" in ill["error"]
    for source in (well, ill):
        assert row["started_at"] <= source["finished_at"] <= row["finished_at"]
        assert source["duration_seconds"] >= 0
    counts = ("seen", "new", "changed", "unchanged", "gone", "matched", "sent")
    assert [by_source(morning.row("08:45"))["headlines"][count] for count in counts] == [3, 1, 0, 2, 0, 1, 1]
    assert sum(len(row["by_source"]) for row in morning.log) == 9 + 3


# --- health


def test_health_is_not_started_before_the_first_run(tmp_path: Path) -> None:
    with Web() as web:
        profile = set_up(tmp_path, web)
        health = profile("health").json
        assert (health["status"], health["last_run"], health["age_seconds"]) == ("not_started", None, None)
        first, _, body = asked(profile, get("/health"))
    assert (first, json.loads(body)["status"]) == ("HTTP/1.1 503 Service Unavailable", "not_started")


@pytest.mark.parametrize(
    ("when", "headlines", "stories"),
    [
        ("10:05", "healthy", "healthy"),
        ("10:29", "healthy", "healthy"),  # a minute before twice its interval
        ("10:31", "unhealthy", "healthy"),
        ("11:59", "unhealthy", "healthy"),
        ("12:01", "unhealthy", "unhealthy"),
    ],
)
def test_a_job_is_healthy_while_its_last_run_is_at_most_twice_its_interval_old(
    morning: Morning, when: str, headlines: str, stories: str
) -> None:
    health = morning.health(when)
    assert {name: source["status"] for name, source in health["sources"].items()} == {
        "headlines": headlines,
        "stories": stories,
    }
    assert health["status"] == headlines  # of the profile, whose interval is the shorter one


@pytest.mark.parametrize(("when", "answer"), [("10:05", "200 OK"), ("10:31", "503 Service Unavailable")])
def test_over_http_it_is_200_when_all_are_healthy_else_503_with_status_last_run_and_age(
    morning: Morning, when: str, answer: str
) -> None:
    first, headers, body = asked(morning.profile.at(at(when)), get("/health"))
    assert (first, headers["content-type"]) == (f"HTTP/1.1 {answer}", "application/json")
    health = json.loads(body)
    for document in (health, *health["sources"].values()):
        assert document["status"] in {"healthy", "unhealthy"}
        assert document["last_run"].startswith("2026-11-23T10:00")
        age = (at(when) - at("10:00")).total_seconds()
        assert age - 30 < document["age_seconds"] < age + 30  # a run, and starting to answer, take a moment


# --- a failing job never stops the next


def test_a_failing_job_never_stops_the_next(morning: Morning) -> None:
    assert by_source(morning.row("08:30"))["headlines"]["status"] == "failed"
    assert by_source(morning.row("08:45"))["headlines"]["status"] == "ok"
    assert by_source(morning.row("09:00"))["stories"]["status"] == "failed"
    assert {
        when: row["sources"]["failed"] for when, row in zip(morning.ran, morning.log, strict=True) if when > "09:00"
    } == {
        "09:15": 0,
        "09:30": 0,
        "09:45": 0,
        "10:00": 0,
    }


# --- structured logs bearing the execution id


def test_every_line_of_the_log_is_an_object_that_bears_the_run_s_id(morning: Morning) -> None:
    for ran, row in zip(morning.ran.values(), morning.log, strict=True):
        assert {line["run_id"] for line in ran.log} == {row["run_id"]}
        assert [line["event"] for line in ran.log][:: len(ran.log) - 1] == ["run_started", "run_finished"]
        assert ran.err == ""


# --- on SIGTERM the work in hand is finished cleanly


def test_on_sigterm_the_work_in_hand_is_finished_cleanly(tmp_path: Path) -> None:
    with Web() as web:
        profile = set_up(tmp_path, web)
        gate = Gate(Answer(body=STORIES))
        web.serve("/data/stories.json", gate)
        with profile.start("run") as running, gate:
            assert running.stdout is not None
            lines = [json.loads(running.stdout.readline()) for _ in range(2)]  # begun, and headlines taken in
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate(timeout=60)
        assert (running.returncode, err) == (143, "")
        assert [line["event"] for line in lines] == ["run_started", "source_finished"]
        last = json.loads(out.splitlines()[-1])
        assert (last["event"], last["status"]) == ("run_finished", "interrupted")
        (row,) = profile("runs", "--json").json["runs"]
        assert (row["status"], row["items"]["new"], row["sources"]["left"]) == ("interrupted", 2, 1)

        again = profile("run").log[-1]
        assert (again["status"], again["items"]["new"], again["matches"]["new"]) == ("success", 2, 1)
        titles = [notice["item"]["title"] for sent in web.asked("/desk") for notice in json.loads(sent.body)["notices"]]
        assert sorted(titles) == ["Storm warning for the northern harbours", "The tide tables of 1890, typeset again"]
