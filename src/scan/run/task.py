"""One source of a run."""

from dataclasses import dataclass
from datetime import timedelta

from scan.cadence import SourceState
from scan.config.model import SourceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One source to look at, with what is remembered of it.

    Attributes:
        every: how far apart its starts are.
        seconds: it is expected to take.

    """

    entry: SourceEntry
    state: SourceState
    every: timedelta
    seconds: float
