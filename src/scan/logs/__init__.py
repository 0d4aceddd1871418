"""Log lines: JSON, logfmt or text; one event a line, no secret in any, priorities where the journal reads.

Every event is an ordinary `logging` call with its stable name in `extra={"event": …}`.
"""

import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

from scan.logs.forms import LONGEST_LINE, Json, Logfmt, Safe, Text
from scan.logs.handlers import File, Journal, Keeper, SendLine, Stream
from scan.redaction import Redaction

__all__ = ["LONGEST_LINE", "Format", "last_lines", "run_context", "set_up"]

Format = Literal["json", "logfmt", "text"]


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


_KEEPER = Keeper()


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
    journal: SendLine | None = None,
    keep: int = 0,
) -> None:
    """Send every log line of this process, libraries' and warnings' included, to a stream and perhaps to a file.

    Args:
        level: the least that is logged: debug, info, warning or error.
        form: of the lines on `stream`; the file's are always JSON unless `form` is logfmt.
        stream: usually standard output.
        file: also here; it may be rotated at any time.
        secrets: never written in any form.
        journal: what sends it long lines, where `stream` is the journal.
        keep: how many lines `last_lines` gives.

    Raises:
        NotPermitted: `file` may not be written.
        StoreError: it cannot be written for another reason.

    """
    redact = Redaction(secrets)
    formatters = {"json": Json(), "logfmt": Logfmt(), "text": Text()}
    handlers: list[logging.Handler] = [Journal(stream, journal) if journal else Stream(stream)]
    handlers[0].setFormatter(Safe(formatters[form], redact))
    if file is not None:
        handlers.append(File(file, redact))
        inner = formatters["logfmt" if form == "logfmt" else "json"]
        handlers[1].setFormatter(Safe(inner, redact))
    if keep:
        _KEEPER.keep(keep, redact)
        handlers.append(_KEEPER)
    for handler in handlers:
        handler.addFilter(_FIELDS)
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    logging.captureWarnings(capture=True)
    for noisy in ("alembic", "filelock", "google", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
