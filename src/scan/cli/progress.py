"""How far a run is: one line at the bottom of a terminal, written over and over."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from scan.cli.output.text import cut, safe
from scan.outcome import SourceRun
from scan.phrases import counted, span

ERASE = "\x1b[K"
"""From here to the end of the line: ECMA-48, EL."""

BETWEEN = 0.1
"""Seconds between two pictures: more would only cost, here and in the terminal."""

FROM = 3
"""Sources that have to be done, and seconds passed, before there is a guess how long the rest takes."""


class Line:
    """A line that is written over and over. Whatever else is written there takes it away first."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = ""

    def show(self, text: str) -> None:
        """Write the line, cut to the terminal as it is wide now."""
        shown = cut(safe(text), self._width() - 1)  # in the last column some terminals go on to the next line
        if shown != self._shown:
            self._write(f"\r{shown}{ERASE}")
            self._shown = shown

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write(f"\r{ERASE}")
            self._shown = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:
            return 80


class Progress:
    """What is known of a run in progress, and when it is shown."""

    def __init__(self, line: Line | None, clock: Callable[[], float]) -> None:
        """Begin.

        Args:
            line: where it is shown; None for nowhere.
            clock: monotonic seconds.

        """
        self._line, self._clock = line, clock
        self._done = self._total = self._failed = 0
        self._began = self._drawn = clock()

    def taken_in(self, done: int, total: int, last: SourceRun | None) -> None:
        """Note how many sources are done; the first call has none."""
        if last is None:
            self._began = self._clock()
        elif last.status == "failed":
            self._failed += 1
        self._done, self._total = done, total
        if done == total:
            self.clear()

    def tick(self, asking: Callable[[], Sequence[str]]) -> None:
        """Show how it is, unless that was just done. It may be called as often as one likes.

        Args:
            asking: names the sources that are waited for, the longest first.

        """
        now = self._clock()
        if self._line is None or self._done == self._total or now - self._drawn < BETWEEN:
            return
        self._drawn = now
        self._line.show(said(self._done, self._total, self._failed, asking(), seconds=now - self._began))

    def step(self, text: str) -> None:
        """Show what else is being done."""
        if self._line is not None:
            self._line.show(text)

    def clear(self) -> None:
        """Take the line away: something else is written, or all is done."""
        if self._line is not None:
            self._line.clear()


def progress(clock: Callable[[], float], *, people: bool) -> Progress:
    """Show the progress where somebody looks: on standard error, if that is a terminal that can erase a line.

    Args:
        clock: monotonic seconds.
        people: standard output is for people, and its log lines are on standard error.

    """
    seen = people and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return Progress(Line(sys.stderr) if seen else None, clock)


def said(done: int, total: int, failed: int, asking: Sequence[str], *, seconds: float) -> str:
    """Say how far it is: what is done, what failed, how long the rest may take, and whom it waits for."""
    parts = [f"{done} of {counted(total, 'source', 'sources')}"]
    parts += [f"{failed} failed"] if failed else []
    if min(done, seconds) >= FROM:
        parts.append(f"about {span(max(seconds / done * (total - done), 1))} left")
    line = ", ".join(parts)
    if not asking:
        return line
    return f"{line}; waiting for {asking[0]}{f' and {len(asking) - 1} more' if len(asking) > 1 else ''}"
