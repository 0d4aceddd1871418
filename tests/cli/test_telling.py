"""How matches become messages: one or many, again or never again, and what a receiver's no leads to."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import PATIENCE, Scan
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


def with_hook(web: Web, more: str = "") -> str:
    return f"{SEARCH}channels:\n  - {{name: hook, kind: webhook, url: '{web.url('/hook')}'{more}}}\n"


def told(web: Web) -> list[list[str]]:
    bodies = [json.loads(asked.body) for asked in web.asked("/hook")]
    return [[notice["item"]["title"] for notice in body["notices"]] for body in bodies]


def engineers(first: int, last: int) -> list[dict[str, Any]]:
    return [job(number, f"Engineer {number}") for number in range(first, last)]


def test_each_tells_one_by_one_but_never_a_first_run_nor_a_flood(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=204))
    boards = [answer(*engineers(0, last)) for last in (3, 5, 30)]
    scan.configure(config(web.serve("/jobs", boards), with_hook(web, ", mode: each")))
    for _ in range(4):
        scan.run()
    assert [len(titles) for titles in told(web)] == [3, 1, 1, 25]


def test_each_source_s_row_counts_what_was_sent_skipped_a_duplicate_and_refused(scan: Scan, web: Web) -> None:
    web.serve("/hook", [Answer(status=204), Answer(status=503), Answer(status=204)])
    mirror = web.serve("/mirror", [answer(), answer(*engineers(0, 2)), answer(*engineers(0, 3))])
    url = web.serve("/jobs", [answer(*engineers(0, 2)), answer(*engineers(0, 2)), answer(*engineers(0, 2))])
    muted = web.serve("/muted", answer(*engineers(70, 74)))
    scan.configure(
        config(
            url,
            f"  - {{name: mirror, kind: greenhouse, board: m, url: '{mirror}'}}\n"
            f"  - {{name: muted, kind: greenhouse, board: x, url: '{muted}', first_run: baseline}}\n" + with_hook(web),
        )
    )

    runs = [scan.run() for _ in range(4)]

    words = ("matched", "sent", "skipped", "duplicate", "failed")
    rows = [{row["source"]: [row[word] for word in words] for row in run["by_source"]} for run in runs]
    nothing = [0, 0, 0, 0, 0]
    assert rows == [
        {"acme": [2, 2, 0, 0, 0], "mirror": nothing, "muted": [4, 0, 4, 0, 0]},
        {"acme": nothing, "mirror": [0, 0, 0, 2, 0], "muted": nothing},
        {"acme": nothing, "mirror": [1, 0, 0, 0, 1], "muted": nothing},
        {"acme": nothing, "mirror": [0, 1, 0, 0, 0], "muted": nothing},
    ]
    kept = [scan("runs", run["run_id"], "--json").json["by_source"] for run in runs[2:]]
    assert [sorted(rows, key=str) for rows in kept] == [sorted(run["by_source"], key=str) for run in runs[2:]]
    for run in runs:
        assert all(run["started_at"] <= row["finished_at"] <= run["finished_at"] for row in run["by_source"])


def test_runs_of_every_day_import_no_sqlalchemy(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=204))
    boards = [answer(*engineers(0, 2)), answer(*engineers(0, 3)), answer(job(0, "Gardener"), *engineers(1, 3))]
    scan.configure(config(web.serve("/jobs", [*boards, *boards[-1:]]), with_hook(web)))
    runs = [scan("run", "--all", environ={"PYTHONPROFILEIMPORTTIME": "1"}) for _ in range(4)]
    assert [ran.status for ran in runs] == [0, 0, 0, 0]
    assert told(web) == [["Engineer 0", "Engineer 1"], ["Engineer 2"]]
    assert [" sqlalchemy\n" in ran.err for ran in runs] == [True, False, False, False]  # the first makes the tables


def test_an_item_that_was_away_for_three_months_is_told_as_new_again(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=204))
    here, gone = answer(job(1, "Engineer"), job(2)), answer(job(2))
    scan.configure(config(web.serve("/jobs", [here, gone, here]), with_hook(web)))
    scan.run()
    scan.run()
    long_ago(scan, "2026-01-01T00:00:00.000000Z")
    scan.run()
    scan.run()
    assert told(web) == [["Engineer"], ["Engineer"]]
    assert len({json.loads(asked.body)["id"] for asked in web.asked("/hook")}) == 2


def long_ago(scan: Scan, moment: str) -> None:
    with sqlite3.connect(scan.database) as connection:
        changed = connection.execute(
            "update item set last_seen_at = ?, gone_at = ? where gone_at is not null", (moment, moment)
        )
        assert changed.rowcount == 1
    connection.close()


def test_a_receiver_that_is_gone_for_good_is_left_alone_and_the_message_is_dead(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=410))
    scan.configure(config(web.serve("/jobs", [answer(job(1, "Engineer")), answer(*engineers(1, 3))]), with_hook(web)))
    assert scan("run", "--all").status == 3
    assert scan("run", "--all").status == 0
    assert len(web.asked("/hook")) == 1
    status = scan("status").out
    assert "1 dead" in status
    assert "degraded" in status


def test_a_server_that_asks_for_patience_is_given_it(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=429, headers={"Retry-After": "3600"}))
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), with_hook(web)))
    scan.run()
    scan.run()
    assert len(web.asked("/hook")) == 1
    assert scan.run()["deliveries"] == {"sent": 0, "failed": 0, "pending": 1}


def test_a_channel_that_is_wrong_is_tried_by_every_run_and_the_first_after_it_is_mended_tells(
    scan: Scan, web: Web
) -> None:
    web.serve("/hook", [*5 * [Answer(status=404)], Answer(status=503), Answer(status=204)])
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), with_hook(web)))
    assert [scan.run()["deliveries"]["sent"] for _ in range(8)] == [0, 0, 0, 0, 0, 0, 1, 0]
    assert len(web.asked("/hook")) == 7


def test_where_a_copy_is_worse_nothing_is_sent_twice_and_somebody_is_asked(scan: Scan, web: Web) -> None:
    web.serve("/hook", [Answer(drop=True), Answer(status=204)])
    channels = f"""\
channels:
  - {{name: hook, kind: webhook, url: '{web.url("/hook")}', in_doubt: hold}}
  - {{name: log, kind: command, run: [/bin/sh, -c, 'cat >> told; echo >> told']}}
alerts: [log]
"""
    search = SEARCH.replace("}", ", notify: [hook]}")
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), search + channels))
    for failed in (1, 0, 0):
        assert scan.run()["deliveries"]["failed"] == failed
    (asked,) = web.asked("/hook")
    told = (scan.folder / "told").read_text()
    assert told.count("hook: 1 delivery is given up") == 1
    (row,) = scan("deliveries", "--state", "dead", "--json").json["deliveries"]
    assert scan("deliveries", "retry", row["id"]).status == 0
    assert scan.run()["deliveries"]["sent"] == 1
    assert [one.headers["idempotency-key"] for one in web.asked("/hook")] == 2 * [asked.headers["idempotency-key"]]


def test_with_no_send_everything_waits_for_the_next_run(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=204))
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), with_hook(web)))
    assert scan.run("--no-send")["deliveries"] == {"sent": 0, "failed": 0, "pending": 1}
    assert told(web) == []
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]


def test_under_the_journal_each_line_carries_its_priority(scan: Scan, web: Web, tmp_path: Path) -> None:
    good = f"  - {{name: good, kind: greenhouse, board: g, url: '{web.serve('/good', answer(job(1)))}'}}\n"
    scan.configure(config(web.serve("/bad", Answer(status=500)), good))
    with (tmp_path / "journal").open("w+") as journal:
        found = os.fstat(journal.fileno())
        subprocess.run(
            scan.command("run"),
            env=scan.environment({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}),
            stdout=journal,
            timeout=PATIENCE,
            check=False,
        )
        journal.seek(0)
        lines = [(line[:3], json.loads(line[3:])["event"]) for line in journal]
    assert ("<4>", "source_failed") in lines
    assert ("<6>", "source_finished") in lines
    assert lines[-1] == ("<6>", "run_finished")
