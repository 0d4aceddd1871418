"""Where log lines go, besides files."""

import logging
from collections import deque
from collections.abc import Callable
from typing import TextIO

from scan.logs.forms import Safe, Text
from scan.redaction import Redaction

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}

LONGEST_PIECE = 48 * 1024 - 100
"""Bytes: the journal cuts longer lines of a stream into pieces (LineMax= in journald.conf(5))."""

SendLine = Callable[[int, str], None]
"""Sends the journal a line of any length: its priority and the line."""


class Journal(logging.StreamHandler[TextIO]):
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
