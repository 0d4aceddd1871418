"""The commands that look: what they show, before the first run and after, and what they refuse."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scan.cli import COMMANDS
from tests.cli.boards import SEARCH, answer, board, config, job
from tests.cli.conftest import COMMAND, PATIENCE, Scan
from tests.cli.terminals import in_terminal, widest
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

HEAVY = {"sqlalchemy", "pycurl", "yaml", "msgspec", "alembic", "filelock", "selectolax", "re2", "cel_expr_python"}
LOOKING = ("status", "runs", "sources", "items", "matches")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile that has run once, only to be looked at: its source is gone."""
    scan = Scan(tmp_path_factory.mktemp("settled"))
    with Web() as web:
        scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), SEARCH))
        scan.run()
    return scan


@pytest.fixture
def ready(scan: Scan, web: Web) -> Scan:
    """Make a profile that has run once."""
    scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), SEARCH))
    scan.run()
    return scan


def failing(scan: Scan, web: Web) -> None:
    """Make a profile of which one of two sources fails."""
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), bad))
    scan("run", "--all")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- before the first run


@pytest.mark.parametrize("command", LOOKING)
def test_before_the_first_run_every_command_answers_and_makes_nothing(scan: Scan, command: str) -> None:
    scan.configure(config("http://127.0.0.1:9/", SEARCH))
    ran, as_json = scan(command), scan(command, "--json")
    assert (ran.status, as_json.status) == (0, 0)
    assert (ran.err, as_json.err) == ("", "")
    assert ran.out.strip()
    assert isinstance(as_json.json, dict)
    assert not scan.state.exists()


def test_before_the_first_run_nothing_is_there_and_that_is_said(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/", SEARCH))
    assert scan("runs").out == "no runs yet\n"
    assert scan("items").out == "no items: nothing was scanned yet\n"
    assert scan("matches").out == "no matches: nothing was scanned yet\n"
    assert scan("matches", "--search", "engineers", "--rematch", "--json").json == {
        "looked_at": 0,
        "matched": 0,
        "untold": 0,
        "matches": [],
        "next_offset": None,
    }
    assert scan("status").out.startswith(f"profile: not_started\nno run yet; config: {scan.config}\n")
    refused = scan("explain", "engineer")
    assert refused.status == 2
    assert "no run has been made" in refused.err


# --- runs


def test_runs_are_listed_the_newest_first_in_the_configs_zone(scan: Scan, web: Web) -> None:
    text = config(web.serve("/jobs", [answer(job(1)), answer(job(1), job(2))]))
    scan.configure(f"timezone: Asia/Kathmandu\n{text}")
    ids = [scan.run()["run_id"] for _ in range(2)]
    started = [run["started_at"] for run in scan("runs", "--json").json["runs"]]
    head, *lines = scan("runs").out.splitlines()[2:]
    assert head.split() == ["RUN", "STARTED", "STATUS", "TOOK", "OK", "FAILED", "NEW", "MATCHES", "SENT"]
    assert [line.split()[0] for line in lines] == [run[:13] for run in reversed(ids)]
    assert int(lines[0].split()[2][3:]) == (int(started[0][14:16]) + 45) % 60
    assert [run["run_id"] for run in scan("runs", "--limit", "1", "--json").json["runs"]] == ids[1:]


def test_a_run_is_shown_whole_by_the_beginning_of_its_id(settled: Scan) -> None:
    (run,) = settled("runs", "--json").json["runs"]
    out = settled("runs", run["run_id"][:13]).out
    assert f"run       {run['run_id']}" in out
    assert re.search(r"^acme +ok +2 +2 +0 +0 +1 ", out, re.MULTILINE)
    whole = settled("runs", run["run_id"][:13], "--json").json
    assert whole["by_source"][0]["new"] == 2
    assert (whole["status"], whole["matches"]) == ("success", {"new": 1, "duplicate": 0})


def test_a_run_shows_each_error_whole(scan: Scan, web: Web) -> None:
    failing(scan, web)
    last = scan("runs", "--json").json["runs"][0]["run_id"]
    assert re.search(r"^bad failed: .*HTTP 404.*$", scan("runs", last).out, re.MULTILINE)
    assert "partial failure" in scan("runs").out


@pytest.mark.parametrize("name", ["ffffffff", "", "%"])
def test_a_run_that_is_none_or_several_is_refused(ready: Scan, name: str) -> None:
    ready.run()
    ran = ready("runs", name)
    assert (ran.status, ran.out) == (2, "")
    assert ("fits several runs" if name == "" else "No run has an id") in ran.err


# --- sources


def test_sources_show_their_cadence_whether_they_are_due_and_how_they_are(scan: Scan, web: Web) -> None:
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    off = "  - {name: off, kind: feed, url: 'http://127.0.0.1:9/', enabled: false, tags: [x, y], every: 2h}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), bad + off))
    assert [row["due"] for row in scan("sources", "--json").json["sources"]] == [True, True, False]
    scan("run")
    out = scan("sources").out
    assert re.search(r"^acme +greenhouse +15 min +no +healthy +\d+ (s|min) ago +1$", out, re.MULTILINE)
    assert re.search(r"^bad +greenhouse +15 min +no +failing +never$", out, re.MULTILINE)
    assert re.search(r"^off +feed +2 h +no +disabled +never +x,y$", out, re.MULTILINE)
    assert re.search(r"^bad: .*HTTP 404", out, re.MULTILINE)
    failing_one = scan("sources", "--json").json["sources"][1]
    assert (failing_one["health"], failing_one["consecutive_failures"]) == ("failing", 1)


# --- items


def test_items_are_listed_the_newest_first(settled: Scan) -> None:
    head, *lines = settled("items").out.splitlines()
    assert head.split("  ")[0] == "ID"
    assert [re.split(r" {2,}", line.strip())[3] for line in lines] == ["Engineer at Acme", "Cook at Acme"]
    assert [item["title"] for item in settled("items", "--json").json["items"]] == ["Engineer", "Cook"]
    assert [item["title"] for item in settled("items", "--limit", "1", "--json").json["items"]] == ["Engineer"]


def test_an_item_as_json_is_whole(settled: Scan) -> None:
    item = settled("items", "--json", "--text", "cook").json["items"][0]
    assert (item["key"], item["organization"], item["location"]) == ("1", "Acme", "Berlin")
    assert item["text"] == "What you will do"
    assert item["published_at"] == "2026-11-01T13:00:00Z"
    assert re.fullmatch(r"[0-9a-f]{32}", item["content_hash"])


def test_items_are_narrowed_by_source_word_time_and_whether_they_are_gone(scan: Scan, web: Web) -> None:
    jobs = [job(number, f"Müller {number}") for number in range(12)]
    second = f"  - {{name: second, kind: greenhouse, board: b, url: '{web.serve('/b', answer(job(50, 'Cook')))}'}}\n"
    first = web.serve("/jobs", [Answer(body=board(jobs)), Answer(body=board(jobs[:10]))])
    scan.configure(config(first, second))
    for _ in range(3):
        scan.run()

    def keys(*arguments: str) -> set[str]:
        return {item["key"] for item in scan("items", "--json", *arguments).json["items"]}

    assert keys("--source", "second") == {"50"}
    assert keys("--gone") == {"10", "11"}
    assert keys("--text", "MÜLLER 1") == {"1", "10", "11"}
    assert keys("--text", "%") == set()
    assert len(keys("--since", "1h")) == 13
    assert keys("--since", "2999-01-01") == set()
    assert re.search(r"^ID +FIRST SEEN +GONE +SOURCE", scan("items").out)
    assert "GONE" not in scan("items", "--source", "second").out


def test_items_as_csv_are_for_spreadsheets_and_never_run_in_one(scan: Scan, web: Web) -> None:
    titles = ['=HYPERLINK("http://evil.example","x")', "+1", "-1", "@SUM(A1)", "＝1+1", 'a "quoted", b', "Søren"]  # noqa: RUF001
    jobs = [job(number, title) for number, title in enumerate(titles, 1)]
    scan.configure(config(web.serve("/jobs", answer(*jobs))))
    scan.run()
    told = rows(scan("items", "--csv").out)
    assert [row["title"] for row in reversed(told)] == [*(f"'{title}" for title in titles[:5]), *titles[5:]]
    assert told[0]["published_at"] == "2026-11-01T13:00:00Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", told[0]["first_seen_at"])
    assert told[0]["gone_at"] == ""


def test_control_characters_of_a_source_never_reach_the_terminal(scan: Scan, web: Web) -> None:
    evil = job(1, "Engineer \x1b]0;owned\x07\u202eevil", location={"name": "\x1b[2J"})
    scan.configure(config(web.serve("/jobs", answer(evil)), SEARCH))
    scan.run()
    shown = "".join(scan(*command).out for command in (["items"], ["matches"], ["preview"], ["explain", "engineer"]))
    assert "Engineer" in shown
    assert [char for char in shown if not char.isprintable() and char != "\n"] == []


# --- matches


def test_matches_say_where_why_and_whether_they_were_told(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer")))
    scan.configure(config(url, f"{SEARCH}channels:\n  - {{name: log, kind: command, run: [/bin/cat]}}\n"))
    scan.run("--no-send")
    assert re.search(r" engineers +acme +Engineer at Acme +waiting +engineer$", scan("matches").out, re.MULTILINE)
    scan.run()
    assert re.search(r" engineers +acme +Engineer at Acme +yes +engineer$", scan("matches").out, re.MULTILINE)
    (match,) = scan("matches", "--json").json["matches"]
    assert (match["search"], match["event"], match["deliveries"]) == ("engineers", "new", {"sent": 1})
    assert match["reasons"] == [{"rule": "any", "term": "engineer", "field": "title", "excerpt": "Engineer"}]
    (row,) = rows(scan("matches", "--csv").out)
    assert (row["title"], row["duplicate"], row["told"], row["why"]) == ("Engineer", "false", "yes", "engineer")


def test_matches_are_narrowed_by_search_and_time(scan: Scan, web: Web) -> None:
    searches = f"{SEARCH}  - {{name: cooks, any: [cook]}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), searches))
    scan.run()

    def titles(*arguments: str) -> list[str]:
        return [match["item"]["title"] for match in scan("matches", "--json", *arguments).json["matches"]]

    assert titles("--search", "cooks") == ["Cook"]
    assert len(titles("--since", "1h")) == 2
    assert titles("--since", "2999-01-01") == []
    assert len(titles("--limit", "1")) == 1
    scan.configure(config(web.url("/jobs"), SEARCH))
    assert titles("--search", "cooks") == ["Cook"], "a search that is no longer in the config is still known"


# --- preview


def test_a_preview_shows_what_a_run_would_store_and_changes_nothing(scan: Scan, web: Web) -> None:
    boards = [answer(job(1, "Cook")), answer(job(1, "Chef"), job(2, "Engineer"))]
    scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), SEARCH))
    first = scan("preview")
    assert (first.status, first.err) == (0, "")
    assert first.out.splitlines()[0] == "acme (greenhouse): 2 items (2 new), 1 match"
    assert "  matches engineers: engineer\n" in first.out
    assert not scan.state.exists()

    web.serve("/jobs", boards)
    scan.run()
    before = scan.database.read_bytes()
    lines = scan("preview").out.splitlines()
    assert lines[0] == "acme (greenhouse): 2 items (1 new, 1 changed), 1 match"
    assert [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "] == ["new", "changed"]
    assert scan.database.read_bytes() == before
    assert len(scan("runs", "--json").json["runs"]) == 1


def test_a_preview_as_json_has_every_field_and_shows_what_is_new_first(ready: Scan, web: Web) -> None:
    web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"), job(3, "Sound Engineer")))
    (source,) = ready("preview", "--json", "--limit", "1").json["sources"]
    assert source["total"] == 3
    (shown,) = source["items"]
    assert (shown["change"], shown["item"]["title"]) == ("new", "Sound Engineer")
    assert shown["matches"][0]["search"] == "engineers"


def test_a_preview_fails_as_its_sources_do(scan: Scan, web: Web) -> None:
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), bad))
    assert [scan("preview", *names).status for names in ([], ["acme"], ["bad"])] == [3, 0, 1]
    assert "bad (greenhouse): failed: " in scan("preview").out
    assert "HTTP 404" in scan("preview", "bad", "--json").json["sources"][0]["error"]


# --- what they have in common


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["items", "--source", "acmee"], "Did you mean acme?"),
        (["matches", "--search", "engineer"], "Did you mean engineers?"),
        (["matches", "--search", "engineer", "--rematch"], "Did you mean engineers?"),
        (["matches", "--rematch"], "--rematch needs --search NAME."),
        (["preview", "acmee"], "Did you mean acme?"),
        (["items", "--since", "soon"], "neither a time"),
        (["items", "--limit", "0"], "--limit"),
        (["items", "--json", "--csv"], "exclude each other"),
        (["matches", "--json", "--csv"], "exclude each other"),
        (["itmes"], "No such command"),
    ],
)
def test_a_wrong_command_line_is_refused(settled: Scan, arguments: list[str], said: str) -> None:
    ran = settled(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_reader_that_has_had_enough_ends_it_quietly(scan: Scan, web: Web) -> None:
    jobs = [job(number, content="Long. " * 200) for number in range(200)]
    scan.configure(config(web.serve("/jobs", answer(*jobs))))
    scan.run()
    for more in ("--json", "--csv", ""):
        command = f'"$0" "$@" items --limit 200 {more} | head -1; echo "${{PIPESTATUS[0]}}"'
        done = subprocess.run(
            ["bash", "-c", command, *scan.command()],
            env=scan.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        assert done.stderr == ""
        assert done.stdout.splitlines()[1:] == ["0"]


def test_in_a_terminal_of_80_columns_no_line_is_wider(scan: Scan, web: Web) -> None:
    jobs = [job(number, f"{'東京 ' * 20}{number}", company_name="A company with a long name") for number in range(3)]
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(*jobs)), f"{bad}searches:\n  - {{name: all}}\n"))
    scan("run", "--all")
    for command in ("items", "matches", "runs"):
        shown = in_terminal(scan, command)
        assert len(shown.splitlines()) > 1
        assert widest(shown) <= 80


# --- start-up


def imported(scan: Scan, *arguments: str) -> set[str]:
    done = subprocess.run(
        [str(COMMAND), *arguments],
        env=scan.environment({"PYTHONPROFILEIMPORTTIME": "1"}),
        cwd=scan.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert done.stdout.strip()
    return set(re.findall(r"^import time:.*\| +([\w.]+)$", done.stderr, re.MULTILINE))


def commands() -> list[list[str]]:
    """Every command, with those inside a group."""
    from scan.cli import cli

    found: list[list[str]] = []

    def walk(command: Any, path: list[str]) -> None:
        found.append(path)
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, [*path, name])

    for name in COMMANDS:
        walk(cli.get_command(None, name), [name])  # type: ignore[arg-type]  # it asks nothing of the context
    return found


@pytest.mark.parametrize("path", [[], *commands()], ids=" ".join)
def test_help_answers_without_importing_anything_heavy(scan: Scan, path: list[str]) -> None:
    modules = imported(scan, *path, "--help")
    assert "click" in modules
    assert modules & HEAVY == set()


@pytest.mark.parametrize("command", ["status", "health"])
def test_what_monitoring_asks_imports_nothing_heavy_either(settled: Scan, command: str) -> None:
    modules = imported(settled, "--config", str(settled.config), command)
    assert "scan.health" in modules
    assert modules & HEAVY == set()


def test_the_module_runs_as_the_command_does(settled: Scan) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scan", "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout == subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout
    assert Path(settled.database).exists()
