"""Alerts as channels tell them: in a subject, as text, HTML and JSON."""

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from scan.channels.as_html import as_html
from scan.channels.as_text import as_text
from scan.channels.digest import outline, subject
from scan.channels.stdout import Stdout
from scan.channels.webhook import Webhook
from scan.declare import SecretText, TextFile
from scan.model import Alert, Digest
from tests.channels.samples import ME, NOW, email

SUSPICIOUS = Alert(
    delivery="d1",
    kind="suspicious",
    subject="acme",
    since=datetime(2026, 11, 21, 0, 0, tzinfo=UTC),
    text="acme is suspicious: no items, 40 before",
)


def alert(kind: str = "suspicious", text: str = SUSPICIOUS.text, **more: Any) -> Alert:
    given: dict[str, Any] = {"delivery": "d", "kind": kind, "subject": "acme", "since": SUSPICIOUS.since, "text": text}
    return Alert(**given | more)


def digest(*alerts: Alert, **more: Any) -> Digest:
    return Digest(id="ab" * 20, profile="jobs", created_at=NOW, alerts=alerts or (SUSPICIOUS,), **more)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["suspicious"], "scan: acme is suspicious: no items, 40 before"),
        (["recovered"], "scan: acme is suspicious: no items, 40 before"),
        (["failing"] * 3, "scan: 3 problems: acme is suspicious: no items, 40 before, …"),
        (["dead", "recovered"], "scan: 1 problem, 1 recovery: acme is suspicious: no items, 40 before, …"),
        (["recovered"] * 2, "scan: 2 recoveries: acme is suspicious: no items, 40 before, …"),
    ],
)
def test_the_subject_says_what_is_wrong_or_how_much_is(kinds: list[str], expected: str) -> None:
    assert subject(digest(*map(alert, kinds))) == expected


def test_the_text_says_since_when_in_the_reader_s_zone_and_what_to_do() -> None:
    told = digest(alert("held", "acme: 20 deliveries are held back"), alert("recovered", "b works"), zone="Asia/Tokyo")
    assert as_text(outline(told, 50)) == (
        "scan: 1 problem, 1 recovery\n"
        "---------------------------\n\n"
        "* acme: 20 deliveries are held back\n"
        "  since 21 Nov 2026, 09:00 JST · scan deliveries --state held lists them; release or drop them\n\n"
        "* b works\n"
        "  not well since 21 Nov 2026, 09:00 JST\n\n"
        "-- \nscan, profile jobs\n"
    )


def test_the_html_says_the_same_and_escapes_what_servers_say() -> None:
    html = as_html(outline(digest(alert("failing", "acme fails: <b>&\r\nBcc: x")), 50))
    assert "acme fails: &lt;b&gt;&amp; Bcc: x" in html
    assert "since 21 Nov 2026, 00:00 UTC" in html


def test_no_limit_of_items_cuts_alerts() -> None:
    told = json.loads(
        Webhook(name="w", url=SecretText("https://example.org"), max_items=1).compose(digest(*[SUSPICIOUS] * 3), "w")
    )
    assert (len(told["alerts"]), told["notices"], told["more"]) == (3, [], 0)


def test_programs_get_each_alert_with_its_identity() -> None:
    told = json.loads(Webhook(name="w", url=SecretText("https://example.org")).compose(digest(), "w"))
    assert told["alerts"] == [
        {
            "id": "d1",
            "kind": "suspicious",
            "subject": "acme",
            "since": "2026-11-21T00:00:00Z",
            "text": "acme is suspicious: no items, 40 before",
        }
    ]


def test_alerts_by_mail_make_a_thread_of_their_own_and_forge_no_header() -> None:
    forged = alert("failing", "acme fails: x\r\nBcc: you@example.org")
    first, second = (message_from_bytes(email().compose(digest(one), ME), policy=default) for one in (forged, alert()))
    assert isinstance(first, EmailMessage)
    assert first["Bcc"] is None
    assert first["Subject"] == "scan: acme fails: x Bcc: you@example.org"
    assert first["References"] == second["References"]


def test_a_template_for_items_is_not_asked_about_alerts(tmp_path: Path) -> None:
    template = TextFile(path=tmp_path / "mine.txt", text="{{ notices|length }} of mine\n")
    said = Stdout(name="s", template=template).compose(digest(), "s").decode()
    assert said.startswith("scan: acme is suspicious: no items, 40 before\n\nscan: 1 problem\n")
    assert "of mine" not in said
