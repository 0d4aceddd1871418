"""Taking in one source's result: normalize, compare, match, and write it all in one transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from scan.cadence import SourceState
from scan.changes import Changes, Known, compare, confirmed, differences, suspicion
from scan.model import Event, Item, RawItem, Rejected
from scan.normalize import identify, normalize, raw_hash
from scan.outcome import SourceRun
from scan.run.matching import Circumstances, Occasion, Told, Watch
from scan.run.memory import after_result, quiet
from scan.run.plan import Task
from scan.sources.walk import Collected
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, LeftItem, NewItem, NewMatch, StoredItem

log = logging.getLogger("scan.run")

QUIET_AT_ONCE = 500
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

    def __init__(
        self, store: Store, watch: Watch, *, now: datetime, run_id: str, redact: Callable[[str], str]
    ) -> None:
        self._store, self._watch, self._now, self._run_id, self._redact = store, watch, now, run_id, redact
        self._quiet: list[tuple[SourceState, SourceRun]] = []

    def absorb(self, task: Task, collected: Collected) -> SourceRun:
        """Store what a source's result changes, with its matches and their deliveries, in one transaction.

        Results that bring nothing, of unchanged and failed sources, are gathered and written together.
        """
        if collected.error is None and not collected.unchanged:
            return self._absorb(task, collected)
        self._quiet.append(quiet(task, collected, self._now, self._redact))
        run = self._quiet[-1][1]
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
            listed=sum(item.listed for item in known.values()),
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
        new = self._new(task, changes.new, seen, how)
        changed = self._changed(task, changes, seen, how)
        left = self._left(task, changes.missing, how) if verdict.closes else ()
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
        self._store.absorb(
            self._run_id,
            self._now,
            Absorbed(
                state=after_result(task, collected, run, self._now, believed=verdict.believed),
                run=run,
                new=new,
                changed=changed,
                left=left,
                recoded=tuple((item.id, seen[item.key]) for item in changes.recoded),
            ),
        )
        return run

    def _new(
        self, task: Task, items: Sequence[Item], seen: Mapping[str, bytes], how: Circumstances
    ) -> tuple[NewItem, ...]:
        occasions = [Occasion(item=item, event=Event.NEW) for item in items]
        matches = self._matches(task, occasions, how)
        return tuple(
            NewItem(item=item, raw_hash=seen[item.key], matches=found)
            for item, found in zip(items, matches, strict=True)
        )

    def _changed(
        self, task: Task, changes: Changes, seen: Mapping[str, bytes], how: Circumstances
    ) -> tuple[ChangedItem, ...]:
        """Compare what changed or came back with what is stored, and see which searches it meets now."""
        pairs = (*changes.changed, *changes.returned)
        ids = [known.id for known, _ in pairs]
        stored, told = self._store.stored(ids), Told(self._store.existing_matches(ids))
        back = len(changes.changed)
        events: list[Occasion] = []
        for number, (known, item) in enumerate(pairs):
            edited = known.content_hash != item.content_hash
            events += _edited(stored[known.id], item, told, returned=number >= back) if edited else ()
        found: dict[str, tuple[NewMatch, ...]] = {}
        for occasion, matches in zip(events, self._matches(task, events, how), strict=True):
            found[occasion.item.key] = found.get(occasion.item.key, ()) + matches
        return tuple(
            ChangedItem(
                id=known.id,
                item=item,
                raw_hash=seen[item.key],
                changes=differences(stored[known.id].item, item),
                returned=number >= back,
                matches=found.get(item.key, ()),
            )
            for number, (known, item) in enumerate(pairs)
        )

    def _left(self, task: Task, missing: Sequence[Known], how: Circumstances) -> tuple[LeftItem, ...]:
        gone = task.entry.source.complete
        if not (gone and self._watch.listens(task.entry.name, Event.GONE)):
            return tuple(LeftItem(id=known.id, gone=gone) for known in missing)
        ids = [known.id for known in missing]
        stored, told = self._store.stored(ids), Told(self._store.existing_matches(ids))
        events = [
            Occasion(item=stored[id_].item, event=Event.GONE, episode=stored[id_].episode, told=told.of(id_))
            for id_ in ids
        ]
        matches = self._matches(task, events, how)
        return tuple(
            LeftItem(id=known.id, gone=gone, matches=found) for known, found in zip(missing, matches, strict=True)
        )

    def _matches(self, task: Task, occasions: Sequence[Occasion], how: Circumstances) -> list[tuple[NewMatch, ...]]:
        """Ask the searches about each occasion; a posting that another source told of is a duplicate."""
        met = [(occasion, self._watch.met(occasion)) for occasion in occasions]
        new = [
            (match.search, occasion.item.fingerprint)
            for occasion, matches in met
            for match in matches
            if match.event is Event.NEW and occasion.item.fingerprint is not None
        ]
        elsewhere = self._elsewhere(task.entry.name, new)
        return [
            tuple(
                self._watch.record(
                    occasion, match, how, duplicate=(match.search, occasion.item.fingerprint) in elsewhere
                )
                for match in matches
            )
            for occasion, matches in met
        ]

    def _elsewhere(self, source: str, met: Sequence[tuple[str, bytes]]) -> AbstractSet[tuple[str, bytes]]:
        """Find which of (search, fingerprint) another source told of."""
        if not met:
            return frozenset()
        searches, fingerprints = {search for search, _ in met}, {fingerprint for _, fingerprint in met}
        return self._store.fingerprints_told(searches, fingerprints, not_source=source)


def _edited(stored: StoredItem, item: Item, told: Told, *, returned: bool) -> list[Occasion]:
    """List what an edit can mean: edited into matching is new to a search; else it is a change."""
    revision = stored.revision + 1
    new = Occasion(item=item, event=Event.NEW, episode=stored.episode, revision=revision, told=told.of(stored.id))
    return [new] if returned else [new, replace(new, event=Event.CHANGED)]


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
