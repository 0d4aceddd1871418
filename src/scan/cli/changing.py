"""Changing what is stored by hand, while no run is in progress."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.output import now_utc

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.store.database import Store


@contextmanager
def alone(settings: Settings) -> "Iterator[Config | None]":
    """Hold the run's lock; None, and a word about who has it, while a run is in progress."""
    from scan.lock import LockHeld, run_lock

    settings.become_owner()
    config, now = settings.load_config(), now_utc()
    settings.make_state()
    try:
        with run_lock(settings.state.lock, since=now):
            yield config
    except LockHeld as held:
        click.echo(f"scan: {held}; nothing was changed", err=True)
        yield None


@contextmanager
def changing(settings: Settings) -> "Iterator[tuple[Config, Store] | tuple[None, None]]":
    """Open the database while no run is in progress; None for all while one is."""
    from scan.store.database import Store

    with alone(settings) as config:
        if config is None:
            yield None, None
            return
        store = Store.open(settings.database(config), create=False)
        try:
            yield config, store
        finally:
            store.close()


def refresh(settings: Settings, config: "Config", store: "Store") -> None:
    """Have `scan status` see the change before the next run."""
    from scan import status
    from scan.run.snapshot import outbox

    document = status.read(settings.state.status)
    if document is not None:
        status.write(settings.state.status, {**document, **outbox(config, store)})
