"""`scan deliveries`, from outside: what waits, what was given up, and what an operator does about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from scan.cli.deliveries import REFUSED, STATES
from scan.lock import run_lock
from scan.store.records import DeliveryState
from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

HOOK = "/hook"
HEADS = ("ID", "CHANNEL", "RECIPIENT", "STATE", "TRIES", "NEXT", "SEARCH", "WHAT", "AGE", "ERROR")


def board(scan: Scan, web: Web, *jobs: dict[str, Any], status: int, name: str = "hook") -> None:
    """Configure a board and a webhook that answers with a status."""
    web.serve(HOOK, Answer(status=status))
    channel = f"channels:\n  - {{name: {name}, kind: webhook, url: '{web.url(HOOK)}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(*jobs)), SEARCH + channel))


def listed(scan: Scan, *options: str) -> list[dict[str, Any]]:
    ran = scan("deliveries", *options, "--json")
    assert ran.status == 0, ran.err
    found: list[dict[str, Any]] = ran.json["deliveries"]
    return found


def states(scan: Scan) -> list[str]:
    return [row["state"] for row in listed(scan)]


@contextmanager
def a_run_in_progress(scan: Scan) -> Iterator[None]:
    with run_lock(scan.state / "profile.lock", since=datetime(2026, 11, 23, 8, tzinfo=UTC)):
        yield


def test_every_state_can_be_asked_for_and_every_deed_knows_which_it_refuses() -> None:
    assert set(STATES) == set(get_args(DeliveryState))
    assert all(set(refused) < {*STATES, "sending"} for refused in REFUSED.values())


def test_before_the_first_run_there_are_none(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=204)
    assert scan("deliveries").out == "no deliveries\n"
    assert listed(scan) == []
    refused = scan("deliveries", "retry", "abcd")
    assert refused.status == 74
    assert "no database yet" in refused.err


def test_what_was_sent_is_listed_with_what_it_told(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=204)
    scan.run()
    (row,) = listed(scan)
    assert {name: row[name] for name in ("channel", "recipient", "state", "search", "event", "source", "title")} == {
        "channel": "hook",
        "recipient": "hook",
        "state": "sent",
        "search": "engineers",
        "event": "new",
        "source": "acme",
        "title": "Engineer",
    }
    assert (row["removed"], row["attempts"], row["next_at"], row["error"], row["alert"]) == (False, 1, None, None, None)
    heads, line = scan("deliveries").out.splitlines()
    assert heads.replace("NEXT TRY", "NEXT").split() == [*HEADS]
    assert line.split()[:6] == [row["id"][:8], "hook", "hook", "sent", "1", "engineers"]


def test_deliveries_are_chosen_by_state_and_number(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), job(2, "Sound Engineer"), status=204)
    scan.run()
    assert len(listed(scan, "--limit", "1")) == 1
    assert len(listed(scan, "--state", "sent", "--state", "dead")) == 2
    assert listed(scan, "--state", "dead") == []
    assert scan("deliveries", "--state", "lost").status == 2


def test_a_dead_message_is_tried_again_whole_and_told_once(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), job(2, "Sound Engineer"), status=400)
    scan.run()
    first, second = listed(scan)
    assert {first["state"], second["state"]} == {"dead"}
    assert "400" in first["error"]
    assert "2 dead" in scan("status").out
    web.serve(HOOK, Answer(status=204))
    assert scan.run()["deliveries"]["sent"] == 0

    ready = scan("deliveries", "retry", first["id"][:8])

    assert (ready.status, ready.out) == (0, "2 deliveries are ready for the next run\n")
    assert "2 batched" in scan("status").out
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [2, 0]
    before, after = web.asked(HOOK)
    assert before.body == after.body
    assert before.headers["idempotency-key"] == after.headers["idempotency-key"]
    assert {row["attempts"] for row in listed(scan)} == {2}


def test_a_message_that_waits_is_tried_by_the_next_run(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=503)
    scan.run()
    scan.run()
    web.serve(HOOK, Answer(status=204))
    assert scan.run()["deliveries"]["sent"] == 0
    (row,) = listed(scan)
    assert (row["state"], row["attempts"]) == ("batched", 2)
    assert row["next_at"] is not None
    assert scan("deliveries", "retry", row["id"]).status == 0
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]


def test_what_is_dropped_is_never_told(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=503)
    scan.run()
    (row,) = listed(scan)
    assert scan("deliveries", "drop", row["id"][:8]).out == "1 delivery is dropped\n"
    assert "batched" not in scan("status").out
    web.serve(HOOK, Answer(status=204))
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [0, 0]
    assert states(scan) == ["dropped"]
    refused = scan("deliveries", "retry", row["id"][:8])
    assert refused.status == 2
    assert "was dropped" in refused.err


def test_dropping_what_was_given_up_makes_the_profile_well_again(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=410)
    scan.run()
    (row,) = listed(scan)
    assert row["state"] == "dead"
    assert scan("deliveries", "drop", row["id"]).status == 0
    assert "dead" not in scan("status").out


def test_a_second_chance_ends_the_pause_of_a_channel_that_said_gone(scan: Scan, web: Web) -> None:
    board(scan, web, job(1, "Engineer"), status=410)
    scan.run()
    web.serve(HOOK, Answer(status=204))
    (row,) = listed(scan)
    assert scan("deliveries", "retry", row["id"]).status == 0
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("deed", ["retry", "drop"])
def test_what_cannot_be_changed_is_refused_and_nothing_else_is_changed(scan: Scan, web: Web, deed: str) -> None:
    board(scan, web, job(1, "Engineer"), status=204)
    scan.run()
    (sent,) = listed(scan)
    web.serve("/jobs", answer(job(1, "Engineer"), job(2, "Sound Engineer")))
    scan.run("--no-send")
    waiting = next(row for row in listed(scan) if row["state"] == "pending")

    already = scan("deliveries", deed, waiting["id"], sent["id"][:8])
    unknown = scan("deliveries", deed, waiting["id"], "no-such-id")
    ambiguous = scan("deliveries", deed, waiting["id"], "")

    assert [ran.status for ran in (already, unknown, ambiguous)] == [2, 2, 2]
    assert f"The delivery {sent['id'][:8]} was sent already" in already.err
    assert "No delivery has an id that begins with no-such-id" in unknown.err
    assert "fits several deliveries" in ambiguous.err
    assert sorted(states(scan)) == ["pending", "sent"]


@pytest.mark.parametrize("deed", [["retry", "abcd"], ["drop", "abcd"], ["release"]])
def test_nothing_is_touched_while_a_run_is_in_progress(scan: Scan, web: Web, deed: list[str]) -> None:
    board(scan, web, job(1, "Engineer"), status=204)
    scan.run()
    before = scan.database.read_bytes()
    with a_run_in_progress(scan):
        refused = scan("deliveries", *deed)
    assert refused.status == 75
    assert "another run is in progress (PID " in refused.err
    assert refused.out == ""
    assert scan.database.read_bytes() == before


def renamed_board(scan: Scan, web: Web) -> None:
    """Have 20 deliveries held: the board lists its items under other names."""
    board(scan, web, *(job(number, f"Engineer {number}") for number in range(20)), status=204)
    scan.run()
    web.serve("/jobs", answer(*(job(number + 1000, f"Engineer {number}") for number in range(20))))
    scan.run()


def test_held_deliveries_are_released_by_source(scan: Scan, web: Web) -> None:
    renamed_board(scan, web)
    assert len(listed(scan, "--state", "held")) == 20
    held = listed(scan, "--state", "held", "--limit", "1")[0]
    refused = scan("deliveries", "retry", held["id"])
    assert refused.status == 2
    assert "scan deliveries release lets it go" in refused.err
    unknown = scan("deliveries", "release", "acne")
    assert unknown.status == 2
    assert "Did you mean acme?" in unknown.err
    assert scan("deliveries", "release", "acme").out == "20 deliveries are ready for the next run\n"
    assert scan("deliveries", "release").out == "0 deliveries are ready for the next run\n"
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [20, 0]


def test_deliveries_of_a_removed_channel_wait_are_shown_and_go_out_when_it_is_back(scan: Scan, web: Web) -> None:
    jobs = [job(1, "Engineer")]
    board(scan, web, *jobs, status=503)
    scan.run()
    board(scan, web, *jobs, status=204, name="other")
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [0, 0]
    (row,) = listed(scan)
    assert (row["channel"], row["state"], row["removed"]) == ("hook", "batched", True)
    assert "batched (removed channel)" in scan("deliveries").out
    assert "hook (hook) is not in the config any more: 1 delivery waits" in scan("status").out
    assert scan("status", "--json").json["removed"] == [{"channel": "hook", "recipient": "hook", "deliveries": 1}]

    board(scan, web, *jobs, status=204)
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]
    assert listed(scan)[0]["removed"] is False
    assert "any more" not in scan("status").out


def test_an_address_taken_out_of_the_config_is_written_to_no_more(scan: Scan, web: Web) -> None:
    with Mailbox(refuse={"old@example.org": "451 later"}) as mailbox:
        url = web.serve("/jobs", answer(job(1, "Engineer")))
        channel = f"from: scan@example.org, smtp: '{mailbox.url}'}}\n"
        text = f"{SEARCH}channels:\n  - {{name: me, kind: email, to: [old@example.org, me@example.org], {channel}"
        scan.configure(config(url, text))
        scan.run()
    with Mailbox(port=mailbox.port) as willing:
        scan.configure(config(url, text.replace("old@example.org, ", "")))
        assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [0, 0]
        waiting = next(row for row in listed(scan) if row["recipient"] == "old@example.org")
        assert (waiting["state"], waiting["removed"]) == ("batched", True)
        scan.configure(config(url, text))
        assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]
        assert [message.recipients for message in willing.messages] == [("old@example.org",)]


def test_alerts_are_listed_among_the_others(scan: Scan, web: Web) -> None:
    board(scan, web, *(job(number, "Engineer") for number in range(12)), status=204)
    scan.configure(scan.config.read_text() + "alerts: [hook]\n")
    scan.run()
    web.serve("/jobs", answer())
    scan.run()
    alert, *others = listed(scan)
    assert (alert["alert"], alert["title"], alert["search"]) == (
        "suspicious",
        "acme is suspicious: no items, 12 before",
        None,
    )
    assert len(others) == 12
    assert "alert" in scan("deliveries", "--limit", "1").out
