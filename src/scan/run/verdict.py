"""What is made of one source's result as a whole."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from scan.changes import Changes, Known, confirmed, suspicion
from scan.run.task import Task
from scan.sources.collected import Collected


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is made of a result as a whole.

    Attributes:
        suspicious: why it is hard to believe, or None.
        believed: it is whole and unsuspicious: the next run starts from it.
        closes: missing items are gone (or out of a feed's window). An odd row may be one of them, and closes nothing.
        held: its new items look like the old ones under other names: nothing is told before somebody looks.

    """

    suspicious: str | None
    believed: bool
    closes: bool
    held: bool


def judge(task: Task, collected: Collected, known: Mapping[str, Known], changes: Changes, now: datetime) -> Verdict:
    """Judge a result by what was there before it."""
    if collected.truncated is not None:
        return Verdict(suspicious=None, believed=False, closes=False, held=False)
    seen, expected = len(collected.items), task.entry.expect.min_items
    reason = suspicion(
        listed=_listed(task, known),
        seen=seen,
        missing=len(changes.missing),
        complete=task.entry.source.complete,
        min_items=expected,
    )
    if seen >= expected and confirmed(task.state.suspicious_since, now=now, every=task.every):
        reason = None
    return Verdict(
        suspicious=reason,
        believed=reason is None,
        closes=reason is None and not collected.rejected,
        held=reason is not None and bool(changes.missing),
    )


def _listed(task: Task, known: Mapping[str, Known]) -> int:
    """Count what was there before; while a result is suspicious, before it was."""
    if task.state.suspicious_since is not None and task.state.last_count is not None:
        return task.state.last_count
    return sum(item.listed for item in known.values())
