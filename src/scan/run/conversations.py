"""What each source of a run is asked, as conversations for the fetcher."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec

from scan.at_work import AtWork
from scan.config.model import SourceEntry
from scan.fetch import Conversation, Fetcher
from scan.fetch.hosts import Weight
from scan.fetch.remembered import HostMemory
from scan.run.matching import Watch
from scan.run.options import Clock
from scan.run.task import Task
from scan.sources.collected import Collected
from scan.sources.detailing import Details
from scan.sources.walk import walk
from scan.store.database import Store

T = TypeVar("T")

SHARE = 0.5
"""Of a run's time; after that no more pages of single items are asked for, so that what was listed is taken in."""


class Talking:
    """Talks to the sources of one run."""

    def __init__(
        self,
        fetcher: Fetcher,
        store: Store,
        watch: Watch,
        hosts: HostMemory,
        work: AtWork,
        clock: Clock,
        *,
        begun: float,
        limit: timedelta | None,
        stop: Callable[[], bool],
    ) -> None:
        """Take what talking needs.

        Args:
            fetcher: asks the sources' servers.
            store: knows which pages of single items were read.
            watch: knows which items a search may want.
            hosts: what is remembered of the servers.
            work: keeps in mind which source is in hand.
            clock: the run's time.
            begun: when the run began, on the monotonic clock.
            limit: how long it may take; None for as long as it needs.
            stop: true once the run has been asked to end.

        """
        self._fetcher, self._store, self._watch = fetcher, store, watch
        self._hosts, self._work, self._stop = hosts, work, stop
        self._monotonic, self._now = clock.monotonic, clock.now
        self._asked_at: dict[str, float] = {}
        self._until = None if limit is None else begun + limit.total_seconds()
        self._details_until = None if limit is None else begun + SHARE * limit.total_seconds()

    def results(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Collected]]:
        """Yield each source's result as it comes: last, when all others are taken in, those that a run died of."""
        calm = [task for task in tasks if not task.state.crashes]
        for some in (calm, *([task] for task in tasks if task.state.crashes)):
            talks = ((task, noted(self._conversation(task), task.entry.name, self._work)) for task in some)
            results = self._fetcher.drive(
                talks, weigh=_weigh, begun=self._note, stop=self._stop, deadline=self._until, memory=self._hosts
            )
            for task, collected in results:
                yield task, msgspec.structs.replace(collected, duration_seconds=self.asked_for(task) or 0.0)

    def asked_for(self, task: Task) -> float | None:
        """Tell how many seconds ago a source was first asked; None if it was not."""
        at = self._asked_at.get(task.entry.name)
        return None if at is None else self._monotonic() - at

    def _note(self, task: Task) -> None:
        self._asked_at[task.entry.name] = self._monotonic()

    def _conversation(self, task: Task) -> Conversation[Collected]:
        entry, state = task.entry, task.state
        return walk(
            entry.source,
            headers=entry.headers,
            allow_private=entry.allow_private,
            validators=state.validators,
            body_hash=state.body_hash,
            details=self._details(entry) if entry.reads_details else None,
        )

    def _details(self, entry: SourceEntry) -> Details:
        from scan.details import Chooser  # start-up: few kinds have pages of single items

        searches = self._watch.looking_at(entry)
        choose = Chooser(entry, memory=self._store, matcher=self._watch.matcher, searches=searches, now=self._now)
        return Details(choose=choose, most=entry.details, go_on=self._go_on)

    def _go_on(self) -> bool:
        return self._details_until is None or self._monotonic() < self._details_until


def _weigh(task: Task) -> Weight:
    return Weight(owed=task.state.missed, seconds=task.seconds)


def noted(conversation: Conversation[T], source: str, work: AtWork) -> Conversation[T]:
    """Hold a conversation, and keep in mind whose it is while it is at work on an answer."""
    answer = None
    try:
        while True:
            with work.on(source):
                try:
                    # Typeshed has no way to say that a generator not begun takes None.
                    request = conversation.send(answer)  # type: ignore[arg-type]
                except StopIteration as end:
                    result: T = end.value
                    return result
            answer = yield request
    finally:
        conversation.close()
