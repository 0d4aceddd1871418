"""One source of a run."""

from dataclasses import dataclass
from datetime import timedelta

from scan.cadence import SourceState
from scan.config.model import SourceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One source to look at, with what is remembered of it."""

    entry: SourceEntry
    state: SourceState
    every: timedelta
