"""The run: every due source looked at once, what changed kept, what matches told.

It is one function that reads top to bottom; the rooms beside it do the steps.
"""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from scan.at_work import AtWork
from scan.channels.base import Channel
from scan.config.model import Config
from scan.errors import StoreError
from scan.fetch import Fetcher
from scan.fetch.remembered import HostMemory
from scan.outcome import RunOutcome, SourceRun, summary
from scan.redaction import Redaction
from scan.run.absorb import Absorber
from scan.run.alerts import raise_alerts
from scan.run.backlog import look_back
from scan.run.closing import close, judge, with_reports
from scan.run.conversations import Talking
from scan.run.crashes import count_crash
from scan.run.lists import missing_lists, report_lists
from scan.run.matching import Watch
from scan.run.memory import left
from scan.run.options import Clock, Options
from scan.run.owner import may_be_alive, owner_of
from scan.run.plan import Plan, deadline, make_plan
from scan.run.task import Task
from scan.run.tell import Send, Teller, by_source, counts
from scan.sources.collected import Collected
from scan.store.database import Store
from scan.store.records import RunStart

if TYPE_CHECKING:  # start-up: few profiles have reports
    from scan.publish import Publisher

__all__ = ["Clock", "Options", "Plan", "Task", "deadline", "make_plan", "run"]

Progress = Callable[[int, int, SourceRun | None], None]
"""Told (sources done, sources in all, the last one done)."""

log = logging.getLogger("scan.run")


def run(
    config: Config,
    *,
    store: Store,
    fetcher: Fetcher,
    send: Send,
    publisher: "Publisher | None",
    work: AtWork,
    start: RunStart,
    options: Options,
    clock: Clock,
    stop: Callable[[], bool],
    progress: Progress,
) -> RunOutcome:
    """Scan every due source once, keep what changed, tell about what matches.

    Args:
        config: what to look at, for, and whom to tell.
        store: open, and ours alone while the run lasts.
        fetcher: asks the sources' servers.
        send: hands messages over.
        publisher: publishes the reports; None without any.
        work: keeps in mind which source is in hand, in case the run dies of it.
        start: the run's row in the execution log.
        options: how this run differs from an ordinary one.
        clock: the run's one time.
        stop: true once the run has been asked to end; the transaction in hand is finished.
        progress: told how far it is: before the first source, and after each.

    Raises:
        StoreError: the database cannot be written any more; nothing is lost, and nothing was sent without a claim.

    """
    begun = clock.monotonic()
    interrupted = store.begin_run(start)
    log.info("run started", extra={"event": "run_started", "profile": start.profile, "trigger": start.trigger})
    report_lists(config)
    if publisher is not None:
        publisher.begin(start.id)
    if interrupted:
        log.warning("an earlier run ended without a word", extra={"event": "run_recovered", "runs": interrupted})
    holding = [channel.name for channel in config.channels if channel.in_doubt == "hold"]
    store.recover(clock.now, lock_held=True, alive=lambda owner: may_be_alive(owner, start), holding=holding)
    count_crash(config, store, work, clock.now, call=options.call)
    raise_alerts(config, store, clock.now)
    watch = Watch(config, now=clock.now)
    teller = _teller(config, store, send, start, clock, stop)

    if options.send:
        teller.tell(clock.now)
    backlog = look_back(config, store, watch, run_id=start.id, now=clock.now)
    hosts = HostMemory(store.host_states(clock.now), wall=clock.wall, recall=store.robots_of)
    plan = make_plan(config, store.source_states([entry.name for entry in config.sources]), hosts, options, clock.now)
    absorber = Absorber(store, watch, clock=clock, run_id=start.id, redact=Redaction(config.secrets))
    talking = Talking(fetcher, store, watch, hosts, work, clock, begun=begun, limit=deadline(config), stop=stop)
    runs = _take_in(talking.results(plan.tasks), absorber, work, len(plan.tasks), progress)
    done = {run.source for run in runs}
    store.remember(*(left(task.state, talking.asked_for(task)) for task in plan.tasks if task.entry.name not in done))
    store.remember_hosts(clock.now, hosts.changed(), hosts.changed_robots())
    raise_alerts(config, store, clock.now)
    if options.send and not stop():
        _tell(teller, config, store, clock)
    runs = by_source(store, start.id, teller.told, runs)
    errors = (*missing_lists(config), *(() if stop() else _prune(config, store, clock)))

    outcome = judge(start, plan, runs, backlog, counts(store, teller.told), errors, clock.wall(), stopped=stop())
    close(store, outcome)
    if publisher is not None:
        from scan.run.showing import view_of

        view = view_of(config, store, outcome, call=options.call)
        outcome = with_reports(outcome, publisher.publish(view), clock.wall())
        close(store, outcome)
    log.info(summary(outcome), extra={"event": "run_finished", **msgspec.to_builtins(outcome)})
    return outcome


def _tell(teller: Teller, config: Config, store: Store, clock: Clock) -> None:
    """Tell what the run found, and then what telling it brought to light of the channels."""
    teller.tell(clock.now)
    if found := raise_alerts(config, store, clock.now):
        teller.tell(clock.now, only=found)


def _teller(
    config: Config, store: Store, send: Send, start: RunStart, clock: Clock, stop: Callable[[], bool]
) -> Teller:
    channels: tuple[Channel, ...] = config.channels
    return Teller(
        store,
        channels,
        send,
        owner=owner_of(start),
        profile=start.profile,
        zone=str(config.timezone or "UTC"),
        every=config.every,
        wall=clock.wall,
        stop=stop,
    )


def _take_in(
    results: Iterator[tuple[Task, Collected]], absorber: Absorber, work: AtWork, total: int, progress: Progress
) -> list[SourceRun]:
    """Take in the results one by one, as they come."""
    runs: list[SourceRun] = []
    progress(0, total, None)
    for task, collected in results:
        with work.on(task.entry.name):
            runs.append(absorber.absorb(task, collected))
        _report(runs[-1])
        progress(len(runs), total, runs[-1])
    absorber.flush()
    return runs


def _report(run: SourceRun) -> None:
    """Log what became of one source."""
    facts = {name: getattr(run, name) for name in ("source", "kind", "status", "seen", "new", "changed", "gone")}
    facts |= {"duration_seconds": round(run.duration_seconds, 3), "http_status": run.http_status}
    if run.status == "failed":
        log.warning("failed: %s", run.error, extra={"event": "source_failed", **facts, "error": run.error})
    elif run.status == "suspicious":
        log.warning("suspicious: %s", run.error, extra={"event": "source_suspicious", **facts, "error": run.error})
    else:
        message = f"{run.status}: {run.seen} items, {run.new} new, {run.changed} changed, {run.gone} gone"
        log.info(message, extra={"event": "source_finished", **facts})


def _prune(config: Config, store: Store, clock: Clock) -> tuple[str, ...]:
    keep = config.retention
    try:
        pruned = store.prune(clock.now, runs=keep.runs, gone_items=keep.gone_items, deliveries=keep.deliveries)
    except StoreError as error:
        return (f"pruning failed: {error}",)
    if any(pruned.values()):
        log.info("pruned what was over", extra={"event": "pruned", **pruned})
    return ()
