"""Messages from the board to the mailbox: hostile titles, templates, quiet hours; and what a terminal gets to see."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.channels.test_email import HEADERS, TAGS, Elements
from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan
from tests.cli.terminals import in_terminal, plain
from tests.mail import Mailbox, Received
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

TITLES = (
    "Engineer\r\nBcc: everybody@example.org\r\n\r\nforged",
    "Engineer\u2028Bcc: everybody@example.org\u2029\x85forged",
    "=?utf-8?q?Engineer=0d=0aBcc:everybody@example.org?=",
    "Engineer <script>alert(1)</script><img src=x onerror=alert(1)>",
    "Engineer \u202egnp.exe\u2066\u200f",
    "Engineer \x1b[2J\x1b]0;pwned\x07\x1b]8;;https://evil.example\x1b\\x\x9b31m\x00\x08\x7f",
    "Engineer {{ ''.__class__ }} {% include '/etc/passwd' %} %s {0} ${HOME} `id` $(id)",
    "Engineer " + "long " * 20_000,
)
HOSTILE = tuple(
    job(number, title, location={"name": title[:1000]}, company_name=title[:1000], content=title)
    for number, title in enumerate(TITLES, 1)
)
SEARCH = "searches:\n  - {name: engineers, any: [engineer]}\n"
OUR_CODES = ("\x1b[K", "\r\n", "\r", "\n")
"""What scan itself writes to a terminal: its progress line, and line ends."""


def telling(*channels: str) -> str:
    return SEARCH + "channels:\n" + "".join(f"  - {{{channel}}}\n" for channel in channels)


def by_mail(mailbox: Mailbox, more: str = "") -> str:
    return f"name: me, kind: email, to: me@example.org, from: scan@example.org, smtp: '{mailbox.url}'{more}"


def dangerous(text: str) -> set[str]:
    """Find what drives a terminal, breaks a line or turns the writing direction."""
    return {char for char in text if char != "\n" and (not char.isprintable() or char in "\u2028\u2029")}


def part(received: Received, subtype: str) -> str:
    body = received.message.get_body((subtype,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


# --- hostile titles


def test_a_hostile_title_forges_nothing_on_any_channel(scan: Scan, web: Web, mailbox: Mailbox) -> None:
    out = scan.folder / "told.json"
    program = scan.folder / "program"
    program.write_text(f"#!/bin/sh\ncat >> {out}\n")
    program.chmod(0o755)
    hook = web.serve("/hook", Answer())
    channels = telling(
        by_mail(mailbox),
        f"name: hook, kind: webhook, url: '{hook}'",
        f"name: log, kind: command, run: [{program}]",
        "name: screen, kind: stdout",
    )
    scan.configure(config(web.serve("/jobs", answer(*HOSTILE)), channels))

    first = scan("run", "--all", "--json")
    assert first.json["deliveries"] == {"sent": 4 * len(TITLES), "failed": 0, "pending": 0}
    assert scan.run()["deliveries"] == {"sent": 0, "failed": 0, "pending": 0}

    (received,) = mailbox.messages
    assert received.message.keys() == HEADERS
    assert received.recipients == ("me@example.org",)
    assert received.message["Subject"].startswith(f"First run: {len(TITLES)} new for engineers: Engineer")
    assert not dangerous(received.message["Subject"])
    html = Elements(part(received, "html"))
    assert html.tags <= TAGS
    assert not {name for name in html.attributes if name.startswith("on")}
    assert not dangerous(html.text)
    assert "https://evil" not in "".join(html.links)
    assert not dangerous(part(received, "plain"))
    assert len(received.raw) < 100_000

    asked = [request for request in web.requests if request.path == "/hook"]
    assert len(asked) == 1
    for document in (json.loads(asked[0].body), json.loads(out.read_bytes())):
        titles = [notice["item"]["title"] for notice in document["notices"]]
        assert len(titles) == len(TITLES)
        assert all(title.removeprefix("=?utf-8?q?").startswith("Engineer") for title in titles)
        assert not dangerous("".join(titles))
    assert not dangerous(first.err)
    assert "* Engineer {{ ''.__class__ }}" in first.err


def test_a_hostile_title_alone_in_a_subject_stays_one_header(scan: Scan, web: Web, mailbox: Mailbox) -> None:
    url = web.serve("/jobs", [answer(job(99, "Cook")), answer(job(99, "Cook"), *HOSTILE)])
    scan.configure(config(url, telling(by_mail(mailbox, ", mode: each"))))
    assert [scan.run()["deliveries"]["sent"] for _ in range(3)] == [0, len(TITLES), 0]
    for received in mailbox.messages:
        assert received.message.keys() == HEADERS
        assert len(received.message["Subject"]) < 250
        assert not dangerous(received.message["Subject"])
    assert len(mailbox.messages) == len(TITLES)


LISTS = (
    ["matches"],
    ["items"],
    ["preview"],
    ["status"],
    ["sources"],
    ["runs"],
    ["matches", "--csv"],
    ["items", "--json"],
)


def test_no_title_drives_a_terminal(scan: Scan, web: Web) -> None:
    broken = Answer(
        body=b"\x1b]0;pwned\x07<title>\x1b[2J\x9b31m\xe2\x80\xae</title>", headers={"Content-Type": "text/html"}
    )
    source = f"  - {{name: broken, kind: greenhouse, board: b, url: '{web.serve('/broken', broken)}'}}\n"
    scan.configure(config(web.serve("/jobs", answer(*HOSTILE)), source + telling("name: screen, kind: stdout")))
    ran = scan("run", "--all")
    assert not dangerous(ran.out + ran.err)
    for arguments in LISTS:
        shown = scan(*arguments)
        assert not dangerous(shown.out + shown.err), arguments
        assert shown.out
    assert "failed" in scan("status").out


def test_what_is_told_on_a_terminal_drives_it_no_more(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(*HOSTILE)), telling("name: screen, kind: stdout")))
    for arguments in (["run", "--all"], ["run", "--all"], ["matches"], ["items"], ["preview"], ["status"]):
        shown = plain(in_terminal(scan, *arguments))
        for code in OUR_CODES:
            shown = shown.replace(code, "")
        assert not dangerous(shown), arguments
        assert shown


# --- templates


def test_a_template_takes_the_place_of_the_text(scan: Scan, web: Web, mailbox: Mailbox) -> None:
    lines = ("{% for n in notices %}", "- {{ n.item.title }} ({{ n.search }})", "{% endfor %}")
    (scan.folder / "mail.txt.j2").write_text("\n".join(("Subject: {{ notices|length }} jobs", "", *lines)))
    told = telling(by_mail(mailbox, ", template: mail.txt.j2"), "name: screen, kind: stdout, template: mail.txt.j2")
    scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"), job(2, "Sound Engineer"))), told))

    assert scan("config", "check").status == 0
    assert "template: " in scan("config", "show").out
    ran = scan("run", "--all", "--json")
    assert scan.run()["deliveries"]["sent"] == 0

    (received,) = mailbox.messages
    assert received.message["Subject"] == "2 jobs"
    assert part(received, "plain") == "- Engineer (engineers)\n- Sound Engineer (engineers)\n"
    assert "<!doctype html>" in part(received, "html")
    assert "2 jobs\n\n- Engineer (engineers)\n" in ran.err


def test_a_template_puts_no_live_markup_and_no_header_into_a_message(scan: Scan, web: Web, mailbox: Mailbox) -> None:
    (scan.folder / "mail.html").write_text(
        "Subject: {{ notices|map(attribute='item.title')|first }}\n"
        "{% for n in notices %}<p>{{ n.item.title }}</p>{% endfor %}"
    )
    told = telling(by_mail(mailbox, ", template: mail.html"))
    scan.configure(config(web.serve("/jobs", answer(*HOSTILE)), told))
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [len(TITLES), 0]
    (received,) = mailbox.messages
    assert received.message.keys() == HEADERS
    assert Elements(part(received, "html")).tags == {"p"}
    assert not dangerous(part(received, "html"))
    assert not dangerous(received.message["Subject"])


def test_a_template_that_fails_on_an_item_costs_no_message(scan: Scan, web: Web, mailbox: Mailbox) -> None:
    (scan.folder / "mail.txt").write_text("\n{{ notices[0].item.attributes.departments|default(1) + 1 }}")
    told = telling(by_mail(mailbox, ", template: mail.txt"))
    posting = job(1, "Engineer", departments=[{"name": "R&D"}])
    scan.configure(config(web.serve("/jobs", answer(posting)), told))
    assert scan("config", "check").status == 0
    assert [scan.run()["deliveries"]["sent"] for _ in range(2)] == [1, 0]
    (received,) = mailbox.messages
    text = part(received, "plain")
    assert text.startswith("The template failed, so this is scan's own form: mail.txt, line 2: + is for numbers")
    assert "* Engineer\n" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{{ oops }}", "mail.txt, line 2: 'oops' is undefined; there are backlog, "),
        ("{% for %}", "mail.txt, line 1: "),
        ("{{ 'a' * 10**10 }}", "mail.txt, line 1: no powers here; write the number"),
        (
            "{% for a in 'ab' %}" * 19 + "{{ 'a' ~ a }}" + "{% endfor %}" * 19,
            "mail.txt, line 1: the loops go on too long",
        ),
        ("{% include 'profile.yaml' %}", "mail.txt, line 1: no other file can be included; write it here"),
        (None, "'mail.txt' is not readable (No such file or directory)"),
    ],
)
def test_a_bad_template_is_a_problem_at_its_key(scan: Scan, text: str | None, said: str) -> None:
    if text is not None:
        (scan.folder / "mail.txt").write_text(text)
    scan.configure(telling("name: screen, kind: stdout, template: mail.txt"))
    checked = scan("config", "check")
    assert checked.status == 78
    assert f"{scan.config}:4:{44}: channels[0].template: {said}" in checked.err
    assert "Traceback" not in checked.err


def test_a_program_s_channel_has_no_template(scan: Scan) -> None:
    (scan.folder / "mail.txt").write_text("x")
    scan.configure(telling("name: log, kind: command, run: ['true'], template: mail.txt"))
    checked = scan("config", "check")
    assert checked.status == 78
    assert "channels[0].template: this kind sends JSON for programs, without a template; leave it out" in checked.err


# --- quiet hours


def around(hours: float) -> str:
    """Give the two hours around a time as far from now as said, as `quiet_hours` has them."""
    middle = datetime.now(UTC) + timedelta(hours=hours)
    return f"{middle - timedelta(hours=1):%H:%M}-{middle + timedelta(hours=1):%H:%M}"


def test_what_is_found_in_quiet_hours_waits_for_the_first_run_after_them(
    scan: Scan, web: Web, mailbox: Mailbox, tmp_path: Path
) -> None:
    boards = [answer(job(1, "Engineer")), answer(job(1, "Engineer"), job(2, "Sound Engineer"))]
    url = web.serve("/jobs", boards)
    out = tmp_path / "told"
    log = f"name: log, kind: command, run: [sh, -c, 'cat >> {out}']"

    def night(hours: float) -> str:
        return "timezone: UTC\n" + config(url, telling(by_mail(mailbox, f", quiet_hours: '{around(hours)}'"), log))

    scan.configure(night(0))
    first, second = scan.run(), scan.run("acme")
    assert (first["deliveries"], second["deliveries"]["pending"]) == ({"sent": 1, "failed": 0, "pending": 1}, 2)
    assert (mailbox.messages, mailbox.conversations) == ([], [])
    assert out.read_text().count('"version"') == 2
    assert "undelivered: 2 pending" in scan("status").out

    scan.configure(night(6))
    assert scan.run()["deliveries"] == {"sent": 2, "failed": 0, "pending": 0}
    assert scan.run()["deliveries"]["sent"] == 0
    assert len(mailbox.messages) == 1
    assert "Sound Engineer" in part(mailbox.messages[0], "plain")


def test_a_message_that_was_refused_before_is_not_tried_again_in_quiet_hours(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", answer(job(1, "Engineer")))
    with Mailbox(refuse={"me@example.org": "450 later"}) as refusing:
        scan.configure(config(url, telling(by_mail(refusing))))
        assert scan.run()["deliveries"]["failed"] == 1
    with Mailbox(port=refusing.port) as taking:
        scan.configure(config(url, telling(by_mail(taking, f", quiet_hours: '{around(0)}'"))))
        assert scan.run()["deliveries"] == {"sent": 0, "failed": 0, "pending": 1}
        assert taking.conversations == []
        scan.configure(config(url, telling(by_mail(taking, f", quiet_hours: '{around(6)}'"))))
        assert scan.run()["deliveries"] == {"sent": 1, "failed": 0, "pending": 0}
        assert len(taking.messages) == 1


def test_without_a_time_zone_hours_are_those_of_the_machine(scan: Scan) -> None:
    scan.configure(telling("name: screen, kind: stdout, quiet_hours: '22:00-07:00'"))
    shown = scan("config", "show", environ={"TZ": "Asia/Tokyo"}).out
    assert "timezone: Asia/Tokyo" in shown
    assert "quiet_hours: 22:00-07:00" in shown
