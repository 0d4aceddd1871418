"""Log lines: JSON, logfmt or text; one event a line, no secret in any, priorities where the journal reads.

Every event is an ordinary `logging` call with its stable name in `extra={"event": …}`.
"""

import json
import logging
import re
import sys
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Literal, TextIO

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from scan.redaction import Redaction

Format = Literal["json", "logfmt", "text"]

LONGEST_LINE = 4000
"""Bytes. The journal shows longer ones as null unless asked for all, and splits those over 48 KiB (06-system)."""

WHOLE = "run_finished"
"""The event whose line is never cut: it holds the whole result of a run."""

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
OWN = {*RESERVED_ATTRS, "event", "redacted"}


class _Fields(logging.Filter):
    """Adds what every line inside a run, or inside a source, bears."""

    def __init__(self) -> None:
        super().__init__()
        self.run_id: str | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        if self.run_id is not None and not hasattr(record, "run_id"):
            record.run_id = self.run_id
        return True


_FIELDS = _Fields()


@contextmanager
def run_context(run_id: str) -> Iterator[None]:
    """Let every line bear the run's id."""
    _FIELDS.run_id = run_id
    try:
        yield
    finally:
        _FIELDS.run_id = None


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
    facts.update((name, value) for name, value in vars(record).items() if name not in OWN)
    return facts


class _Json(JsonFormatter):
    """One JSON object a line."""

    def add_fields(
        self, log_data: dict[str, object], record: logging.LogRecord, message_dict: dict[str, object]
    ) -> None:
        log_data.update(_facts(record))
        log_data.update({name: value for name, value in message_dict.items() if name in {"exc_info", "stack_info"}})


class _Logfmt(logging.Formatter):
    """`key=value` pairs; values with spaces in JSON's quotes."""

    def format(self, record: logging.LogRecord) -> str:
        pairs = " ".join(f"{name}={_quoted(value)}" for name, value in _facts(record).items() if value is not None)
        return f"{pairs} traceback={_quoted(self.formatException(record.exc_info))}" if record.exc_info else pairs


class _Text(logging.Formatter):
    """For people: the time, the level where it matters, what happened, and where."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        level = f" {record.levelname.lower()}:" if record.levelno >= logging.WARNING else ""
        source = getattr(record, "source", None)
        line = f"{moment}{level} {f'{source}: ' if source else ''}{record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if re.fullmatch(r"[\w.:/@+-]+", text) else json.dumps(text)


class _Safe(logging.Formatter):
    """Takes secrets and control characters out of a finished line, and keeps it within the journal's bounds."""

    def __init__(self, inner: logging.Formatter, redact: Redaction, *, priority: bool, one_line: bool) -> None:
        super().__init__()
        self._inner, self._redact, self._priority, self._one_line = inner, redact, priority, one_line

    def format(self, record: logging.LogRecord) -> str:
        line = self._redact(self._inner.format(record))
        if not self._one_line:
            return "".join(char if char.isprintable() or char == "\n" else " " for char in line)
        if len(line) > LONGEST_LINE and getattr(record, "event", "") != WHOLE:
            line = self._redact(self._inner.format(_cut(record)))
        return f"<{PRIORITIES.get(record.levelno, 6)}>{line}" if self._priority else line


def _cut(record: logging.LogRecord) -> logging.LogRecord:
    """Shorten a record's longest parts, so that its line stays whole and valid."""
    short = logging.makeLogRecord(vars(record))
    short.msg, short.args = record.getMessage()[:1000] + "…", None
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        short.exc_info, short.exc_text = None, None
        short.traceback = text[:500] + "\n…\n" + text[-1000:]
    for name, value in vars(short).items():
        if name not in OWN and isinstance(value, str) and len(value) > 1600:
            setattr(short, name, value[:1600] + "…")
    return short


class _Keeper(logging.Handler):
    """Keeps the last lines, as people read them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque()

    def keep(self, number: int, redact: Redaction) -> None:
        """Begin anew."""
        self.lines = deque(maxlen=number)
        self.setFormatter(_Safe(_Text(), redact, priority=False, one_line=False))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


_KEEPER = _Keeper()


def last_lines() -> tuple[str, ...]:
    """Give the last lines that were logged, without secrets, the newest last: as many as `set_up` was told to keep."""
    return tuple(_KEEPER.lines)


def set_up(
    *,
    level: str,
    form: Format,
    stream: TextIO = sys.stdout,
    file: Path | None = None,
    secrets: Collection[str] = (),
    journal: bool = False,
    keep: int = 0,
) -> None:
    """Send every log line of this process, libraries' and warnings' included, to a stream and perhaps to a file.

    Args:
        level: the least that is logged: debug, info, warning or error.
        form: of the lines on `stream`; the file's are always JSON unless `form` is logfmt.
        stream: usually standard output.
        file: also here; it may be rotated at any time.
        secrets: never written in any form.
        journal: `stream` is the journal, which reads priorities.
        keep: how many lines `last_lines` gives.

    """
    redact = Redaction(secrets)
    formatters = {"json": _Json(json_ensure_ascii=True), "logfmt": _Logfmt(), "text": _Text()}
    handlers: list[logging.Handler] = [logging.StreamHandler(stream)]
    handlers[0].setFormatter(_Safe(formatters[form], redact, priority=journal, one_line=form != "text"))
    if file is not None:
        handlers.append(WatchedFileHandler(file, encoding="utf-8"))
        inner = formatters["logfmt" if form == "logfmt" else "json"]
        handlers[1].setFormatter(_Safe(inner, redact, priority=False, one_line=True))
    if keep:
        _KEEPER.keep(keep, redact)
        handlers.append(_KEEPER)
    for handler in handlers:
        handler.addFilter(_FIELDS)
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    logging.captureWarnings(capture=True)
    for noisy in ("alembic", "filelock", "google", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
