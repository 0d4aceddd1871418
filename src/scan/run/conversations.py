"""What each source of a run is asked, as conversations for the fetcher."""

from collections.abc import Callable, Iterator, Sequence

from scan.details import Chooser
from scan.fetch import Conversation
from scan.run.matching import Watch
from scan.run.options import Clock
from scan.run.task import Task
from scan.sources.collected import Collected
from scan.sources.detailing import Details
from scan.sources.walk import walk
from scan.store.database import Store

SHARE = 0.5
"""Of a run's time; after that no more pages of single items are asked for, so that what was listed is taken in."""


def conversations(
    tasks: Sequence[Task], *, store: Store, watch: Watch, clock: Clock, seconds: float | None
) -> Iterator[tuple[Task, Conversation[Collected]]]:
    """Make a conversation for each source.

    Args:
        tasks: the sources.
        store: knows which pages of single items were read.
        watch: knows which items a search may want.
        clock: the run's time.
        seconds: that the run may take, from now on; None for as many as it needs.

    """
    until = None if seconds is None else clock.monotonic() + SHARE * seconds

    def go_on() -> bool:
        return until is None or clock.monotonic() < until

    return ((task, _conversation(task, store, watch, clock, go_on)) for task in tasks)


def _conversation(
    task: Task, store: Store, watch: Watch, clock: Clock, go_on: Callable[[], bool]
) -> Conversation[Collected]:
    entry, state = task.entry, task.state
    choose = Chooser(entry, memory=store, matcher=watch.matcher, searches=watch.looking_at(entry), now=clock.now)
    return walk(
        entry.source,
        headers=entry.headers,
        allow_private=entry.allow_private,
        validators=state.validators,
        body_hash=state.body_hash,
        details=Details(choose=choose, most=entry.details, go_on=go_on) if entry.reads_details else None,
    )
