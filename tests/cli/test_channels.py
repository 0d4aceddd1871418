"""`scan channels test`, and telling by ntfy and Apprise, through the installed command."""

import json
import re

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

PUBLISHED = Answer(body=b'{"id":"xE73Iyuabi","event":"message"}')

ALL = """\
timezone: Europe/Berlin
http: {{retries: 0, timeout: 5s}}
channels:
  - {{name: me, kind: email, to: [me@example.org, you@example.org], from: scan@example.org, smtp: "{mail}"}}
  - {{name: hook, kind: webhook, url: "{web}/hook/s3cret-hook", secret: s3cret-signature}}
  - {{name: log, kind: command, run: [/bin/sh, -c, "cat > told.json"]}}
  - {{name: screen, kind: stdout}}
  - {{name: phone, kind: ntfy, url: "{web}/s3cret-topic", token: tk_s3cret}}
  - {{name: team, kind: apprise, url: "json://user:s3cret-password@{host}/s3cret-path?rto=5"}}
"""


def configure(scan: Scan, web: Web, mail: str) -> None:
    scan.configure(ALL.format(mail=mail, web=web.url(""), host=f"127.0.0.1:{web.port}"))


def test_every_channel_and_recipient_gets_a_test_message(scan: Scan, web: Web) -> None:
    web.serve("/hook/s3cret-hook", Answer(status=202))
    web.serve("/", PUBLISHED)
    web.serve("/s3cret-path", Answer())
    with Mailbox() as mailbox:
        configure(scan, web, mailbox.url)
        ran = scan("channels", "test")
    assert ran.out.splitlines() == [
        "me: accepted by me@example.org (250 2.0.0 Ok: queued as 1)",
        "me: accepted by you@example.org (250 2.0.0 Ok: queued as 2)",
        "hook: accepted by webhook (202)",
        "log: accepted by command (0)",
        "screen: accepted by stdout",
        "phone: accepted by ntfy (200 xE73Iyuabi)",
        "team: accepted by apprise (JSON)",
    ]
    assert ran.status == 0
    first = mailbox.messages[0].message
    assert first["Subject"] == "This is a test of the channel me (test)"
    assert [received.recipients for received in mailbox.messages] == [("me@example.org",), ("you@example.org",)]
    assert "This is a test of the channel screen" in ran.err
    (hook,), (phone,), (team,) = web.asked("/hook/s3cret-hook"), web.asked("/"), web.asked("/s3cret-path")
    assert json.loads(hook.body)["notices"][0]["item"]["title"] == "This is a test of the channel hook"
    assert json.loads((scan.folder / "told.json").read_text())["notices"][0]["search"] == "test"
    assert "This is a test of the channel phone" in json.loads(phone.body)["message"]
    assert "This is a test of the channel team" in json.loads(team.body)["message"]


def test_a_test_leaves_nothing_behind(scan: Scan) -> None:
    scan.configure("channels: [{name: screen, kind: stdout}]")
    assert scan("channels", "test").status == 0
    assert not scan.state.exists()


def test_a_test_touches_neither_the_outbox_nor_the_sources(scan: Scan, web: Web) -> None:
    url = web.serve("/acme", answer(job(1, "Engineer")))
    web.serve("/", Answer(status=503))
    phone = f"channels: [{{name: phone, kind: ntfy, url: '{web.url('/topic')}'}}]\n"
    search = "searches: [{name: engineers, any: [engineer], notify: [phone]}]\n"
    scan.configure(config(url, search + phone))
    assert scan.run()["deliveries"]["pending"] == 1
    before = scan.database.read_bytes()
    web.serve("/", PUBLISHED)
    assert scan("channels", "test").out == "phone: accepted by ntfy (200 xE73Iyuabi)\n"
    assert scan.database.read_bytes() == before
    assert len(web.asked("/acme")) == 1
    assert scan.run()["deliveries"]["sent"] == 1


def test_two_tests_are_two_messages(scan: Scan, web: Web) -> None:
    hook = web.serve("/hook", Answer())
    scan.configure(f"channels: [{{name: hook, kind: webhook, url: '{hook}'}}]")
    assert [scan("channels", "test").status for _ in range(2)] == [0, 0]
    first, second = web.asked("/hook")
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_failures_are_told_one_by_one_without_a_secret(scan: Scan, web: Web) -> None:
    web.serve("/hook/s3cret-hook", Answer(status=500))
    web.serve("/", Answer(status=403))
    web.serve("/s3cret-path", Answer(status=404))
    with Mailbox(refuse={"you@example.org": "550 5.1.1 no such user"}) as mailbox:
        configure(scan, web, mailbox.url)
        text = scan.config.read_text().replace("cat > told.json", "echo broken >&2; exit 3")
        scan.configure(text)
        ran = scan("channels", "test")
        port = mailbox.port
    assert ran.status == 1
    lines = ran.out.splitlines()
    assert lines[:6] == [
        "me: accepted by me@example.org (250 2.0.0 Ok: queued as 1)",
        f"me: failed for you@example.org: 127.0.0.1:{port}: recipient you@example.org refused: 550 5.1.1 no such user",
        "hook: failed: 127.0.0.1: answered 500",
        "log: failed: /bin/sh: exit status 3: broken",
        "screen: accepted by stdout",
        "phone: failed: 127.0.0.1: answered 403; mend the channel's url, token, user or password",
    ]
    assert re.fullmatch(r"team: failed: JSON: Failed to send JSON POST notification: .*error=404\.", lines[6])
    assert "s3cret" not in ran.out + ran.err


def test_what_may_have_arrived_is_said_to(scan: Scan, web: Web) -> None:
    hook = web.serve("/hook", Answer(drop=True))
    scan.configure(f"channels: [{{name: hook, kind: webhook, url: '{hook}'}}]")
    assert scan("channels", "test").out.endswith("(it may have arrived all the same)\n")


def test_only_the_named_channels_are_tried(scan: Scan, web: Web) -> None:
    configure(scan, web, "smtp://127.0.0.1:1")
    ran = scan("channels", "test", "screen", "log")
    assert ran.out.splitlines() == ["log: accepted by command (0)", "screen: accepted by stdout"]
    assert web.requests == []


def test_an_unknown_channel_is_a_wrong_command_line_and_nothing_is_sent(scan: Scan, web: Web) -> None:
    configure(scan, web, "smtp://127.0.0.1:1")
    ran = scan("channels", "test", "log", "phoen")
    assert ran.status == 2
    assert "No channel is named phoen" in ran.err
    assert "Did you mean phone?" in ran.err
    assert not (scan.folder / "told.json").exists()


def test_no_channel_at_all_is_a_failure(scan: Scan) -> None:
    scan.configure("sources: []")
    ran = scan("channels", "test")
    assert (ran.status, ran.out) == (1, "")
    assert "no channel is configured" in ran.err


@pytest.mark.parametrize("kind", ["ntfy", "apprise"])
def test_an_alert_is_told_once(scan: Scan, web: Web, kind: str) -> None:
    url = web.serve("/acme", answer(job(1, "Senior *Engineer*"), job(2, "Cook")))
    web.serve("/", PUBLISHED)
    web.serve("/topic", Answer())
    address = web.url("/topic") if kind == "ntfy" else f"json://127.0.0.1:{web.port}/topic"
    search = "searches: [{name: engineers, any: [engineer], notify: [phone]}]\n"
    scan.configure(config(url, f"{search}channels: [{{name: phone, kind: {kind}, url: '{address}'}}]\n"))
    assert scan.run()["deliveries"]["sent"] == 1
    asked = [request for request in web.requests if request.method == "POST"]
    assert len(asked) == 1
    assert "Senior *Engineer*" in json.loads(asked[0].body)["message"]
    assert re.search(r"#[0-9a-f]{6}$", json.loads(asked[0].body)["message"])
    assert scan.run()["deliveries"]["sent"] == 0
    assert len([request for request in web.requests if request.method == "POST"]) == 1


@pytest.mark.parametrize("kind", ["ntfy", "apprise"])
def test_an_alert_that_was_refused_is_told_by_the_next_run_in_the_same_words(scan: Scan, web: Web, kind: str) -> None:
    url = web.serve("/acme", answer(job(1, "Engineer")))
    web.serve("/", [Answer(status=503), PUBLISHED])
    web.serve("/s3cret-topic", [Answer(status=503), Answer()])
    address = web.url("/s3cret-topic") if kind == "ntfy" else f"json://127.0.0.1:{web.port}/s3cret-topic"
    search = "searches: [{name: engineers, any: [engineer], notify: [phone]}]\n"
    scan.configure(config(url, f"{search}channels: [{{name: phone, kind: {kind}, url: '{address}'}}]\n"))
    ran = scan("run", "--all")
    assert "s3cret" not in ran.out + ran.err
    assert not [path for path in scan.state.iterdir() if b"s3cret" in path.read_bytes()]
    assert scan.run()["deliveries"] == {"sent": 1, "failed": 0, "pending": 0}
    first, second = [request for request in web.requests if request.method == "POST"]
    assert first.body == second.body
    assert scan.run()["deliveries"]["sent"] == 0


def test_config_check_asks_apprise_and_other_commands_do_not(scan: Scan) -> None:
    scan.configure(f"channels:\n  - {{name: team, kind: apprise, url: 'slak://s3cret/token'}}\n{SEARCH}")
    ran = scan("config", "check")
    assert ran.status == 78
    assert "profile.yaml:2:38: channels[0].url: Apprise cannot use this address; did you mean slack://?" in ran.err
    assert "s3cret" not in ran.err
    shown = scan("config", "show")
    assert shown.status == 0
    assert "s3cret" not in shown.out
    scan.configure("channels:\n  - {name: team, kind: apprise, url: 'json://127.0.0.1:1/s3cret'}\n")
    assert scan("config", "check").status == 0
