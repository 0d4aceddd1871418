"""Which sources this run looks at, and from what it starts."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from scan import __version__
from scan.cadence import SourceState, is_due, is_left_alone
from scan.config.model import Config, SourceEntry
from scan.fetch.remembered import HostMemory
from scan.match.search import Search, selects
from scan.run.options import Options
from scan.run.task import Task
from scan.run.turns import insist, whose_turn_it_is

MARGIN = 14 / 15
"""A run's default deadline as a part of the shortest interval: 14 of 15 minutes."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run will look at.

    Attributes:
        tasks: in the order of `in_order`.
        not_due: how many enabled sources are left alone.

    """

    tasks: tuple[Task, ...]
    not_due: int


def make_plan(
    config: Config, states: Mapping[str, SourceState], memory: HostMemory, options: Options, now: datetime
) -> Plan:
    """Choose the sources of a run: the ones named; or all, or the due ones, as far as it is their hosts' turn.

    One that ends the runs that look at it is left out for a while, unless it is named.
    """
    enabled = [entry for entry in config.sources if entry.enabled]
    named = frozenset(options.sources)
    chosen = [entry for entry in enabled if entry.name in named] if named else enabled
    tasks = [make_task(config, entry, states.get(entry.name)) for entry in chosen]
    if options.everything:
        tasks = [task for task in tasks if not (task.state.quarantined and is_left_alone(task.state, now))]
    elif not options.sources:
        tasks = [task for task in tasks if due(config, task.entry, task.state, now)]
    if options.sources:
        insist(tasks, memory)
    else:
        tasks.sort(key=lambda task: _urgency(task.state, now))
        tasks = list(whose_turn_it_is(tasks, memory))
    return Plan(tasks=tuple(in_order(tasks)), not_due=len(chosen) - len(tasks))


def _urgency(state: SourceState, now: datetime) -> tuple[int, bool, datetime]:
    return state.crashes, state.last_attempt_at is not None, state.last_attempt_at or now


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Put first what earlier runs left, the most often left before all; then the slowest, so that none begins late.

    Last of all come those that a run died of. Hosts take turns all the same: see `scan.fetch.hosts`.
    """
    return sorted(tasks, key=lambda task: (task.state.crashes, -task.state.missed, -task.seconds))


def due(config: Config, entry: SourceEntry, state: SourceState, now: datetime) -> bool:
    """Tell whether a source is due. One with an interval of its own keeps it, whatever the config's calendar."""
    calendar = None if entry.every else config.calendar
    return is_due(state, every=config.cadence_of(entry), now=now, calendar=calendar, grace=config.grace)


def deadline(config: Config) -> timedelta | None:
    """Tell how long a run may take: what the config says, else a little under the shortest interval, if there is one.

    It is the shortest of all sources, due or not, so that no run is in another one's way.
    """
    if config.deadline is not None:
        return config.deadline
    intervals = config.intervals()
    return min(intervals) * MARGIN if intervals else None


def make_task(config: Config, entry: SourceEntry, state: SourceState | None) -> Task:
    """Start from what is remembered, unless the source was configured otherwise then."""
    fingerprint = _fingerprint(entry, config.searches if entry.reads_details else ())
    if state is None:
        remembered = SourceState(name=entry.name, fingerprint=fingerprint)
    elif state.fingerprint != fingerprint:
        empty = SourceState(name=entry.name)
        remembered = msgspec.structs.replace(
            state,
            fingerprint=fingerprint,
            validators=empty.validators,
            body_hash=empty.body_hash,
            crashes=0,
            not_before=None if state.quarantined else state.not_before,
        )
    else:
        remembered = state
    never = config.http.timeout.total_seconds()  # one that was never asked may be as slow as any
    seconds = never if remembered.seconds is None else remembered.seconds
    return Task(entry=entry, state=remembered, every=config.cadence_of(entry), seconds=seconds)


def _fingerprint(entry: SourceEntry, searches: Sequence[Search]) -> str:
    """Identify what an adapter is to do. A new version of `scan` may read a page better: it looks again.

    What searches look for decides which items' own pages are read: other ones, if they look for something else.
    """
    looking = [one.fingerprint for one in searches if selects(one, entry.names, entry.tags)]
    what = (__version__, entry.source.kind, entry.source, sorted(entry.headers), looking)
    return hashlib.sha256(msgspec.json.encode(what)).hexdigest()[:16]
