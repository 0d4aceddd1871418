"""`scan status`: what it shows to people, to programs and to monitoring."""

import re
import shlex
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cli.boards import SEARCH, answer, board, config, job
from tests.cli.conftest import COMMAND, PATIENCE, Scan
from tests.cli.terminals import COLOURS, in_terminal, plain, widest
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

MANY, BROKEN = 40, 5


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile that has run twice, only to be looked at: its source is gone."""
    scan = Scan(tmp_path_factory.mktemp("settled"))
    with Web() as web:
        scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), SEARCH))
        scan.run()
        scan.run()
    return scan


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile of many sources, some of which fail, that has run twice."""
    scan = Scan(tmp_path_factory.mktemp("many"))
    file = scan.folder / "board.json"
    file.write_bytes(board([job(1, "東京 Engineer")]))
    lines = [
        f"  - {{name: s{number:02}, kind: greenhouse, board: b, url: 'file:{where}'}}"
        for number in range(MANY)
        for where in [file if number >= BROKEN else scan.folder / f"missing-{number}.json"]
    ]
    scan.configure("\n".join(["every: 15m", "sources:", *lines, ""]))
    scan.run()
    scan.run()
    return scan


def failing(scan: Scan, web: Web) -> None:
    """Make a profile of which one of two sources fails."""
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), bad))
    scan("run", "--all")


def without_commands(shown: str) -> str:
    """Leave out what is to be copied, which is never broken."""
    return "\n".join(line for line in shown.splitlines() if not plain(line).startswith("    scan "))


# --- for people


def test_status_shows_how_it_is_the_sources_the_runs_the_timer_and_the_database(settled: Scan) -> None:
    ran = settled("status")
    assert (ran.status, ran.err) == (0, "")
    head, sources, runs, rest = ran.out.split("\n\n")
    first, last_run = head.splitlines()
    assert first == "profile: healthy"
    assert re.fullmatch(r"last run: \d+ (s|min) ago, success: 1 ok, 0 failed, 2 items \(0 new, .*", last_run)
    assert re.search(r"^acme +greenhouse +healthy +\d+ (s|min) ago +2 +1$", sources, re.MULTILINE)
    took, new, heads, *rows = runs.splitlines()
    assert re.fullmatch(r"took {2}[▂-█]{2} {2}0\.\d\d s to 0\.\d\d s", took)
    assert new == "new   █▁  0 to 2"
    assert heads.split() == ["RUN", "STATUS", "TOOK", "OK", "FAILED", "NEW", "MATCHES", "SENT"]
    told = [re.fullmatch(r"\d+ \w+ ago +success +[\d.]+ s +1 +0 +(.*)", row) for row in rows]
    assert [row and row[1].split() for row in told] == [["0", "0", "0"], ["2", "1", "0"]]
    timer, database = rest.splitlines()
    assert timer.startswith("timer: none (scan ")
    assert re.fullmatch(r"database: \d+ kB", database)


def test_whatever_needs_somebody_comes_with_a_command_that_works(scan: Scan, web: Web) -> None:
    failing(scan, web)
    out = scan("status").out
    assert out.startswith("profile: degraded\n")
    assert re.search(r"^! bad fails for \d+ s: .*HTTP 404.*\n    scan --config \S+ preview bad$", out, re.MULTILINE)
    assert re.search(r"^bad +greenhouse +failing +never +0 +0  .*404", out, re.MULTILINE)
    command = next(line.strip() for line in out.splitlines() if line.endswith(" preview bad"))
    words = [str(COMMAND), *shlex.split(command)[1:]]
    done = subprocess.run(words, env=scan.environment(), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "bad (greenhouse): failed: " in done.stdout
    scan.run()
    assert ", 2 times in a row: " in scan("status").out


def test_of_many_sources_those_that_are_not_well_come_first_and_the_rest_is_counted(many: Scan) -> None:
    out = many("status").out
    states = re.findall(r"^(s\d\d) +greenhouse +(\w+) ", out, re.MULTILINE)
    assert [name for name, state in states if state == "failing"] == [f"s{number:02}" for number in range(BROKEN)]
    assert states[BROKEN:] == [(f"s{number:02}", "healthy") for number in range(BROKEN, len(states))]
    assert f"\nand {MANY - len(states)} more: {MANY - len(states)} healthy (scan --config " in out
    assert len(re.findall(r"^! s\d\d fails", out, re.MULTILINE)) == 3
    assert re.search(r"^  and 2 more: 2 failing \(scan --config \S+ status --all\)$", out, re.MULTILINE)
    assert len(out.splitlines()) < 36
    whole = many("status", "--all").out
    assert len(re.findall(r"^s\d\d +greenhouse", whole, re.MULTILINE)) == MANY
    assert len(re.findall(r"^! s\d\d fails", whole, re.MULTILINE)) == BROKEN
    assert " more: " not in whole


def test_it_is_readable_at_80_columns_in_colours_only_where_somebody_sees_them(many: Scan) -> None:
    shown = in_terminal(many, "status")
    assert widest(without_commands(shown)) <= 80
    assert "\x1b[33m\x1b[1mdegraded\x1b[0m" in shown
    assert "\x1b[31mfailing\x1b[0m" in shown
    assert "SOURCE" in plain(shown)
    without = in_terminal(many, "status", environ={"NO_COLOR": "1"})
    assert "\x1b" not in without
    assert "\x1b" not in in_terminal(many, "status", environ={"TERM": "dumb"})
    assert "\x1b" not in many("status").out
    forced = many("status", environ={"FORCE_COLOR": "1"}).out
    assert COLOURS.search(forced)
    assert widest(without_commands(in_terminal(many, "status", "--all", width=40))) <= 40


def test_an_error_that_a_server_wrote_drives_no_terminal(scan: Scan, web: Web) -> None:
    evil = "a\x9b31m\u202eb"
    location = {"Location": f"ftp://{evil}/"}
    scan.configure(config(web.serve("/jobs", Answer(status=302, headers=location))))
    scan.run()
    for shown in (scan("status").out, plain(in_terminal(scan, "status")), scan("status", "--check").out):
        assert "fail" in shown or "not well" in shown
        assert [char for char in shown if not char.isprintable() and char != "\n"] == []
    assert scan("status", "--json").out.isascii()


def test_status_sees_a_run_in_progress_and_one_that_was_killed(scan: Scan, web: Web) -> None:
    reached = threading.Event()

    def hang(_: object) -> Answer:
        reached.set()
        return Answer(hang=True)

    scan.configure(config(web.serve("/jobs", hang)).replace("5s", "60s"))
    running = scan.start("run")
    try:
        assert reached.wait(20)
        assert f"running: PID {running.pid}, " in scan("status").out
        assert scan("status", "--json").json["running"]["pid"] == running.pid
    finally:
        running.send_signal(signal.SIGKILL)
        running.communicate()

    assert "interrupted; the next one makes up for it" in scan("status").out
    document = scan("status", "--json").json
    assert (document["running"], document["interrupted"]) == (None, True)
    assert checked(scan)[0] == 3

    web.serve("/jobs", answer(job(1)))
    scan.run()
    out = scan("status").out
    assert "! " not in out
    assert re.search(r"^\d+ \w+ ago +interrupted$", out, re.MULTILINE), out


# --- for programs


def test_status_as_json_has_everything_and_the_same_before_the_first_run(settled: Scan, tmp_path: Path) -> None:
    document = settled("status", "--json").json
    assert (document["profile"], document["status"], document["running"]) == ("profile", "healthy", None)
    assert document["last_run"]["items"]["new"] == 0
    assert document["sources"][0]["source"] == "acme"
    assert [(run["status"], run["new"], run["matches"]) for run in document["runs"]] == [
        ("success", 0, 0),
        ("success", 2, 1),
    ]
    assert (document["attention"], document["held"]) == ([], [])
    fresh = Scan(tmp_path)
    fresh.configure(settled.config.read_text())
    first = fresh("status", "--json").json
    assert set(first) == set(document)
    (needs,) = first["attention"]
    assert (needs["kind"], needs["command"]) == ("not_started", f"scan --config {fresh.config} run")


# --- for monitoring

CHECKED = re.compile(
    r"SCAN (?P<word>OK|WARNING|CRITICAL|UNKNOWN) - (?P<text>[^|\n]*[^|\n ])(?: \| (?P<figures>[\w=.;: ]+))?\n"
)
"""One line of a monitoring plug-in: what it says, and performance data."""


def checked(scan: Scan) -> tuple[int, str, str]:
    ran = scan("status", "--check")
    assert ran.err == ""
    line = CHECKED.fullmatch(ran.out)
    assert line is not None, ran.out
    return ran.status, line["word"], line["text"]


def figures(scan: Scan) -> dict[str, str]:
    return dict(figure.split("=") for figure in scan("status", "--check").out.partition(" | ")[2].split())


def test_a_check_of_a_healthy_profile_exits_with_0_and_figures(settled: Scan) -> None:
    assert checked(settled) == (0, "OK", "profile is healthy")
    found = figures(settled)
    assert re.fullmatch(r"\d+s;;1800;0", found["age"])
    assert re.fullmatch(r"\d+B;;;0", found["database"])
    assert {name: found[name] for name in ("new", "failed", "unwell", "waiting", "dead")} == {
        "new": "0;;;0",
        "failed": "0;;;0;1",
        "unwell": "0;;;0;1",
        "waiting": "0;;;0",
        "dead": "0;;;0",
    }


def test_a_check_where_something_fails_exits_with_1_and_names_it(scan: Scan, web: Web) -> None:
    failing(scan, web)
    assert checked(scan) == (1, "WARNING", "profile is degraded; not well: bad")
    assert figures(scan)["unwell"] == "1;;;0;2"


def test_a_check_where_all_fails_exits_with_2(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    scan("run", "--all")
    assert checked(scan) == (2, "CRITICAL", "profile is unhealthy; not well: acme")


def test_a_check_before_the_first_run_exits_with_3(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    assert checked(scan) == (3, "UNKNOWN", "profile is not_started")


@pytest.mark.parametrize(
    "arguments",
    [["status", "--check", "--verbose"], ["-c", "x", "-p", "y", "status", "--check"], ["--chek", "status", "--check"]],
)
def test_to_monitoring_no_mistake_is_critical(settled: Scan, arguments: list[str]) -> None:
    done = subprocess.run(
        [COMMAND, *arguments], env=settled.environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 3
    assert re.fullmatch(r"SCAN UNKNOWN - [^|\n]+\n", done.stdout)
    assert done.stderr


def test_a_file_that_makes_no_sense_is_no_run(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    status = scan.state / "profile.status.json"
    for content in ("", "{", '{"version": 3, "sources": 1, "runs": []}'):
        status.write_text(content)
        assert checked(scan)[:2] == (3, "UNKNOWN")
        assert scan("status").status == 0
    scan.run()
    assert checked(scan)[:2] == (0, "OK")


def unwell(scan: Scan) -> Any:
    return scan("status", "--json").json["attention"]


def test_what_is_given_up_is_said_until_somebody_drops_it(scan: Scan, web: Web) -> None:
    hook = f"channels:\n  - {{name: hook, kind: webhook, url: '{web.serve('/hook', Answer(status=410))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), SEARCH + hook))
    scan("run", "--all")
    assert ("dead", None) in {(one["kind"], one["subject"]) for one in unwell(scan)}
    ids = [row["id"] for row in scan("deliveries", "--state", "dead", "--json").json["deliveries"]]
    assert scan("deliveries", "drop", *ids).status == 0
    assert "dead" not in {one["kind"] for one in unwell(scan)}
