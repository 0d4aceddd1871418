"""`scan run`."""

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from scan.cli.chosen import chosen
from scan.cli.context import Settings, strict_perms
from scan.cli.door import OK, SIGNALLED, TRY_LATER, exit_status
from scan.cli.output import safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.cli.progress import Progress
    from scan.config.model import Config
    from scan.lock import LockHeld
    from scan.outcome import RunOutcome

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
@strict_perms
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
    strict_perms: bool,
    as_json: bool,
) -> int:
    """Scan the due sources once (or the SOURCEs named, due or not), and tell what is new.

    Exit status: 0 success, or another run is in progress; 1 every source failed; 3 some failed; 74 the database
    cannot be used; 75 another run holds the lock (with --fail-if-locked or --wait), or the deadline came first;
    77 not permitted; 78 the config is wrong.
    """
    settings.become_owner(first_run=not dry_run)
    settings.copies.as_synced = skip_sync
    config = settings.load_config(strict_perms=strict_perms)
    if dry_run:
        return _dry_run(config, sources, as_json=as_json)
    if not config.list_uses:  # else who is named may come with a list
        chosen(config, sources)
    from scan.cli.progress import progress
    from scan.cli.running import locked_run
    from scan.lock import LockHeld
    from scan.run import Options

    settings.make_state()
    shown = progress(time.monotonic, people=sys.stdout.isatty() and not as_json)
    set_up_logs = partial(_set_up_logs, settings, shown, as_json=as_json)
    set_up_logs(config)
    options = Options(sources=sources, everything=everything, send=not no_send, call=settings.call)
    try:
        outcome, stopped_by = locked_run(settings, config, options, set_up_logs, shown, wait=wait or 0)
    except LockHeld as held:
        return _skipped(settings, held, as_json=as_json, fail=fail_if_locked or wait is not None)
    if as_json:
        _print_json(outcome)
    elif sys.stdout.isatty():
        _print_summary(outcome)
    return exit_status(outcome) if stopped_by is None else SIGNALLED + stopped_by


def _set_up_logs(settings: Settings, shown: "Progress", config: "Config", *, as_json: bool) -> None:
    """Log to standard output; beside a JSON document, or where people read the summary, to standard error."""
    import logging

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
        journal=systemd.send_line if systemd.is_journal(stream.fileno(), settings.environ) else None,
        keep=KEPT if config.reports else 0,
    )

    def make_room(_: logging.LogRecord) -> bool:
        shown.clear()
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(make_room)


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
