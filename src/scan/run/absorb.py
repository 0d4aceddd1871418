"""Taking in one source's result: normalize, compare, match, and write it all in one transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scan.cadence import SourceState
from scan.changes import Changes, Known, compare, confirmed, suspicion
from scan.model import Item, RawItem, Rejected
from scan.normalize import identify, normalize, raw_hash
from scan.outcome import SourceRun
from scan.run.matching import Circumstances, Watch
from scan.run.memory import after_result, quiet
from scan.run.plan import Task
from scan.run.rows import Rows
from scan.sources.walk import Collected
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, LeftItem, NewItem

log = logging.getLogger("scan.run")

QUIET_AT_ONCE = 1000
"""Results that bring nothing and are written together: there is nothing in them to lose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
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


class Absorber:
    """Takes in results, one at a time."""

    def __init__(self, store: Store, watch: Watch, *, now: datetime, run_id: str, redact: Callable[[str], str]) -> None:
        self._store, self._watch, self._now, self._run_id, self._redact = store, watch, now, run_id, redact
        self._quiet: list[tuple[SourceState, SourceRun]] = []

    def absorb(self, task: Task, collected: Collected) -> SourceRun:
        """Store what a source's result changes, with its matches and their deliveries, in one transaction.

        Results that change no item, of failed and unchanged sources among them, are gathered and written together.
        """
        if collected.error is None and not collected.unchanged:
            return self._absorb(task, collected)
        return self._gather(*quiet(task, collected, self._now, self._redact))

    def _gather(self, state: SourceState, run: SourceRun) -> SourceRun:
        self._quiet.append((state, run))
        if len(self._quiet) >= QUIET_AT_ONCE:
            self.flush()
        return run

    def flush(self) -> None:
        """Write the results that were gathered."""
        if self._quiet:
            self._store.quiet(self._run_id, self._quiet)
            self._quiet = []

    def _absorb(self, task: Task, collected: Collected) -> SourceRun:
        seen, raw, odd = _identified(collected)
        known = self._store.known(task.entry.name, seen.keys())
        warnings: list[str] = []
        changes = compare(known, seen.items(), lambda key: self._item(task, raw[key], warnings.append))
        verdict = self._judge(task, collected, known, changes)
        self._warn(task, (*odd, *collected.rejected, *changes.rejected), warnings, collected.truncated)
        return self._write(task, collected, changes, verdict, seen, rejected=len(odd) + len(collected.rejected))

    def _item(self, task: Task, raw: RawItem, warn: Callable[[str], None]) -> Item | Rejected:
        source = task.entry.source
        return normalize(
            raw,
            source=task.entry.name,
            kind=source.item_kind,
            base="",  # the walk has put each item's own into it
            organization=source.organization,
            now=self._now,
            warn=warn,
        )

    def _judge(self, task: Task, collected: Collected, known: Mapping[str, Known], changes: Changes) -> Verdict:
        if collected.truncated is not None:
            return Verdict(suspicious=None, believed=False, closes=False, held=False)
        seen, expected = len(collected.items), task.entry.expect.min_items
        reason = suspicion(
            listed=self._listed(task, known),
            seen=seen,
            missing=len(changes.missing),
            complete=task.entry.source.complete,
            min_items=expected,
        )
        if seen >= expected and confirmed(task.state.suspicious_since, now=self._now, every=task.every):
            reason = None
        return Verdict(
            suspicious=reason,
            believed=reason is None,
            closes=reason is None and not collected.rejected,
            held=reason is not None and bool(changes.missing),
        )

    def _listed(self, task: Task, known: Mapping[str, Known]) -> int:
        """Count what was there before; while a result is suspicious, before it was."""
        if task.state.suspicious_since is not None and task.state.last_count is not None:
            return task.state.last_count
        return sum(item.listed for item in known.values())

    def _warn(self, task: Task, rejected: Sequence[Rejected], warnings: Sequence[str], truncated: str | None) -> None:
        """Warn of odd rows, once a source and with an example; of unreadable values; of a list cut short."""
        name = task.entry.name
        if rejected:
            message = f"{len(rejected)} odd rows left out; the first: {rejected[0].reason}: {rejected[0].example}"
            log.warning(message, extra={"event": "items_rejected", "source": name})
        if warnings:
            message = f"{len(warnings)} unreadable values; the first: {warnings[0]}"
            log.warning(message, extra={"event": "values_unreadable", "source": name})
        if truncated:
            log.warning(
                "incomplete result, nothing is taken for gone: %s",
                truncated,
                extra={"event": "source_truncated", "source": name},
            )

    def _write(
        self,
        task: Task,
        collected: Collected,
        changes: Changes,
        verdict: Verdict,
        seen: Mapping[str, bytes],
        *,
        rejected: int,
    ) -> SourceRun:
        first_run = task.state.baselined_at is None
        baseline = first_run and task.entry.first_run == "baseline"
        how = Circumstances(
            state="held" if verdict.held else "baseline" if baseline else "pending", first_run=first_run
        )
        make = Rows(self._store, self._watch, task.entry.name, how, self._now)
        new, changed = make.new(changes.new, seen), make.changed(changes, seen)
        left = make.left(changes.missing, gone=task.entry.source.complete) if verdict.closes else ()
        rows: tuple[NewItem | ChangedItem | LeftItem, ...] = (*new, *changed, *left)
        matches = [match for row in rows for match in row.matches]
        gone = sum(row.gone for row in left)
        run = SourceRun(
            source=task.entry.name,
            kind=task.entry.source.kind,
            status="suspicious" if verdict.suspicious else "ok",
            seen=len(seen) - len(changes.rejected),
            new=len(new),
            changed=len(changes.changed),
            unchanged=changes.unchanged,
            returned=len(changes.returned),
            gone=gone,
            rejected=rejected + len(changes.rejected),
            matched=sum(not match.duplicate for match in matches),
            duplicate=sum(match.duplicate for match in matches),
            duration_seconds=collected.duration_seconds,
            bytes=collected.received,
            http_status=collected.http_status,
            error=verdict.suspicious or (collected.truncated and self._redact(collected.truncated)),
        )
        state = after_result(task, collected, run, self._now, believed=verdict.believed)
        recoded = tuple((item.id, seen[item.key]) for item in changes.recoded)
        if not (rows or recoded):
            return self._gather(state, run)
        absorbed = Absorbed(state=state, run=run, new=new, changed=changed, left=left, recoded=recoded)
        self._store.absorb(self._run_id, self._now, absorbed)
        return run


def _identified(collected: Collected) -> tuple[dict[str, bytes], dict[str, RawItem], list[Rejected]]:
    """Find each item's key and the hash of what the source wrote; the first of two with one key wins."""
    seen: dict[str, bytes] = {}
    raw: dict[str, RawItem] = {}
    odd: list[Rejected] = []
    for item in collected.items:
        key = identify(item)
        if key is None:
            odd.append(Rejected(reason="it has no id, no address and no title", example=repr(item)[:80]))
        elif key not in seen:
            seen[key], raw[key] = raw_hash(item), item
    return seen, raw, odd
