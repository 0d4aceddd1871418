"""A run under its lock, and the world it has to do with."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from scan.cli.chosen import names_of
from scan.cli.context import Settings
from scan.cli.lists import with_lists
from scan.cli.output import now_utc
from scan.cli.publishing import publisher_of
from scan.cli.signals import asked_to_stop

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.at_work import AtWork
    from scan.channels.base import Channel
    from scan.cli.progress import Progress
    from scan.config.model import Config
    from scan.deliver import Handover
    from scan.fetch import Fetcher
    from scan.outcome import RunOutcome, SourceRun
    from scan.run import Clock, Options
    from scan.store.database import Store
    from scan.store.records import BatchRow, RunStart
    from scan.systemd import Heartbeat


def locked_run(
    settings: Settings,
    config: "Config",
    options: "Options",
    set_up_logs: "Callable[[Config], None]",
    shown: "Progress",
    *,
    wait: float,
) -> "tuple[RunOutcome, signal.Signals | None]":
    """Do the run under its lock, and leave what `scan status` reads.

    Args:
        settings: whose run.
        config: what it is to do.
        options: how it differs from an ordinary one.
        set_up_logs: does so, once more where lists bring secrets.
        shown: what people see of it.
        wait: seconds to wait for another run to end.

    Returns:
        What it did, and which signal has ended it, if one has.

    Raises:
        LockHeld: another run is in progress.

    """
    from scan import status, units
    from scan.at_work import AtWork
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
            shown.step("syncing the lists")
            config = with_lists(settings, config, clock.now, stop=lambda: stopped() is not None, keep=True)
            set_up_logs(config)  # a list may hold secrets
            options = msgspec.structs.replace(options, sources=names_of(config, options.sources))
        _warn_of(config)
        with settings.writing(config) as store, AtWork(state.at_work, start.id) as work:
            status.write(state.status, running(config, status.read(state.status), start))
            world = World(settings, config, heart, shown, stop=lambda: stopped() is not None)
            outcome = world.run(store, work, start, options, clock)
            result = finished(config, store, outcome)
            status.write(state.status, {**result, "schedule": units.schedule(config).plain()})
        return outcome, stopped()


def _warn_of(config: "Config") -> None:
    """Log what `scan config check` warns of: a service's config is seldom checked by hand."""
    import logging

    for warning in config.warnings:
        logging.getLogger("scan.run").warning(warning, extra={"event": "config_unwise"})


class World:
    """What a run has to do with: the network, the mail, the terminal, systemd."""

    def __init__(
        self,
        settings: Settings,
        config: "Config",
        heart: "Heartbeat",
        shown: "Progress",
        *,
        stop: Callable[[], bool],
    ) -> None:
        self._settings, self._config = settings, config
        self._heart, self._shown, self._stop = heart, shown, stop

    def run(
        self, store: "Store", work: "AtWork", start: "RunStart", options: "Options", clock: "Clock"
    ) -> "RunOutcome":
        """Do the run, and tell the reports that want to know of every end how it ended."""
        from scan.run import run

        with self._settings.fetcher(self._config) as fetcher:
            stop = partial(self._stopping, fetcher)
            publisher = None
            if self._config.reports:
                publisher = publisher_of(self._settings, self._config, self._heart, stop=stop)
            try:
                return run(
                    self._config,
                    store=store,
                    fetcher=fetcher,
                    send=partial(self._hand_over, fetcher),
                    publisher=publisher,
                    work=work,
                    start=start,
                    options=options,
                    clock=clock,
                    stop=stop,
                    progress=self._taken_in,
                )
            except Exception as error:
                if publisher is not None:
                    publisher.break_off(start.id, str(error))
                raise
            finally:
                self._shown.clear()

    def _taken_in(self, done: int, total: int, last: "SourceRun | None") -> None:
        if last is not None:
            self._heart.beat(f"source {done}/{total}")
        self._shown.taken_in(done, total, last)

    def _stopping(self, fetcher: "Fetcher") -> bool:
        """Tell whether the run is to end; it is asked so often that signs of life are given here."""
        self._heart.tick()
        self._shown.tick(lambda: [task.entry.name for task in fetcher.asking() if task is not None])
        return self._stop()

    def _hand_over(self, fetcher: "Fetcher", channel: "Channel", batch: "BatchRow", handover: "Handover") -> None:
        from scan.deliver import longest, send

        self._heart.beat(f"telling {channel.name}", ahead=max(longest(channel), self._config.http.timeout))
        if channel.kind == "stdout":
            self._shown.clear()
        else:
            self._shown.step(f"telling {channel.name}")
        send(
            channel,
            batch.recipient,
            batch.message_id,
            batch.payload,
            handover,
            ask=fetcher.ask,
            environ=self._settings.environ,
            now=now_utc,
        )


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
