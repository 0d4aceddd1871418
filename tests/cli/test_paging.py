"""Long lists a part at a time, as tables, JSON and CSV; and the execution log."""

import csv
import io
import re

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.web import Web

pytestmark = pytest.mark.cli

ITEMS = 7
CHANNEL = "channels:\n  - {name: log, kind: command, run: [/bin/cat]}\n"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile with some items, all of which match and are told; its source is gone."""
    scan = Scan(tmp_path_factory.mktemp("settled"))
    with Web() as web:
        jobs = [answer(*(job(number, f"Engineer {number}") for number in range(many))) for many in (2, ITEMS)]
        scan.configure(config(web.serve("/jobs", jobs), SEARCH + CHANNEL))
        for _ in range(3):
            scan.run()
    return scan


@pytest.mark.parametrize(
    "command",
    [["items"], ["matches"], ["deliveries"], ["matches", "--search", "engineers", "--rematch"]],
    ids=["items", "matches", "deliveries", "rematch"],
)
def test_turning_the_pages_shows_everything_once(settled: Scan, command: list[str]) -> None:
    noun = command[0]
    whole = settled(*command, "--json").json
    assert (len(whole[noun]), whole["next_offset"]) == (ITEMS, None)
    parts = [settled(*command, "--json", "--limit", "3", "--offset", str(offset)).json for offset in (0, 3, 6)]
    assert [part["next_offset"] for part in parts] == [3, 6, None]
    assert [row for part in parts for row in part[noun]] == whole[noun]


@pytest.mark.parametrize("form", [[], ["--csv"]], ids=["table", "csv"])
@pytest.mark.parametrize("noun", ["items", "matches", "deliveries"])
def test_people_are_told_that_there_is_more_beside_the_list(settled: Scan, noun: str, form: list[str]) -> None:
    first, last = settled(noun, "--limit", "4", *form), settled(noun, "--limit", "4", "--offset", "4", *form)
    assert (first.err, last.err) == ("there are more: --offset 4\n", "")
    assert len(first.out.splitlines()) == 1 + 4
    assert len(last.out.splitlines()) == 1 + ITEMS - 4
    assert first.out.splitlines()[1] not in last.out
    assert settled(noun, "--offset", "99").out == {"deliveries": "no deliveries\n"}.get(noun, f"no {noun}\n")


def test_deliveries_as_csv_are_whole(settled: Scan) -> None:
    rows = list(csv.DictReader(io.StringIO(settled("deliveries", "--csv").out)))
    assert {row["state"] for row in rows} == {"sent"}
    assert {row["title"] for row in rows} == {f"Engineer {number}" for number in range(ITEMS)}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", rows[0]["at"])
    assert len(rows[0]["id"]) == 64
    assert settled("deliveries", "--csv", "--json").status == 2


# --- runs


def test_runs_are_a_picture_and_a_table(settled: Scan) -> None:
    took, new, head, *lines = settled("runs").out.splitlines()
    assert re.fullmatch(r"took  [▂-█]{3}  \d\.\d\d s to \d\.\d\d s", took)
    assert new == "new   ▄█▁  0 to 5"
    assert head.split() == ["RUN", "STARTED", "STATUS", "TOOK", "OK", "FAILED", "NEW", "MATCHES", "SENT"]
    assert [line.split()[-3:] for line in lines] == [["0", "0", "0"], ["5", "5", "5"], ["2", "2", "2"]]


def test_runs_are_listed_a_part_at_a_time(settled: Scan) -> None:
    ids = [run["run_id"] for run in settled("runs", "--json").json["runs"]]
    part = settled("runs", "--json", "--limit", "1", "--offset", "1").json
    assert ([run["run_id"] for run in part["runs"]], part["next_offset"]) == ([ids[1]], 2)
    ran = settled("runs", "--limit", "1")
    assert (ran.err, len(ran.out.splitlines())) == ("there are more: --offset 1\n", 2)
    assert settled("runs", "--offset", "9").out == "no runs\n"


def test_a_run_whole_says_what_it_came_to(settled: Scan) -> None:
    second = settled("runs", "--json").json["runs"][1]
    out = settled("runs", second["run_id"]).out
    assert re.search(r"^finished  \d{4}-\d\d-\d\d \d\d:\d\d, after \d\.\d\d s$", out, re.MULTILINE)
    assert "\nresult    1 ok, 0 failed, 7 items (5 new, 0 changed, 0 gone), 5 matches, 5 sent\n" in out
    assert re.search(r"^acme +ok +7 +5 +0 +0 +5 +5 +\d\.\d\d s +\d+ +200$", out, re.MULTILINE)


def test_the_beginning_of_an_id_that_fits_several_runs_is_refused_with_some_of_them(settled: Scan) -> None:
    ids = [run["run_id"] for run in settled("runs", "--json").json["runs"]]
    ran = settled("runs", ids[0][:2])
    assert ran.status == 2
    assert f"“{ids[0][:2]}” fits several runs ({ids[0][:13]}, " in ran.err
    refused = settled("runs", "ffffffff")
    assert refused.status == 2
    assert "No run has an id that begins with “ffffffff”" in refused.err


def test_a_run_of_a_profile_that_never_ran_is_refused(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    assert scan("runs", "0").status == 2
