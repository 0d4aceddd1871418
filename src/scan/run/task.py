"""One source of a run."""

from datetime import timedelta

import msgspec

from scan.cadence import SourceState
from scan.config.model import SourceEntry


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One source to look at, with what is remembered of it.

    Attributes:
        every: how far apart its starts are.
        seconds: it is expected to take.

    """

    entry: SourceEntry
    state: SourceState
    every: timedelta
    seconds: float
