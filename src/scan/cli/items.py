"""`scan items`."""

from datetime import datetime

import click

from scan.cli.context import Settings
from scan.cli.moments import Moment
from scan.cli.output import table, when

CSV_HEADS = (
    "source", "key", "kind", "title", "organization", "location", "url", "published_at", "first_seen_at",
    "last_seen_at", "changed_at", "gone_at",
)  # fmt: skip


@click.command(name="items")
@click.option("--source", metavar="NAME", help="Of this source only.")
@click.option("--since", type=Moment(), metavar="WHEN", help="First seen since a date, or within a span such as 2d.")
@click.option("--gone", is_flag=True, help="Only those that are gone.")
@click.option("--text", metavar="WORD", help="Only those with this in the title or the text.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many, newest first.")
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
    as_json: bool,
    as_csv: bool,
) -> None:
    """List stored items, the newest first."""
    from scan.cli import documents

    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        only_gone = True if gone else None
        found = store.items(source=source, since=since, gone=only_gone, text=text, limit=limit) if store else []
    if as_json:
        documents.print_json({"items": [documents.item(stored) for stored in found]})
    elif as_csv:
        documents.print_csv(CSV_HEADS, map(documents.item, found))
    else:
        rows = [
            (when(s.first_seen_at, config.timezone), s.item.source, s.item.title, s.item.organization, s.item.location)
            for s in found
        ]
        click.echo(table(("FIRST SEEN", "SOURCE", "TITLE", "ORGANIZATION", "LOCATION"), rows) if rows else "no items")
