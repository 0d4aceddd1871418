"""What one source's result comes to: normalized, compared with what was known, matched."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from scan.changes import Changes, DetailState, Known, compare
from scan.details import Whole
from scan.model import RawItem, Rejected
from scan.normalize import identify, raw_hash
from scan.outcome import SourceRun
from scan.run.complaints import complain
from scan.run.matching import Circumstances, Watch
from scan.run.memory import after_result
from scan.run.options import Clock
from scan.run.rows import Rows
from scan.run.task import Task
from scan.run.verdict import Verdict, judge
from scan.sources.collected import Collected
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, DeliveryState, LeftItem, NewItem


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One source's result, compared with what was known.

    Attributes:
        seen: the items' raw hashes by key.
        rejected: how many rows were left out before they were compared.

    """

    task: Task
    collected: Collected
    seen: Mapping[str, bytes]
    known: Mapping[str, Known]
    whole: Whole
    changes: Changes
    verdict: Verdict
    rejected: int

    @property
    def details(self) -> dict[int, DetailState]:
        """What is to be remembered of known items' own pages, by the items' rows."""
        return {self.known[key].id: state for key, state in self.whole.states.items() if key in self.known}


class Intake:
    """Makes of results what is to be written of them."""

    def __init__(self, store: Store, watch: Watch, *, clock: Clock, redact: Callable[[str], str]) -> None:
        self._store, self._watch, self._redact = store, watch, redact
        self._now, self._wall = clock.now, clock.wall

    def absorbed(self, task: Task, collected: Collected) -> Absorbed:
        """Read, compare and match what a source that did not fail has now."""
        seen, raw, odd = _identified(collected)
        unseen = task.state.last_attempt_at is None
        known = {} if unseen else self._store.known(task.entry.name, seen.keys())
        whole = Whole(task.entry, raw, collected.details, known=known, memory=self._store, now=self._now)
        unreadable: list[str] = []
        changes = compare(known, seen.items(), lambda key: whole.item(key, unreadable.append), whole.completed)
        complain(
            task.entry.name,
            rejected=(*odd, *collected.rejected, *changes.rejected),
            unreadable=unreadable,
            truncated=collected.truncated,
            details=collected.details,
            redact=self._redact,
        )
        result = Result(
            task=task,
            collected=collected,
            seen=seen,
            known=known,
            whole=whole,
            changes=changes,
            verdict=judge(task, collected, known, changes, self._now),
            rejected=len(odd) + len(collected.rejected),
        )
        return self._rows(result)

    def _rows(self, result: Result) -> Absorbed:
        task, changes, seen = result.task, result.changes, result.seen
        first = task.state.baselined_at is None
        how, at_first = (_circumstances(result, first_run=first), _circumstances(result, first_run=True))
        make = Rows(self._store, self._watch, task.entry.name, how, self._now, result.whole)
        new = make.new(changes.new, seen)
        changed = make.changed(changes, seen)
        completed = make.completed(changes.completed, seen, at_first, task.state.baselined_at)
        left = make.left(changes.missing, gone=task.entry.source.complete) if result.verdict.closes else ()
        run = self._source_run(result, new, (*changed, *completed), left)
        state = after_result(
            task, result.collected, run, self._now, believed=result.verdict.believed, whole=not result.whole.outstanding
        )
        return Absorbed(
            state=state,
            run=run,
            new=new,
            changed=(*changed, *completed),
            left=left,
            recoded=tuple((item.id, seen[item.key]) for item in changes.recoded),
            details=result.details,
        )

    def _source_run(
        self, result: Result, new: Sequence[NewItem], changed: Sequence[ChangedItem], left: Sequence[LeftItem]
    ) -> SourceRun:
        collected, changes, verdict = result.collected, result.changes, result.verdict
        rows: tuple[NewItem | ChangedItem | LeftItem, ...] = (*new, *changed, *left)
        matches = [match for row in rows for match in row.matches]
        return SourceRun(
            source=result.task.entry.name,
            kind=result.task.entry.source.kind,
            status="suspicious" if verdict.suspicious else "ok",
            seen=len(result.seen) - len(changes.rejected),
            new=len(new),
            changed=len(changes.changed),
            unchanged=changes.unchanged,
            returned=len(changes.returned),
            gone=sum(row.gone for row in left),
            rejected=result.rejected + len(changes.rejected),
            matched=sum(not match.duplicate for match in matches),
            duplicate=sum(match.duplicate for match in matches),
            skipped=sum(match.is_skipped for match in matches),
            finished_at=self._wall(),
            duration_seconds=collected.duration_seconds,
            bytes=collected.received,
            http_status=collected.http_status,
            error=verdict.suspicious or (collected.truncated and self._redact(collected.truncated)),
        )


def _circumstances(result: Result, *, first_run: bool) -> Circumstances:
    baseline = first_run and result.task.entry.first_run == "baseline"
    state: DeliveryState = "held" if result.verdict.held else "baseline" if baseline else "pending"
    return Circumstances(state=state, first_run=first_run)


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
        elif item.key is None and not item.url:
            reason = "it has no id and no address, and the title of another: a key in fields: would tell them apart"
            odd.append(Rejected(reason=reason, example=repr(item)[:80]))
    return seen, raw, odd
