"""`scan failure`: what OnFailure= starts, told directly and once."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Ran, Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

FAILED = {
    "MONITOR_UNIT": "scan@profile.service",
    "MONITOR_SERVICE_RESULT": "exit-code",
    "MONITOR_EXIT_CODE": "exited",
    "MONITOR_EXIT_STATUS": "74",
    "MONITOR_INVOCATION_ID": "ab12",
}
JOURNAL = [
    "Starting scan@profile.service...",
    json.dumps({"timestamp": "2026-11-23T08:00:01.500Z", "level": "error", "message": "the database is full"}),
    '{"half": ',
    "the password is hunter2, and a \x1b[31mred\x1b[0m word",
]


@pytest.fixture
def mailed(scan: Scan) -> Scan:
    """A profile with one channel under `alerts:`, and a journal of its last start."""
    folder = scan.folder / "bin"
    folder.mkdir()
    script = folder / "journalctl"
    lines = "\n".join(JOURNAL)
    script.write_text(f"#!/bin/sh\necho \"$@\" > {folder}/asked\ncat <<'EOF'\n{lines}\nEOF\n")
    script.chmod(0o755)
    scan.environ |= {"PATH": f"{folder}:{os.environ['PATH']}", "RUNTIME_DIRECTORY": str(folder)}
    return scan


def configure(scan: Scan, smtp: str, *, alerts: str = "[me]", url: str = "http://127.0.0.1:9/") -> None:
    fields = f"to: me@example.org, from: scan@example.org, smtp: '{smtp}', user: u, password: hunter2"
    channels = f"channels:\n  - {{name: me, kind: email, {fields}}}\n"
    scan.configure(config(url, f"{channels}alerts: {alerts}\n"))


def fail(scan: Scan, more: Mapping[str, str] = MappingProxyType({})) -> Ran:
    return scan("failure", environ={**FAILED, **more})


def mailbox() -> Mailbox:
    return Mailbox(login=("u", "hunter2"))


def test_the_failure_is_mailed_with_its_reason_and_the_journals_last_lines(mailed: Scan) -> None:
    with mailbox() as box:
        configure(mailed, box.url)
        ran = fail(mailed)
    assert (ran.status, ran.err, ran.out) == (0, "", "me: told to me@example.org\n")
    (mail,) = box.messages
    assert mail.message["Subject"] == "scan: scan@profile.service failed: exit status 74"
    part = mail.message.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert "| Starting scan@profile.service..." in text
    assert "| 08:00:01 error: the database is full" in text
    assert '| {"half":' in text
    assert "hunter2" not in mail.raw.decode()
    assert "\x1b" not in text
    asked = (mailed.folder / "bin/asked").read_text()
    assert "--lines=50" in asked
    assert asked.rstrip().endswith("_SYSTEMD_INVOCATION_ID=ab12 + INVOCATION_ID=ab12")


def test_the_database_is_not_touched(mailed: Scan) -> None:
    with mailbox() as box:
        configure(mailed, box.url)
        assert fail(mailed).status == 0
    assert not mailed.state.exists()


def test_the_same_failure_is_told_once_and_another_at_once(mailed: Scan) -> None:
    with mailbox() as box:
        configure(mailed, box.url)
        fail(mailed)
        again = fail(mailed)
        assert (again.status, again.out) == (0, "scan@profile.service failed: exit status 74; that is told already\n")
        assert len(box.messages) == 1
        fail(mailed, {"MONITOR_SERVICE_RESULT": "timeout"})
        assert [mail.message["Subject"] for mail in box.messages[1:]] == [
            "scan: scan@profile.service failed: it took too long"
        ]


def test_after_a_day_or_a_source_that_was_read_it_is_told_again(mailed: Scan, web: Web) -> None:
    note = mailed.folder / "bin/profile.json"
    with mailbox() as box:
        configure(mailed, box.url, url=web.serve("/jobs", answer(job(1))))
        fail(mailed)
        told_before(note, timedelta(seconds=1))  # when a source was last read is known to the second
        mailed.run()
        web.serve("/jobs", Answer(status=500))
        mailed("run", "--all")  # what has failed by now
        fail(mailed)
        assert len(box.messages) == 2
        told_before(note, timedelta(days=1))
        fail(mailed)
        assert len(box.messages) == 3
        note.write_text("garbage")
        fail(mailed)
        assert len(box.messages) == 4


def told_before(note: Path, time: timedelta) -> None:
    told = json.loads(note.read_text())
    note.write_text(json.dumps({**told, "told_at": (datetime.now(UTC) - time).isoformat()}))


def test_a_channel_that_refuses_is_said_and_asked_again_the_next_time(mailed: Scan) -> None:
    with Mailbox(login=("u", "hunter2"), refuse={"me@example.org": "450 later"}) as box:
        configure(mailed, box.url)
        ran = fail(mailed)
        assert ran.status == 1
        assert "me: not told to me@example.org: " in ran.err
        assert "hunter2" not in ran.err
        assert fail(mailed).status == 1
        assert not box.messages


def test_without_alerts_it_says_so_and_that_is_no_failure(mailed: Scan) -> None:
    configure(mailed, "smtp://127.0.0.1:9", alerts="[]")
    ran = fail(mailed)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("scan@profile.service failed: exit status 74; alerts: in ")


def test_by_hand_it_is_the_profiles_service_and_always_told(mailed: Scan) -> None:
    del mailed.environ["RUNTIME_DIRECTORY"]
    with mailbox() as box:
        configure(mailed, box.url)
        for _ in range(2):
            assert mailed("failure").status == 0
    assert [mail.message["Subject"] for mail in box.messages] == [
        "scan: scan@profile.service failed: systemd does not say why"
    ] * 2
    assert (mailed.folder / "bin/asked").read_text().rstrip().endswith("--unit=scan@profile.service")


def test_a_journal_that_may_not_be_read_costs_the_lines_only(mailed: Scan) -> None:
    (mailed.folder / "bin/journalctl").write_text("#!/bin/sh\nexit 1\n")
    with mailbox() as box:
        configure(mailed, box.url)
        assert fail(mailed).status == 0
    assert len(box.messages) == 1


def test_a_config_that_is_wrong_is_said(mailed: Scan) -> None:
    mailed.configure("every: never\n")
    assert fail(mailed).status == 78
