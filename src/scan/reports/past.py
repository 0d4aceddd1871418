"""What reports show of runs that are over."""

from datetime import datetime

import msgspec


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the execution log, in short.

    Attributes:
        status: as a run's result has it; `running` while it is not over.
        new, matched: items and matches that were new in it.
        ok, failed, suspicious: sources by what became of them.

    """

    id: str
    status: str
    trigger: str
    started_at: datetime
    finished_at: datetime | None
    duration_seconds: float | None
    error: str | None
    seen: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    matched: int = 0
    ok: int = 0
    failed: int = 0
    suspicious: int = 0


class SourceSpan(msgspec.Struct, frozen=True, kw_only=True):
    """What one source did in a span of time, such as a day.

    Attributes:
        runs: how many looked at it; `failed` and `suspicious` ones among them.
        seen: the most items it listed.
        duration_seconds: of all its runs together.

    """

    source: str
    runs: int
    failed: int
    suspicious: int
    seen: int
    new: int
    changed: int
    gone: int
    matched: int
    duration_seconds: float
