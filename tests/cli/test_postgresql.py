"""The installed command with PostgreSQL as its database: what it does on SQLite, it does there."""

import json
import os
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import PATIENCE, Scan
from tests.gate import Gate
from tests.postgresql import Server, running
from tests.web import Answer, Web

pytestmark = [pytest.mark.cli, pytest.mark.integration]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def profile(url: str, board: str, hook: str) -> str:
    channel = f"channels:\n  - {{name: hook, kind: webhook, url: '{hook}'}}\n"
    return f"database: {url}\n" + config(board, f"{SEARCH}{channel}")


def titles(web: Web) -> list[str]:
    bodies = [json.loads(asked.body) for asked in web.asked("/hook")]
    return [notice["item"]["title"] for body in bodies for notice in body["notices"]]


def test_each_thing_is_told_once_and_everything_can_be_looked_at(scan: Scan, web: Web, server: Server) -> None:
    web.serve("/hook", [Answer(status=503), Answer(status=204)])
    board = web.serve("/jobs", [answer(job(1, "Engineer Ann")), answer(job(1, "Engineer Ann"), job(2, "Engineer Bob"))])
    scan.configure(profile(server.new(), board, web.url("/hook")))

    refused, told, silent = (scan.run() for _ in range(3))

    assert refused["deliveries"]["failed"] == 1
    assert (told["items"]["new"], silent["items"]["new"]) == (1, 0)
    assert titles(web) == ["Engineer Ann", "Engineer Ann", "Engineer Bob"]  # the first was refused once
    assert len(scan("runs", "--json").json["runs"]) == 3
    assert {item["title"] for item in scan("items", "--json").json["items"]} == {"Engineer Ann", "Engineer Bob"}
    assert len(scan("matches", "--json").json["matches"]) == 2
    assert {row["state"] for row in scan("deliveries", "--json").json["deliveries"]} == {"sent"}
    assert scan("explain", "1").status == 0
    assert (
        scan("status").status == scan("health").status == scan("db", "check").status == scan("db", "prune").status == 0
    )
    for action in ("retry", "drop"):
        assert (
            "was sent already"
            in scan("deliveries", action, scan("deliveries", "--json").json["deliveries"][0]["id"]).err
        )
    backup = scan("db", "backup", str(scan.folder / "copy.db"))
    assert (backup.status, "pg_dump" in backup.err) == (74, True)


def test_a_run_that_is_killed_while_it_reads_loses_nothing(scan: Scan, web: Web, server: Server) -> None:
    web.serve("/hook", Answer(status=204))
    gate = Gate(answer(job(1, "Engineer Ann")))
    scan.configure(profile(server.new(), web.serve("/jobs", gate), web.url("/hook")))
    killed = scan.start("run", "--all")
    with gate:
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate(timeout=PATIENCE)
    scan.run()
    scan.run()
    assert titles(web) == ["Engineer Ann"]
    assert [run["status"] for run in scan("runs", "--json").json["runs"]] == ["success", "success", "interrupted"]


def test_a_server_that_is_away_or_says_no_is_named_without_the_password(scan: Scan, web: Web, server: Server) -> None:
    board = web.serve("/jobs", answer(job(1, "Engineer Ann")))
    right = make_url(server.new()).set(password="hunter2")
    for url, words in (
        (right.set(port=1), "Connection refused"),
        (right.set(database="nowhere"), 'database "nowhere" does not exist'),
        (right.set(username="nobody"), 'role "nobody" does not exist'),
    ):
        scan.configure(profile(url.render_as_string(hide_password=False), board, web.url("/hook")))
        ran = scan("run", "--all")
        assert (ran.status, words in ran.err) == (69, True), ran.err
        assert "hunter2" not in ran.out + ran.err
        assert "Traceback" not in ran.out + ran.err
    assert web.requests == []
