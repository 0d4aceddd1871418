"""`scan run`, from outside: what it tells, keeps, refuses and exits with."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, board, config, job
from tests.cli.conftest import PATIENCE, Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


def telling(channel: str) -> str:
    return f"{SEARCH}channels:\n  - {channel}\n"


def script(folder: Path, body: str) -> Path:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def keep(folder: Path) -> tuple[str, Path]:
    """A command channel whose program appends what it is given to a file, a line a message."""
    out = folder / "told.jsonl"
    return f'{{name: log, kind: command, run: ["{script(folder, f"cat >> {out}; echo >> {out}")}"]}}', out


def titles(out: Path) -> list[list[str]]:
    if not out.exists():
        return []
    messages = [json.loads(line) for line in out.read_text().splitlines() if line.strip()]
    return [[notice["item"]["title"] for notice in message["notices"]] for message in messages]


# --- what it tells


def test_a_new_match_is_told_once_and_the_second_run_is_silent(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    url = web.serve("/jobs", answer(job(1, "Engineer"), job(2, "Cook"), etag='"1"'))
    scan.configure(config(url, telling(channel)))

    first, second = scan.run(), scan.run()

    assert titles(out) == [["Engineer"]]
    assert (first["items"]["new"], first["matches"]["new"], first["deliveries"]["sent"]) == (2, 1, 1)
    assert second["by_source"][0]["status"] == "unchanged"
    assert (second["items"]["new"], second["matches"]["new"], second["deliveries"]["sent"]) == (0, 0, 0)
    assert web.requests[1].headers["if-none-match"] == '"1"'


def test_an_item_edited_into_matching_is_told_once(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    edited = [answer(job(1, "Cook")), answer(job(1, "Engineer")), answer(job(1, "Senior Engineer"))]
    scan.configure(config(web.serve("/jobs", edited), telling(channel)))
    for _ in range(4):
        scan.run()
    assert titles(out) == [["Engineer"]]


def test_an_item_that_comes_back_is_not_new(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    one, two = job(1, "Engineer"), job(2, "Cook")
    scan.configure(config(web.serve("/jobs", [answer(one, two), answer(two), answer(one, two)]), telling(channel)))
    counts = [scan.run()["items"] for _ in range(4)]
    assert [(c["new"], c["gone"], c["returned"]) for c in counts] == [(2, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)]
    assert titles(out) == [["Engineer"]]


def test_a_search_on_changes_and_goings_is_told_of_each_once(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    boards = [
        answer(job(1, "Engineer"), job(2)),
        answer(job(1, "Engineer", location={"name": "Rome"}), job(2)),
        answer(job(1, "Engineer", location={"name": "Rome"}, updated_at="2026-11-20T08:00:00Z"), job(2)),
        answer(job(2)),
    ]
    search = f"searches:\n  - {{name: e, any: [engineer], on: [changed, gone]}}\nchannels:\n  - {channel}\n"
    scan.configure(config(web.serve("/jobs", boards), search))
    for _ in range(6):
        scan.run()
    told = [json.loads(line)["notices"][0] for line in out.read_text().splitlines() if line.strip()]
    assert [notice["event"] for notice in told] == ["changed", "gone"]
    assert told[0]["changes"] == [{"field": "location", "old": "Berlin", "new": "Rome"}]


def test_the_same_posting_on_two_boards_is_one_alert_that_names_both(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    first = web.serve("/a", answer(job(1, "Engineer (m/w/d)")))
    second = web.serve("/b", answer(job(77, "Engineer", company_name="Acme GmbH")))
    source = f"  - {{name: mirror, kind: greenhouse, board: b, url: '{second}'}}\n"
    scan.configure(config(first, source + telling(channel)))
    result = scan.run("--no-send")
    assert result["matches"] == {"new": 1, "duplicate": 1}
    assert (result["deliveries"]["sent"], result["deliveries"]["pending"]) == (0, 1)
    scan.run()
    told = json.loads(out.read_text())["notices"]
    assert len(told) == 1
    assert sorted(told[0]["sources"]) == ["acme", "mirror"]


def test_a_changed_search_is_evaluated_on_what_is_stored_and_tells_each_match_once(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    url = web.serve("/jobs", answer(job(1, "Engineer"), job(2, "Cook"), etag='"1"'))
    scan.configure(config(url, telling(channel)))
    scan.run()
    scan.configure(config(url, telling(channel).replace("[engineer]", "[engineer, cook]")))
    results = [scan.run(), scan.run()]
    assert [result["matches"]["new"] for result in results] == [1, 0]
    assert titles(out) == [["Engineer"], ["Cook"]]


def test_what_a_baseline_finds_is_stored_and_not_told(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    boards = [answer(job(1, "Engineer")), answer(job(1, "Engineer"), job(2, "Sound Engineer"))]
    scan.configure(config(web.serve("/jobs", boards), telling(channel), more=", first_run: baseline"))
    for _ in range(3):
        scan.run()
    assert titles(out) == [["Sound Engineer"]]


def test_a_sudden_loss_is_suspicious_and_nothing_is_gone(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    full = answer(*[job(number, "Engineer") for number in range(40)])
    scan.configure(config(web.serve("/jobs", [full, answer(), full]), telling(channel)))
    results = [scan.run() for _ in range(3)]
    assert [result["by_source"][0]["status"] for result in results] == ["ok", "suspicious", "unchanged"]
    assert [result["items"]["gone"] for result in results] == [0, 0, 0]
    assert len(titles(out)) == 1
    status = scan("status").out
    assert "healthy" in status


def test_new_items_in_place_of_most_known_ones_are_held(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    old = answer(*[job(number, f"Engineer {number}") for number in range(20)])
    renamed = answer(*[job(number + 1000, f"Engineer {number}") for number in range(20)])
    scan.configure(config(web.serve("/jobs", [old, renamed]), telling(channel)))
    scan.run()
    result = scan.run()
    assert result["by_source"][0]["status"] == "suspicious"
    assert len(titles(out)) == 1
    assert "20 held" in scan("status").out


# --- a failed sending is retried, and nothing is lost


def test_a_mail_server_that_is_down_for_a_run_costs_nothing(scan: Scan, web: Web) -> None:
    with Mailbox() as down:
        address = down.url
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), telling(mail_channel(address))))
    failed = scan("run", "--all", "--json")
    assert failed.status == 3
    assert failed.json["deliveries"] == {"sent": 0, "failed": 1, "pending": 1}
    assert "1 batched" in scan("status").out

    port = int(address.rpartition(":")[2])
    with Mailbox(port=port) as mailbox:
        results = [scan.run(), scan.run()]
    assert [result["deliveries"]["sent"] for result in results] == [1, 0]
    assert len(mailbox.messages) == 1
    assert mailbox.messages[0].message["Subject"] == "First run: Engineer at Acme (engineers)"


def mail_channel(url: str) -> str:
    return f"{{name: me, kind: email, to: me@example.org, from: scan@example.org, smtp: '{url}'}}"


def test_the_same_message_keeps_its_identity_at_every_try(scan: Scan, web: Web) -> None:
    with Mailbox(accept_then_drop=True) as first:
        scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), telling(mail_channel(first.url))))
        scan.run()
        port = int(first.url.rpartition(":")[2])
    with Mailbox(port=port) as second:
        scan.run()
    assert len(first.messages) == len(second.messages) == 1
    assert first.messages[0].message["Message-ID"] == second.messages[0].message["Message-ID"]
    assert first.messages[0].raw == second.messages[0].raw


def test_one_channels_failure_is_no_others(scan: Scan, web: Web) -> None:
    channel, out = keep(scan.folder)
    web.serve("/hook", Answer(status=503))
    hook = f"{{name: hook, kind: webhook, url: '{web.url('/hook')}'}}"
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), telling(f"{hook}\n  - {channel}")))
    assert scan("run", "--all").status == 3
    assert titles(out) == [["Engineer"]]
    web.serve("/hook", Answer(status=204))
    scan.run()
    bodies = [json.loads(asked.body) for asked in web.asked("/hook")]
    assert [body["id"] for body in bodies] == [bodies[0]["id"]] * 2
    assert titles(out) == [["Engineer"]]


# --- a failing source never stops the others


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Answer(status=404), "HTTP 404"),
        (Answer(status=500), "HTTP 500"),
        (Answer(body=b"<html><title>Log in</title>"), "expected"),
        (Answer(body=b'{"jobs": [{"id": 1, "tit'), "expected"),
        (Answer(body=b"{}"), "expected"),
        (Answer(body=b"x" * 500, cut=True), "http"),
    ],
)
def test_a_failing_source_is_named_with_its_error_and_the_others_go_on(
    scan: Scan, web: Web, bad: Answer, said: str
) -> None:
    good = f"  - {{name: good, kind: greenhouse, board: g, url: '{web.serve('/good', answer(job(1)))}'}}\n"
    scan.configure(config(web.serve("/bad", bad), good))
    for _ in range(2):
        ran = scan("run", "--all", "--json")
        assert ran.status == 3
        failed, fine = sorted(ran.json["by_source"], key=lambda source: source["source"])
        assert (failed["status"], fine["source"]) == ("failed", "good")
        assert said in failed["error"]
        assert "\n" not in failed["error"]
        assert "Traceback" not in ran.err
    assert "failing" in scan("status").out


def test_when_every_source_fails_the_run_failed(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/jobs"))
    ran = scan("run", "--all", "--json")
    assert (ran.status, ran.json["status"]) == (1, "failure")
    assert "connection refused" in ran.json["by_source"][0]["error"]


def test_an_error_never_overwrites_what_is_known(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", [answer(job(1), job(2)), Answer(status=500), answer(job(1), job(2))])))
    results = [scan.run() for _ in range(3)]
    assert [result["items"]["gone"] for result in results] == [0, 0, 0]
    assert results[2]["by_source"][0]["status"] == "unchanged"


def test_an_unreadable_feed_is_a_clear_failure(scan: Scan, web: Web) -> None:
    url = web.serve("/feed", Answer(body=b"this is no feed at all"))
    scan.configure(f"sources:\n  - {{name: news, kind: feed, url: '{url}'}}\n")
    ran = scan("run", "--all", "--json")
    assert ran.status == 1
    assert "this is no feed at all" in ran.json["by_source"][0]["error"]


# --- options


def test_a_dry_run_lists_the_sources_and_touches_nothing(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    ran = scan("run", "--dry-run")
    assert ran.status == 0
    assert ran.out == "acme\tgreenhouse\n"
    assert web.requests == []
    assert not scan.state.exists()


def test_only_due_sources_are_scanned_unless_all_or_some_are_asked_for(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    totals = [scan(*arguments, "--json").json["sources"] for arguments in (["run"], ["run"], ["run", "acme"])]
    assert [(total["ok"], total["not_due"]) for total in totals] == [(1, 0), (0, 1), (1, 0)]


def test_an_unknown_source_is_a_wrong_command_line(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    ran = scan("run", "acmee")
    assert ran.status == 2
    assert "Did you mean acme?" in ran.err


# --- the output


def test_the_log_of_a_run_is_json_lines_and_ends_with_its_whole_result(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer")))))
    lines = scan("run").log
    assert [line["event"] for line in lines] == ["run_started", "source_finished", "run_finished"]
    assert all({"timestamp", "level", "logger", "event", "message", "run_id"} <= line.keys() for line in lines)
    assert lines[1]["source"] == "acme"
    assert lines[2]["items"] == {"seen": 1, "new": 1, "changed": 0, "unchanged": 0, "returned": 0, "gone": 0}
    assert lines[2]["by_source"][0]["source"] == "acme"


def test_other_formats_and_levels_are_chosen_by_option_before_environment_before_config(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1))), "logging: {format: text, level: error}\n"))
    assert scan("run", "--all").out == ""
    by_environment = scan("run", "--all", environ={"SCAN_LOG_LEVEL": "info", "SCAN_LOG_FORMAT": "logfmt"}).out
    assert "event=run_finished" in by_environment
    own = scan.command("--log-level", "info", "run", "--all")[1:]
    assert "1 ok, 0 failed" in scan(*own[2:], environ={"SCAN_LOG_LEVEL": "error"}).out


def test_a_log_file_is_written_beside_standard_output(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1))), "logging: {file: scan.log}\n"))
    scan("run")
    scan("run", "--all")
    events = [json.loads(line)["event"] for line in (scan.folder / "scan.log").read_text().splitlines()]
    assert events.count("run_finished") == 2


# --- never two at once


def test_a_second_run_says_who_is_at_it_and_exits_at_once(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", Answer(hang=True))).replace("5s", "60s"))
    running = scan.start("run")
    wait_for(lambda: bool(web.requests))

    second = scan("run", "--json")
    assert (second.status, second.json["status"]) == (0, "skipped")
    assert f"PID {running.pid}, since 20" in second.json["errors"][0]
    assert [line["event"] for line in scan("run").log] == ["run_skipped"]
    assert scan("run", "--fail-if-locked").status == 75
    assert scan("run", "--wait", "0.1").status == 75
    assert f"running: PID {running.pid}" in scan("status").out
    assert len(web.requests) == 1

    running.kill()
    running.communicate()
    web.serve("/jobs", answer(job(1)))
    assert scan("run", "--json").json["status"] == "success"
    assert [run["status"] for run in scan("runs", "--json").json["runs"]] == ["success", "interrupted"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_cleanly_as_interrupted(
    scan: Scan, web: Web, number: signal.Signals, status: int
) -> None:
    slow = f"  - {{name: slow, kind: greenhouse, board: s, url: '{web.serve('/slow', Answer(hang=True))}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), slow).replace("5s", "60s"))
    running = scan.start("run", "--json")
    wait_for(lambda: bool(web.asked("/slow")) and bool(web.asked("/jobs")))
    running.send_signal(number)
    out, err = running.communicate(timeout=10)
    assert running.returncode == status, err
    assert json.loads(out)["status"] == "interrupted"
    assert scan("runs", "--json").json["runs"][0]["status"] == "interrupted"


def wait_for(happened: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if happened():
            return
        pause.wait(0.01)
    pytest.fail("it did not happen within 20 s")


def test_the_deadline_leaves_the_rest_for_next_time(scan: Scan, web: Web) -> None:
    slow = f"  - {{name: slow, kind: greenhouse, board: s, url: '{web.serve('/slow', Answer(hang=True))}'}}\n"
    scan.configure("deadline: 1s\n" + config(web.serve("/jobs", answer(job(1))), slow).replace("5s", "60s"))
    ran = scan("run", "--json")
    assert ran.status == 75
    assert (ran.json["sources"]["ok"], ran.json["sources"]["left"]) == (1, 1)
    assert "deadline" in ran.json["errors"][0]


def test_a_shrinking_board_reports_what_is_gone(scan: Scan, web: Web) -> None:
    jobs = [job(number) for number in range(12)]
    scan.configure(config(web.serve("/jobs", [Answer(body=board(jobs)), Answer(body=board(jobs[:8]))])))
    scan.run()
    assert scan.run()["items"]["gone"] == 4
    gone = scan("items", "--gone", "--json").json["items"]
    assert {item["key"] for item in gone} == {"8", "9", "10", "11"}


def test_a_reader_who_goes_away_costs_a_run_nothing(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), SEARCH))
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as nobody:
        for _ in range(2):
            done = subprocess.run(
                scan.command("run", "--all"),
                env=scan.environment(),
                stdout=nobody,
                stderr=subprocess.PIPE,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, "")
    assert scan.run()["items"]["unchanged"] == 1
