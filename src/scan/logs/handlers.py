"""Where log lines go."""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TextIO

from scan.errors import NotPermitted, StoreError
from scan.logs.forms import Safe, Text
from scan.redaction import Redaction

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}

LONGEST_PIECE = 48 * 1024 - 100
"""Bytes: the journal cuts longer lines of a stream into pieces (LineMax= in journald.conf(5))."""

SendLine = Callable[[int, str], None]
"""Sends the journal a line of any length: its priority and the line."""


class Stream(logging.StreamHandler[TextIO]):
    """Writes to a stream, for as long as somebody reads it: `scan run | head` is no reason for a traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name
        """Go on without lines that nobody reads; the run matters, and what it did is in the database."""
        error = sys.exception()
        if isinstance(error, BrokenPipeError):  # https://docs.python.org/3/library/signal.html#note-on-sigpipe
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)
        elif not isinstance(error, OSError):
            super().handleError(record)


class Journal(Stream):
    """Writes to a stream that is the journal, which reads each line's priority from its beginning."""

    def __init__(self, stream: TextIO, send: SendLine) -> None:
        super().__init__(stream)
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        priority, text = PRIORITIES.get(record.levelno, 6), self.format(record)
        try:
            if len(text.encode(errors="replace")) > LONGEST_PIECE:
                self._send(priority, text)
                return
            self.stream.write("".join(f"<{priority}>{line}\n" for line in text.split("\n")))
            self.flush()
        except OSError:
            self.handleError(record)


class File(WatchedFileHandler):
    """The log's file, which may be rotated. That it cannot be written any more is said once, and the run goes on."""

    def __init__(self, path: Path, redact: Redaction) -> None:
        """Open the file; a missing folder is made.

        Raises:
            NotPermitted: it may not be written.
            StoreError: it cannot be written for another reason.

        """
        self._redact, self._said = redact, False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            super().__init__(path, encoding="utf-8")
        except PermissionError as error:
            raise NotPermitted(f"{path}: the log may not be written there: {error.strerror}") from error
        except OSError as error:
            raise StoreError(f"{path}: the log cannot be written there: {error.strerror or error}") from error

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            super().emit(record)
        except OSError:  # it was to be opened anew, after a rotation
            self.handleError(record)

    def close(self) -> None:
        """Close the file; what could not be written still cannot."""
        with suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name
        """Say that the file cannot be written, and why."""
        del record
        if not self._said:
            self._said = True
            message = f"scan: {self.baseFilename}: the log cannot be written: {sys.exception()}"
            sys.stderr.write(f"{self._redact(message)}\n")


class Keeper(logging.Handler):
    """Keeps the last lines, as people read them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque()

    def keep(self, number: int, redact: Redaction) -> None:
        """Begin anew."""
        self.lines = deque(maxlen=number)
        self.setFormatter(Safe(Text(), redact))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record's line."""
        self.lines.append(self.format(record))
