"""`scan run`."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from scan.cli.chosen import chosen, names_of
from scan.cli.context import Settings
from scan.cli.door import OK, SIGNALLED, TRY_LATER, exit_status
from scan.cli.lists import with_lists
from scan.cli.output import now_utc, safe
from scan.cli.publishing import publisher_of
from scan.cli.signals import asked_to_stop

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.channels.base import Channel
    from scan.config.model import Config
    from scan.deliver import Handover
    from scan.lock import LockHeld
    from scan.outcome import RunOutcome
    from scan.run import Clock, Options
    from scan.store.database import Store
    from scan.store.records import BatchRow, RunStart
    from scan.systemd import Heartbeat

KEPT = 200
"""Last lines of the log that a report may tell."""


@click.command(name="run")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "everything", is_flag=True, help="Also sources that are not due.")
@click.option("--dry-run", is_flag=True, help="List the sources that would be scanned; touch nothing.")
@click.option("--skip-sync", is_flag=True, help="Use the source lists as they were last synced.")
@click.option("--no-send", is_flag=True, help="Match and queue, but send nothing.")
@click.option("--wait", type=click.FloatRange(min=0), metavar="SECONDS", help="Wait for another run to end.")
@click.option("--fail-if-locked", is_flag=True, help="Exit with 75 if another run is in progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document; logs on standard error.")
@click.pass_obj
def command(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    everything: bool,
    dry_run: bool,
    skip_sync: bool,
    no_send: bool,
    wait: float | None,
    fail_if_locked: bool,
    as_json: bool,
) -> int:
    """Scan the due sources once (or the SOURCEs named, due or not), and tell what is new.

    Exit status: 0 success, or another run is in progress; 1 every source failed; 3 some failed; 74 the database
    cannot be used; 75 another run holds the lock (with --fail-if-locked or --wait), or the deadline came first;
    78 the config is wrong.
    """
    settings.become_owner(first_run=not dry_run)
    settings.copies.as_synced = skip_sync
    config = settings.load_config()
    if dry_run:
        return _dry_run(config, sources, as_json=as_json)
    if not config.list_uses:  # else who is named may come with a list
        chosen(config, sources)
    from scan.lock import LockHeld
    from scan.run import Options

    settings.make_state()
    set_up_logs = partial(_set_up_logs, settings, as_json=as_json)
    set_up_logs(config)
    options = Options(sources=sources, everything=everything, send=not no_send, call=settings.call)
    try:
        outcome, stopped_by = _locked_run(settings, config, options, set_up_logs, wait=wait or 0)
    except LockHeld as held:
        return _skipped(settings, held, as_json=as_json, fail=fail_if_locked or wait is not None)
    if as_json:
        _print_json(outcome)
    elif sys.stdout.isatty():
        _print_summary(outcome)
    return exit_status(outcome) if stopped_by is None else SIGNALLED + stopped_by


def _locked_run(
    settings: Settings,
    config: "Config",
    options: "Options",
    set_up_logs: "Callable[[Config], None]",
    *,
    wait: float,
) -> "tuple[RunOutcome, signal.Signals | None]":
    """Do the run under its lock, and leave what `scan status` reads."""
    from scan import status, units
    from scan.lock import run_lock
    from scan.logs import run_context
    from scan.run.snapshot import finished, running
    from scan.systemd import Heartbeat

    clock, state, heart = _clock(), settings.state, Heartbeat(settings.environ)
    heart.beat("starting", ahead=timedelta(seconds=wait))
    start = _start(settings, clock)
    with run_lock(state.lock, since=clock.now, wait=wait), asked_to_stop() as stopped, run_context(start.id):
        if config.list_uses:
            heart.beat("syncing the lists", ahead=config.http.timeout)
            config = with_lists(settings, config, clock.now, stop=lambda: stopped() is not None, keep=True)
            set_up_logs(config)  # a list may hold secrets
            options = replace(options, sources=names_of(config, options.sources))
        with settings.writing(config) as store:
            status.write(state.status, running(config, status.read(state.status), start))
            outcome = _run(settings, config, store, start, options, clock, heart, stop=lambda: stopped() is not None)
            result = finished(config, store, outcome)
            status.write(state.status, {**result, "schedule": units.schedule(config).plain()})
        return outcome, stopped()


def _run(
    settings: Settings,
    config: "Config",
    store: "Store",
    start: "RunStart",
    options: "Options",
    clock: "Clock",
    heart: "Heartbeat",
    *,
    stop: Callable[[], bool],
) -> "RunOutcome":
    """Give the run the world: the network, the mail, the terminal, systemd."""
    from scan.deliver import longest, send
    from scan.run import run

    shown = sys.stderr.isatty() and sys.stdout.isatty()

    def progress(done: int, total: int) -> None:
        heart.beat(f"source {done}/{total}")
        if shown:
            click.echo(f"\r\x1b[K{f'{done} of {total} sources' if done < total else ''}", nl=False, err=True)

    def stopping() -> bool:
        heart.tick()
        return stop()

    def hand_over(channel: "Channel", batch: "BatchRow", handover: "Handover") -> None:
        heart.beat(f"telling {channel.name}", ahead=max(longest(channel), config.http.timeout))
        send(
            channel,
            batch.recipient,
            batch.message_id,
            batch.payload,
            handover,
            ask=fetcher.ask,
            environ=settings.environ,
            now=now_utc,
        )

    with settings.fetcher(config) as fetcher:
        publisher = publisher_of(settings, config, heart, stop=stopping)
        try:
            return run(
                config,
                store=store,
                fetcher=fetcher,
                send=hand_over,
                publisher=publisher,
                start=start,
                options=options,
                clock=clock,
                stop=stopping,
                progress=progress,
            )
        except Exception as error:
            publisher.break_off(start.id, str(error))
            raise


def _clock() -> "Clock":
    import time

    from scan.run import Clock

    return Clock(now=now_utc(), wall=now_utc, monotonic=time.monotonic)


def _start(settings: Settings, clock: "Clock") -> "RunStart":
    import socket

    import uuid6

    from scan import __version__, systemd
    from scan.store.records import RunStart

    return RunStart(
        id=str(uuid6.uuid7()),
        profile=settings.state.profile,
        trigger=systemd.trigger(settings.environ),
        host=socket.gethostname(),
        pid=os.getpid(),
        version=__version__,
        started_at=clock.now,
    )


def _set_up_logs(settings: Settings, config: "Config", *, as_json: bool) -> None:
    """Log to standard output; beside a JSON document, or where people read the summary, to standard error."""
    from scan import systemd
    from scan.logs import set_up

    people = sys.stdout.isatty() and not as_json
    stream = sys.stderr if people or as_json else sys.stdout
    level = config.logging.level
    set_up(
        level="warning" if people and not settings.log_level and level == "info" else level,
        form=config.logging.format or ("text" if people else "json"),
        stream=stream,
        file=config.logging.file,
        secrets=config.secrets,
        journal=systemd.is_journal(stream.fileno(), settings.environ),
        keep=KEPT if config.reports else 0,
    )


def _dry_run(config: "Config", names: tuple[str, ...], *, as_json: bool) -> int:
    """List what would be scanned."""
    entries = chosen(config, names)
    if as_json:
        import json

        rows = [{"source": entry.name, "kind": entry.source.kind} for entry in entries]
        click.echo(json.dumps({"sources": rows}))
        return OK
    for entry in entries:
        click.echo(f"{entry.name}\t{entry.source.kind}")
    click.echo(f"{len(entries)} sources would be scanned; nothing was touched", err=True)
    return OK


def _skipped(settings: Settings, held: "LockHeld", *, as_json: bool, fail: bool) -> int:
    """Say who holds the lock; that alone is no failure."""
    import logging

    logging.getLogger("scan.run").info("skipped: %s", held, extra={"event": "run_skipped", "holder": held.holder})
    if as_json:
        import json

        click.echo(json.dumps({"profile": settings.state.profile, "status": "skipped", "errors": [str(held)]}))
    elif sys.stdout.isatty():
        click.echo(f"scan: {held}; nothing was done")
    return TRY_LATER if fail else OK


def _print_json(outcome: "RunOutcome") -> None:
    from scan.outcome import to_json

    click.echo(to_json(outcome))


def _print_summary(outcome: "RunOutcome") -> None:
    from scan.outcome import summary

    click.echo(summary(outcome))
    for source in outcome.by_source:
        if source.status in {"failed", "suspicious"}:
            click.echo(f"  {source.status}: {source.source}: {safe(source.error)}")
    for error in outcome.errors:
        click.echo(f"  {safe(error)}")
