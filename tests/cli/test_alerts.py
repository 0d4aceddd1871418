"""Operator alerts, from outside: told once, silent while the trouble lasts, told once more when it is over."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

FULL = answer(*[job(number, "Engineer") for number in range(40)])


def log(folder: Path, name: str = "log") -> str:
    """Write a command channel whose program appends what it is given to a file, a line a message."""
    program = folder / f"{name}.sh"
    program.write_text(f"#!/bin/sh\ncat >> {folder}/{name}.jsonl\necho >> {folder}/{name}.jsonl\n")
    program.chmod(0o755)
    return f"  - {{name: {name}, kind: command, run: ['{program}']}}\n"


def messages(folder: Path, name: str = "log") -> list[dict[str, Any]]:
    file = folder / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()] if file.exists() else []


def alerts(folder: Path, name: str = "log") -> list[list[tuple[str, str, str]]]:
    """Read the alerts of each message that has any."""
    found = (message["alerts"] for message in messages(folder, name))
    return [[(alert["kind"], alert["subject"], alert["text"]) for alert in some] for some in found if some]


def told(scan: Scan, runs: int) -> list[int]:
    """Run several times; returns how much was sent each time."""
    return [scan.run()["deliveries"]["sent"] for _ in range(runs)]


def board(scan: Scan, web: Web, answers: Answer | Sequence[Answer], *channels: str, rest: str = "") -> None:
    scan.configure(config(web.serve("/jobs", answers), f"{SEARCH}channels:\n{''.join(channels)}{rest}"))


def test_a_board_that_empties_is_told_of_once_and_once_when_it_is_back(scan: Scan, web: Web) -> None:
    board(scan, web, [FULL, answer(), answer(), answer(), FULL], log(scan.folder), rest="alerts: log\n")
    assert told(scan, 6) == [40, 1, 0, 0, 1, 0]
    assert alerts(scan.folder) == [
        [("suspicious", "acme", "acme is suspicious: no items, 40 before")],
        [("recovered", "acme", "acme works again: 40 items")],
    ]


def test_the_second_time_is_told_of_again(scan: Scan, web: Web) -> None:
    board(scan, web, [FULL, answer(), FULL, answer(), answer()], log(scan.folder), rest="alerts: log\n")
    assert told(scan, 5) == [40, 1, 1, 1, 0]
    kinds = [kind for ((kind, _, _),) in alerts(scan.folder)]
    assert kinds == ["suspicious", "recovered", "suspicious"]


def test_a_source_that_fails_is_told_of_after_two_intervals_and_once_when_it_works_again(scan: Scan, web: Web) -> None:
    failing = Answer(status=500)
    board(scan, web, [FULL, *[failing] * 4, FULL], log(scan.folder), rest="alerts: log\n")
    assert told(scan, 3) == [40, 0, 0]
    scan.set_back("failing_since", hours=3)
    assert told(scan, 4) == [1, 0, 1, 0]
    ((failed,), (works,)) = alerts(scan.folder)
    assert failed[:2] == ("failing", "acme")
    assert failed[2].startswith("acme fails: ")
    assert "500" in failed[2]
    assert works == ("recovered", "acme", "acme works again: 40 items")


def test_a_short_failure_is_never_told_of(scan: Scan, web: Web) -> None:
    board(scan, web, [FULL, Answer(status=500), Answer(status=500), FULL], log(scan.folder), rest="alerts: log\n")
    assert told(scan, 5) == [40, 0, 0, 0, 0]


def test_a_delivery_that_was_given_up_is_told_on_the_other_channel(scan: Scan, web: Web) -> None:
    web.serve("/hook", Answer(status=400))
    hook = f"  - {{name: hook, kind: webhook, url: '{web.url('/hook')}'}}\n"
    board(scan, web, answer(job(1, "Engineer")), hook, log(scan.folder), rest="alerts: [log, hook]\n")
    assert told(scan, 3) == [2, 0, 0]
    (((kind, subject, text),),) = alerts(scan.folder)
    assert (kind, subject) == ("dead", "hook")
    assert text.startswith("hook: 1 delivery is given up: ")
    assert len(web.asked("/hook")) == 1


def test_a_channel_that_is_out_of_order_is_told_of_on_the_others(scan: Scan, web: Web) -> None:
    broken = "  - {name: broken, kind: command, run: [/nowhere/to/be/found]}\n"
    board(scan, web, answer(job(1, "Engineer")), broken, log(scan.folder), rest="alerts: [log, broken]\n")
    assert told(scan, 3) == [2, 0, 0]
    (((kind, subject, text),),) = alerts(scan.folder)
    assert (kind, subject) == ("config_error", "broken")
    assert text.startswith("broken cannot be used: ")


def test_held_deliveries_are_told_of_once_and_not_again_when_released(scan: Scan, web: Web) -> None:
    old = answer(*[job(number, f"Engineer {number}") for number in range(20)])
    renamed = answer(*[job(number + 1000, f"Engineer {number}") for number in range(20)])
    board(scan, web, [old, renamed], log(scan.folder), rest="alerts: log\n")
    assert told(scan, 3) == [20, 2, 0]  # the third run is too soon to confirm it
    (both,) = alerts(scan.folder)
    assert [kind for kind, _, _ in both] == ["suspicious", "held"]
    assert both[1][2] == "acme: 20 deliveries are held back: the new items look like the known ones under other names"
    assert scan("deliveries", "release").out == "20 deliveries are ready for the next run\n"
    assert told(scan, 2) == [20, 0]


def test_a_search_on_suspicion_has_its_channels_told_and_no_others(scan: Scan, web: Web) -> None:
    search = "searches:\n  - {name: e, any: [engineer], on: [suspicious], notify: mine}\nchannels:\n"
    url = web.serve("/jobs", [FULL, answer(), answer()])
    scan.configure(config(url, search + log(scan.folder, "mine") + log(scan.folder, "other")))
    assert told(scan, 3) == [0, 1, 0]
    assert alerts(scan.folder, "mine") == [[("suspicious", "acme", "acme is suspicious: no items, 40 before")]]
    assert messages(scan.folder, "other") == []


def test_nobody_is_told_where_nobody_asked(scan: Scan, web: Web) -> None:
    board(scan, web, [FULL, answer()], log(scan.folder))
    assert told(scan, 3) == [40, 0, 0]


def test_an_alert_that_could_not_be_sent_is_sent_later_and_once(scan: Scan, web: Web) -> None:
    with Mailbox() as down:
        port = down.port
    mail = f"  - {{name: me, kind: email, to: me@example.org, from: scan@example.org, smtp: '{down.url}'}}\n"
    board(scan, web, [FULL, answer()], log(scan.folder), mail, rest="alerts: me\n")
    scan.configure(scan.config.read_text().replace("any: [engineer]", "any: [engineer], notify: log"))
    assert told(scan, 2) == [40, 0]
    with Mailbox(port=port) as mailbox:
        assert told(scan, 2) == [1, 0]
    (received,) = mailbox.messages
    assert received.message["Subject"] == "scan: acme is suspicious: no items, 40 before"
    body = received.message.get_body(("plain",))
    assert body is not None
    lines = body.get_content().splitlines()
    assert lines[:4] == ["scan: 1 problem", "---------------", "", "* acme is suspicious: no items, 40 before"]


def test_alerts_wait_with_no_send(scan: Scan, web: Web) -> None:
    board(scan, web, [FULL, answer()], log(scan.folder), rest="alerts: log\n")
    scan.run()
    assert scan.run("--no-send")["deliveries"] == {"sent": 0, "failed": 0, "pending": 1}
    assert told(scan, 2) == [1, 0]


def test_a_channel_that_is_none_is_an_error_of_the_config(scan: Scan, web: Web) -> None:
    board(scan, web, FULL, log(scan.folder, "logs"), rest="alerts: log\n")
    refused = scan("run")
    assert refused.status == 78
    assert "alerts[0]" in refused.err or "alerts" in refused.err
    assert "no channel is called 'log'" in refused.err
    assert "logs" in refused.err
