"""`scan explain`."""

from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.output import counted, now_utc, safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.model import StoredItem
    from scan.store.database import Store

SHOWN = 20
"""Items listed where the name fits several."""


@click.command(name="explain")
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(settings: Settings, *, item: str, as_json: bool) -> None:
    """Show an item whole, what happened to it, and what each search makes of it as the config is now.

    ITEM is the item's id as `scan items` shows it, its key or its address, or words of its title. Several that fit
    are listed.
    """
    from scan.explain import explain
    from scan.redaction import Redaction

    settings.become_owner()
    config, now = settings.load_config(), now_utc()
    with settings.reading(config) as store:
        if store is None:
            raise click.UsageError("Nothing is stored yet: no run has been made.")
        story = explain(config, store, _the_one(config, store, item), now=now)
    if as_json:
        from scan.cli import documents

        documents.print_json(documents.story(story, Redaction(config.secrets)))
    else:
        from scan.cli.story import lines

        click.echo("\n".join(lines(story, config.timezone, Redaction(config.secrets))))


def _the_one(config: "Config", store: "Store", sought: str) -> "StoredItem":
    """Find the item.

    Raises:
        click.UsageError: there is none, or more than one.

    """
    found = store.find(sought, limit=SHOWN + 1)
    if not found:
        raise click.UsageError(f"No item has “{safe(sought)}” for its id, key or address, or in its title.")
    if len(found) > 1:
        from scan.cli.items import listed

        count = counted(len(found), "item", "items") if len(found) <= SHOWN else f"more than {SHOWN} items"
        raise click.UsageError(f"“{safe(sought)}” fits {count}; name one by its id:\n\n{listed(found[:SHOWN], config)}")
    return found[0]
