"""`scan items`."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from scan.cli.chosen import unknown
from scan.cli.context import Settings
from scan.cli.moments import Moment, instant
from scan.cli.output import Cell, table, titled, when
from scan.cli.paging import paged, part, say_more

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.model import StoredItem
    from scan.store.database import Store


@click.command(name="items")
@click.option("--source", metavar="NAME", help="Of this source only.")
@click.option("--since", type=Moment(), metavar="WHEN", help="First seen since a date, or within a span such as 2d.")
@click.option("--gone", is_flag=True, help="Only those that are gone.")
@click.option("--text", metavar="WORD", help="Only those with this in the title or the text.")
@paged(50)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_obj
def command(
    settings: Settings,
    *,
    source: str | None,
    since: datetime | None,
    gone: bool,
    text: str | None,
    limit: int,
    offset: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List stored items, the newest first."""
    from scan import flat
    from scan.cli import documents

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    settings.become_owner()
    config = settings.load_config()
    since = instant(since, config.timezone)
    with settings.reading(config) as store:
        _check(config, store, source)
        read = partial(store.items, source=source, since=since, gone=gone or None, text=text) if store else None
        found, following = part(read, limit, offset)
    if as_json:
        documents.print_json({"items": [flat.item(stored) for stored in found], "next_offset": following})
        return
    if as_csv:
        documents.print_csv(flat.ITEM_COLUMNS, map(flat.item, found))
    elif found:
        click.echo(listed(found, config, links=True))
    else:
        click.echo("no items" if store else "no items: nothing was scanned yet")
    say_more(following)


def _check(config: "Config", store: "Store | None", source: str | None) -> None:
    """Refuse the name of a source that neither is nor was there."""
    known = {entry.name for entry in config.sources}
    if source is not None and source not in known and not (store and store.source_states([source])):
        raise unknown("source", source, known, config)


def listed(found: "Sequence[StoredItem]", config: "Config", *, links: bool = False) -> str:
    """Lay out items for people; when they went, if any of them is gone.

    Args:
        found: the items.
        config: whose time zone it is.
        links: whether titles lead to their items, where the terminal knows how.

    """
    gone = any(stored.gone_at for stored in found)
    heads = ("ID", "FIRST SEEN", *(("GONE",) if gone else ()), "SOURCE", "TITLE", "LOCATION")
    return table(heads, [_line(stored, config, gone=gone, links=links) for stored in found])


def _line(stored: "StoredItem", config: "Config", *, gone: bool, links: bool) -> tuple[object, ...]:
    item = stored.item
    left = (when(stored.gone_at, config.timezone) if stored.gone_at else "",) if gone else ()
    seen = when(stored.first_seen_at, config.timezone)
    title = Cell(titled(item), link=item.url if links else None)
    return stored.id, seen, *left, item.source, title, item.location
