"""What publishing needs of the world around it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scan.errors import ReportError
from scan.outcome import RunOutcome
from scan.publish.pings import Ask

LONGEST = timedelta(minutes=2)
"""For one report; it is given up after that."""

Bounded = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Passes the parts of a report on, for as long as it may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What publishing needs of the world around it.

    Attributes:
        ask: asks servers.
        exit_status: what a run's outcome makes of the process.
        log: gives the last lines of the run's log, without secrets, the newest last.
        redact: takes secrets out of what is told of a failure.
        environ: of the process.
        stop: true once the run has been asked to end: no file is written then.
        beat: told what comes next, and how long it may take.
        clock: monotonic seconds.

    """

    ask: Ask
    exit_status: Callable[[RunOutcome], int]
    log: Callable[[], Sequence[str]]
    redact: Callable[[str], str]
    environ: Mapping[str, str]
    stop: Callable[[], bool]
    beat: Callable[[str, timedelta], None]
    clock: Callable[[], float] = time.monotonic

    def patience(self) -> Bounded:
        """Begin to measure one report's time."""
        until = self.clock() + LONGEST.total_seconds()

        def bounded(parts: Iterable[bytes]) -> Iterator[bytes]:
            for part in parts:
                if self.stop():
                    raise ReportError("the run was asked to end")
                if self.clock() > until:
                    raise ReportError(f"not finished after {LONGEST.total_seconds():.0f} seconds; given up")
                yield part

        return bounded
