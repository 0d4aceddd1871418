"""`scan db`: the database's upkeep."""

from pathlib import Path

import click

from scan.cli.changing import alone, changing, refresh
from scan.cli.context import Settings
from scan.cli.door import OK, TRY_LATER
from scan.cli.output import counted, now_utc, safe
from scan.errors import StoreError

PRUNED = {
    "runs": ("run", "runs"),
    "deliveries": ("delivery", "deliveries"),
    "messages": ("message", "messages"),
    "alerts": ("alert", "alerts"),
    "changes": ("record of a change", "records of changes"),
    "items": ("item", "items"),
}

RESTORE = "put a backup in its place, or save what can be read: sqlite3 {0} .recover | sqlite3 {0}.recovered"
BROKEN = "scan deliveries retry or drop settles deliveries; report it, as scan should not let that happen"


@click.group(name="db")
def command() -> None:
    """Look after the database. What changes it does nothing while a run is in progress, and exits with 75."""


@command.command()
@click.pass_obj
def upgrade(settings: Settings) -> int:
    """Bring the tables up to date, as every run does too."""
    from scan.store.database import Store

    with alone(settings) as config:
        if config is None:
            return TRY_LATER
        before, after = Store.upgrade(settings.database(config))
    click.echo(f"schema {after}: up to date" if before == after else f"upgraded from schema {before} to {after}")
    return OK


@command.command()
@click.pass_obj
def prune(settings: Settings) -> int:
    """Delete what is over for longer than retention: says, as every run does too.

    The file grows no smaller: what is free in it is used again. A backup holds none of it.
    """
    with changing(settings) as (config, store):
        if config is None or store is None:
            return TRY_LATER
        keep = config.retention
        pruned = store.prune(now_utc(), runs=keep.runs, gone_items=keep.gone_items, deliveries=keep.deliveries)
        refresh(settings, config, store)
    deleted = [counted(count, *PRUNED[what]) for what, count in pruned.items() if count]
    click.echo(f"deleted {', '.join(deleted)}" if deleted else "nothing is over for long enough to be deleted")
    return OK


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write a consistent copy of the database to a new FILE, also while a run writes.

    The file is there whole or not at all, readable for its owner alone, and never written over one that is there. To
    restore it, stop the timer, delete the database with its -wal and -shm, and copy the file to its place.
    """
    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        if store is None:
            raise _nothing_yet(settings)
        store.backup(file)
    click.echo(f"{safe(file)}: written")


@command.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Look the whole database through, also while a run writes: the file, what refers to what, and the outbox.

    Exit status: 0 all is well; 74 it is not, with a line for each thing that is wrong, and what to do.
    """
    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        if store is None:
            raise _nothing_yet(settings)
        found = store.check()
        place = store.place
    for line in (*found.damage, *found.broken):
        click.echo(safe(line))
    if found.damage:
        raise StoreError(f"{place}: is damaged; {RESTORE.format(place)}")
    if found.broken:
        raise StoreError(f"{place}: contradicts itself; {BROKEN}")
    click.echo(f"{safe(place)}: ok")


def _nothing_yet(settings: Settings) -> StoreError:
    return StoreError(f"{settings.state.database}: there is no database yet; the first run makes it")
