"""The lines of a log in an alert: told, and as harmless as everything else."""

import json
from datetime import UTC, datetime

from scan.channels.as_html import as_html
from scan.channels.as_text import as_text
from scan.channels.digest import outline
from scan.channels.stdout import Stdout
from scan.channels.webhook import Webhook
from scan.declare import SecretText
from scan.model import Alert, Digest

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def digest(*lines: str) -> Digest:
    alert = Alert(
        delivery="d", kind="start_failed", subject="scan.service", since=NOW, text="scan.service failed", lines=lines
    )
    return Digest(id="ab" * 20, profile="scan", created_at=NOW, alerts=(alert,))


def test_the_text_has_a_line_for_each() -> None:
    text = as_text(outline(digest("first", "second\nSubject: forged", "\x1b[31mthird"), 50))
    assert "  | first\n  | second Subject: forged\n" in text
    assert "\x1b" not in text
    assert "  since 23 Nov 2026, 08:00 UTC · its last lines, as the journal has them\n" in text


def test_a_line_is_cut_where_it_becomes_long() -> None:
    assert max(map(len, as_text(outline(digest("x" * 5000), 50)).splitlines())) < 320


def test_html_holds_them_as_text() -> None:
    html = as_html(outline(digest("<script>alert(1)</script>"), 50))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_programs_get_them_only_where_there_are_some() -> None:
    webhook = Webhook(name="hook", url=SecretText("https://example.org/"))
    (alert,) = json.loads(webhook.compose(digest("first"), "hook"))["alerts"]
    assert (alert["kind"], alert["lines"]) == ("start_failed", ["first"])
    (bare,) = json.loads(webhook.compose(digest(), "hook"))["alerts"]
    assert "lines" not in bare


def test_an_alert_without_lines_is_as_it_was() -> None:
    assert "|" not in Stdout(name="out").compose(digest(), "out").decode()
