"""`scan deliveries`."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from scan.cli.changing import changing, refresh
from scan.cli.chosen import unknown
from scan.cli.context import Settings
from scan.cli.door import OK, TRY_LATER
from scan.cli.output import ago, counted, now_utc, table
from scan.cli.paging import paged, part, say_more

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.store.database import Store
    from scan.store.records import DeliveryRow

STATES = ("pending", "held", "batched", "sent", "dead", "dropped", "baseline")
COLUMNS = (
    "id", "channel", "recipient", "state", "removed", "search", "event", "alert", "source", "title", "at", "message",
    "attempts", "next_at", "error",
)  # fmt: skip
"""Of the CSV."""

UNSETTLED = frozenset({"pending", "held", "batched"})
SHORT = 8
"""Characters of an id that are shown; any beginning that fits one delivery only names it."""

SENDING = "is being sent, or was when a run died; the next run looks after it"

REFUSED = {
    "retry": {
        "sending": SENDING,
        "sent": "was sent already",
        "held": "is held back; scan deliveries release lets it go",
        "dropped": "was dropped",
        "baseline": "is of a first run that is not told",
    },
    "drop": {
        "sending": SENDING,
        "sent": "was sent already",
        "dropped": "was dropped already",
        "baseline": "is of a first run that is not told",
    },
}
"""What cannot be done to a delivery in which state, and why not."""


@click.group(name="deliveries", invoke_without_command=True)
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="In this state; may be repeated.")
@paged(50)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_context
def command(
    ctx: click.Context, *, states: tuple[str, ...], limit: int, offset: int, as_json: bool, as_csv: bool
) -> None:
    """List the outbox: what was, is and will be told to whom, the newest first.

    pending: the next run makes a message of it. batched: in a message that is sent or tried again. held: the flood
    guard keeps it back. dead: given up. dropped: given up by hand. baseline: of a first run that is not told.
    """
    if ctx.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    settings: Settings = ctx.obj
    settings.become_owner()
    config, now = settings.load_config(), now_utc()
    with settings.reading(config) as store:
        read = partial(store.deliveries, *states) if store else None  # type: ignore[arg-type]  # click.Choice sees to it
        rows, following = part(read, limit, offset)
    found = [_document(row, config) for row in rows]
    if as_json:
        from scan.cli.documents import print_json

        print_json({"deliveries": found, "next_offset": following})
        return
    if as_csv:
        from scan.cli.documents import print_csv

        print_csv(COLUMNS, found)
    else:
        heads = ("ID", "CHANNEL", "RECIPIENT", "STATE", "TRIES", "NEXT TRY", "SEARCH", "WHAT", "AGE", "ERROR")
        click.echo(table(heads, [_line(row, now) for row in found]) if found else "no deliveries")
    say_more(following)


@command.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def retry(settings: Settings, ids: tuple[str, ...]) -> int:
    """Have deliveries sent by the next run, dead ones too, with all others of their messages."""
    with changing(settings) as (config, store):
        if config is None or store is None:
            return TRY_LATER
        ready = store.retry(_named(store, "retry", ids))
        refresh(settings, config, store)
    click.echo(f"{counted(ready, 'delivery is', 'deliveries are')} ready for the next run")
    return OK


@command.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def drop(settings: Settings, ids: tuple[str, ...]) -> int:
    """Give deliveries up, with all others of their messages: nobody is told."""
    with changing(settings) as (config, store):
        if config is None or store is None:
            return TRY_LATER
        dropped = store.drop(_named(store, "drop", ids), now_utc())
        refresh(settings, config, store)
    click.echo(f"{counted(dropped, 'delivery is', 'deliveries are')} dropped")
    return OK


@command.command()
@click.argument("source", required=False)
@click.pass_obj
def release(settings: Settings, source: str | None) -> int:
    """Let go what the flood guard holds back, of one SOURCE or of all; the next run tells it."""
    with changing(settings) as (config, store):
        if config is None or store is None:
            return TRY_LATER
        known = [*(entry.name for entry in config.sources), *store.held_sources()]
        if source is not None and source not in known:
            raise unknown("source", source, known, config)
        released = store.release(source)
        refresh(settings, config, store)
    click.echo(f"{counted(released, 'delivery is', 'deliveries are')} ready for the next run")
    return OK


def _named(store: "Store", deed: str, beginnings: Sequence[str]) -> list[str]:
    """Find the one delivery that each beginning of an id names, and see that all of them may be changed so."""
    found = []
    for beginning in beginnings:
        fitting = store.deliveries_named(beginning)
        if not fitting:
            raise click.UsageError(f"No delivery has an id that begins with {beginning}; scan deliveries lists them.")
        if len(fitting) > 1:
            some = ", ".join(list(fitting)[:3])
            raise click.UsageError(f"{beginning} fits several deliveries ({some}, …); write more of the id.")
        ((name, state),) = fitting.items()
        if why_not := REFUSED[deed].get(state):
            raise click.UsageError(f"The delivery {name[:SHORT]} {why_not}; nothing was changed.")
        found.append(name)
    return found


def _document(row: "DeliveryRow", config: "Config") -> dict[str, Any]:
    from scan.redaction import Redaction
    from scan.run.snapshot import is_told

    return {
        "id": row.id,
        "channel": row.channel,
        "recipient": row.recipient,
        "state": row.state,
        "removed": row.state in UNSETTLED and not is_told(config, row.channel, row.recipient),
        "search": row.search,
        "event": row.event and str(row.event),
        "alert": row.alert,
        "source": row.source,
        "title": row.title,
        "at": row.at,
        "message": row.batch,
        "attempts": row.attempts,
        "next_at": row.next_at,
        "error": row.error and Redaction(config.secrets)(row.error),
    }


def _line(row: dict[str, Any], now: datetime) -> tuple[object, ...]:
    waits = row["state"] in {"pending", "batched"} and not row["removed"]
    next_try = ago(row["next_at"], now) if row["next_at"] and row["next_at"] > now else "next run"
    return (
        row["id"][:SHORT],
        row["channel"],
        row["recipient"],
        f"{row['state']} (removed channel)" if row["removed"] else row["state"],
        row["attempts"],
        next_try if waits else None,
        row["search"] or "alert",
        row["title"],
        ago(row["at"], now),
        row["error"],
    )
