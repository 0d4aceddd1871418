"""Taking in the sources' results, each in one transaction."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from scan.errors import OutOfMemory
from scan.outcome import SourceRun
from scan.run.matching import Watch
from scan.run.memory import quiet
from scan.run.options import Clock
from scan.run.task import Task
from scan.sources.collected import Collected
from scan.store.database import Store
from scan.store.records import Absorbed

if TYPE_CHECKING:  # start-up: a run in which nothing has changed does without it
    from scan.run.intake import Intake

QUIET_AT_ONCE = 1000
"""Results that bring nothing and are written together: there is nothing in them to lose."""


class Absorber:
    """Takes in results, one at a time."""

    def __init__(self, store: Store, watch: Watch, *, clock: Clock, run_id: str, redact: Callable[[str], str]) -> None:
        self._store, self._watch, self._run_id, self._redact = store, watch, run_id, redact
        self._clock, self._now, self._wall = clock, clock.now, clock.wall
        self._quiet: list[Absorbed] = []

    def absorb(self, task: Task, collected: Collected) -> SourceRun:
        """Store what a source's result changes, with its matches and their deliveries, in one transaction.

        Results that change no item, of failed and unchanged sources among them, are gathered and written together.
        """
        if collected.error is None and not collected.unchanged:
            try:
                return self._write(self._intake.absorbed(task, collected))
            except MemoryError:
                pass  # nothing of it is written; what can be let go is gone only after this
            collected = msgspec.structs.replace(collected, items=(), error=OutOfMemory())
        state, run = quiet(task, collected, self._now, self._redact)
        absorbed = Absorbed(state=state, run=msgspec.structs.replace(run, finished_at=self._wall()))
        return self._write(absorbed)

    def flush(self) -> None:
        """Write the results that were gathered."""
        self._store.absorb(self._run_id, self._now, *self._quiet)
        self._quiet = []

    def _write(self, absorbed: Absorbed) -> SourceRun:
        """Write a result by itself, so that no source's trouble is another's; one that changes no item can wait."""
        if absorbed.changes_items:
            self._store.absorb(self._run_id, self._now, absorbed)
        else:
            self._quiet.append(absorbed)
            if len(self._quiet) >= QUIET_AT_ONCE:
                self.flush()
        return absorbed.run

    @cached_property
    def _intake(self) -> "Intake":
        from scan.run.intake import Intake

        return Intake(self._store, self._watch, clock=self._clock, redact=self._redact)
