"""What goes out: messages, reports, logs, the terminal. Foreign texts in it are shown, never obeyed."""

import csv
import io
import json
import logging
from email import message_from_bytes
from email.policy import default
from typing import Any
from xml.etree import ElementTree as ET

from fuzz.properties import assert_harmless
from fuzz.surface import first_line, surface, text_of
from scan.channels.chat import HTML, MARKDOWN, TEXT, pieces
from scan.channels.wording import word
from scan.cli.output import columns, cut, folded, safe
from scan.flat import FORMULA
from scan.logs.forms import LONGEST_LINE, Json, Logfmt, Safe, Text
from scan.model import FieldChange, Reason
from scan.redaction import Redaction
from scan.reports.csv import Csv
from scan.reports.feed import Feed
from scan.reports.jsonl import Jsonl
from tests.channels.samples import ME, digest, email, item, notice
from tests.reports.samples import Memory, a_view, matched, stored

_HEADERS = {"message-id", "date", "from", "to", "subject", "in-reply-to", "references", "list-id", "auto-submitted"}
_HEADERS |= {"mime-version", "content-type"}
_SECRET = "pl4nted/se=cret"


def fields(data: bytes) -> dict[str, Any]:
    """Make an item's fields, unchecked, of an input: nothing of it was cleaned."""
    first, rest = first_line(data)
    one, two = text_of(first), text_of(rest)
    return {
        "title": one,
        "organization": two,
        "location": one,
        "url": two,
        "text": two,
        "attributes": {"a": one, "b": [two]},
    }


_HOSTILE = (
    "=?utf-8?q?a=0d=0aBcc:x?=\r\nBcc: everybody@example.org\n</a><script>",
    "\ud800\x00\x1b]52;c;x\x07\njavascript:alert(1)",
    '=HYPERLINK("x")\n@everyone **x** [a](b)',
    "\u202eevil\u2028\x85\nhttps://example.org/",
)


@surface(*_HOSTILE)
def messages(data: bytes) -> None:
    """Messages: by mail with no header but ours, to chats without calls and links that nobody made."""
    given = fields(data)
    one, two = given["title"], given["organization"]
    change, reason = FieldChange(one, two, one), Reason(rule="any", term=one, field=two, excerpt=two)
    told = digest(notice(item(**given), search=two, sources=(one, two), reasons=(reason,), changes=(change,)), notice())
    message = message_from_bytes(email().compose(told, ME), policy=default)
    assert {name.lower() for name in message.keys()} == _HEADERS  # noqa: SIM118 - the names, each as often as it is there
    assert len(message.keys()) == len(_HEADERS)
    wording = word(told, 50)
    for markup in (TEXT, MARKDOWN, HTML):
        text = pieces(wording, markup, told.id).most(lambda text: len(text) < 4000)
        assert len(text) < 4000
        assert "@everyone" not in text
        text.encode()
    assert "\n" not in wording.subject
    assert_harmless(wording.subject)
    assert "<script" not in wording.html
    assert "javascript:" not in wording.html.lower().split("href=", 1)[-1][:20]


@surface(*_HOSTILE)
def reports(data: bytes) -> None:
    """Reports: well-formed, and no formula in them."""
    given = {**fields(data), "text": "x", "attributes": {}}
    clean: dict[str, Any] = {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in given.items()
    }
    view = a_view(Memory(items=[stored(**clean)], met=[matched(search="s", **clean)]))
    feed = b"".join(Feed(to="x").render(view))  # type: ignore[arg-type] # where it is written does not matter
    entry = ET.fromstring(feed).find("{*}entry")
    assert entry is not None
    assert {child.tag.rpartition("}")[2] for child in entry} <= {
        "id",
        "title",
        "updated",
        "published",
        "author",
        "link",
        "category",
        "content",
    }
    table = b"".join(Csv(to="x").render(view)).decode()  # type: ignore[arg-type] # likewise
    head, row = csv.reader(io.StringIO(table, newline=""))
    assert len(head) == len(row)
    assert not any(cell.startswith(FORMULA) for cell in row)
    for line in b"".join(Jsonl(to="x").render(view)).splitlines():  # type: ignore[arg-type] # likewise
        assert json.loads(line)["title"] == clean["title"]


def _record(message: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": message, "levelno": 30, "levelname": "WARNING", "name": "scan", **more})


@surface(
    *_HOSTILE,
    f"x {_SECRET}\nhttps://u:{_SECRET}@e.org/?token=t",
    "a" * 5000 + "\n" + "\x1b" * 3000,
    "é\x00" * 5000 + "\n日",
)
def log_lines(data: bytes) -> None:
    """Log lines: one each, no longer than the journal shows, and without the secrets that are known."""
    first, rest = first_line(data)
    record = _record(text_of(first), source=text_of(rest), event="x")
    redact = Redaction([_SECRET])
    for form in (Json(), Logfmt(), Text()):
        line = Safe(form, redact).format(record)
        assert _SECRET not in line
        assert line.isprintable() or isinstance(form, Text), ascii(line)
        assert len(line) <= LONGEST_LINE or isinstance(form, Text)
    assert json.loads(Safe(Json(), redact).format(record))["level"] == "warning"


@surface(
    _SECRET, f"https://e.org/?api_key={_SECRET}&x", f"Authorization: Bearer {_SECRET}\n://a:b@c", "://" * 10 + "@" * 10
)
def redaction(data: bytes) -> None:
    """Redaction: a secret between any two texts is gone; doing it again changes nothing."""
    first, rest = first_line(data)
    before, after = text_of(first), text_of(rest)
    redact = Redaction([_SECRET])
    shown = redact(f"{before}{_SECRET}{after}")
    assert _SECRET not in shown
    assert redact(shown) == shown


@surface(*_HOSTILE, "日本語\nüber e\u0301 👩‍👩‍👧\ufe0f")
def terminal(data: bytes) -> None:
    """The terminal: what could drive it is shown, and every line fits."""
    text = text_of(data)
    shown = safe(text)
    assert shown.isprintable()
    assert safe(shown) == shown
    for width in (0, 1, 10):
        assert columns(cut(shown, width)) <= max(width, 0)
    lines = list(folded(shown, 20))
    assert "".join("".join(lines).split()) == "".join(shown.split())
