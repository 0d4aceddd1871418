"""The forms of log lines."""

import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from scan.redaction import Redaction

LONGEST_LINE = 4000
"""Bytes. `journalctl -o json` shows longer ones as null unless asked for all."""

WHOLE = "run_finished"
"""The event whose line is never cut: it holds the whole result of a run."""

OWN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "event", "redacted"})
"""What a record has besides the facts that its line names."""

_ENCODER = msgspec.json.Encoder(enc_hook=str)


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """Name what a line holds, in the order it is read."""
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts: dict[str, object] = {
        "timestamp": moment.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": getattr(record, "event", "log"),
        "message": record.getMessage(),
    }
    return facts | {name: value for name, value in vars(record).items() if name not in OWN}


class Json(logging.Formatter):
    """One JSON object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        facts = _facts(record)
        if record.exc_info:
            facts["exc_info"] = self.formatException(record.exc_info)
        if record.stack_info:
            facts["stack_info"] = self.formatStack(record.stack_info)
        return _json(facts)


def _json(facts: Mapping[str, object]) -> str:
    """Write JSON; whatever is not plain ASCII is escaped, halves of characters too."""
    with suppress(UnicodeEncodeError):
        line = _ENCODER.encode(facts).decode()
        if line.isascii() and line.isprintable():  # as nearly every line, and written in a tenth of the time
            return line
    return json.dumps(facts, separators=(",", ":"), default=str)


class Logfmt(logging.Formatter):
    """`key=value` pairs; values with spaces in JSON's quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        pairs = " ".join(f"{name}={_quoted(value)}" for name, value in _facts(record).items() if value is not None)
        return f"{pairs} traceback={_quoted(self.formatException(record.exc_info))}" if record.exc_info else pairs


class Text(logging.Formatter):
    """For people: the time, the level where it matters, what happened, and where."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line, and a traceback below it."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        level = f" {record.levelname.lower()}:" if record.levelno >= logging.WARNING else ""
        source = getattr(record, "source", None)
        line = f"{moment}{level} {f'{source}: ' if source else ''}{record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if re.fullmatch(r"[\w.:/@+-]+", text) else json.dumps(text)


class Safe(logging.Formatter):
    """Takes secrets and control characters out of a finished line, and keeps it within the journal's bounds."""

    def __init__(self, inner: logging.Formatter, redact: Redaction) -> None:
        super().__init__()
        self._inner, self._redact = inner, redact

    def format(self, record: logging.LogRecord) -> str:
        """Write a line; of a text, perhaps several."""
        line = self._redact(self._inner.format(record))
        if isinstance(self._inner, Text):
            return "".join(char if char.isprintable() or char == "\n" else " " for char in line)
        if len(line) > LONGEST_LINE and getattr(record, "event", "") != WHOLE:
            return self._redact(self._inner.format(_cut(record)))
        return line


def _cut(record: logging.LogRecord) -> logging.LogRecord:
    """Shorten a record's longest parts, so that its line stays whole and valid."""
    short = logging.makeLogRecord(vars(record))
    short.msg, short.args = _shortened(record.getMessage(), 1000), None
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        short.exc_info, short.exc_text = None, None
        short.traceback = f"{_shortened(text, 500)}\n{_shortened(text[-1000:], 1500)}"
    for name, value in vars(short).items():
        if name not in OWN and isinstance(value, str):
            setattr(short, name, _shortened(value, 1600))
    return short


def _shortened(text: str, room: int) -> str:
    """Cut a text to as many characters as JSON writes in so many bytes: it takes six for one that is not ASCII."""
    if len(json.dumps(text)) <= room:
        return text
    text = text[:room]
    while (size := len(json.dumps(text))) > room:
        text = text[: min(len(text) - 1, len(text) * room // size)]
    return f"{text}…"
