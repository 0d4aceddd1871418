"""`scan matches`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from scan.cli.context import Settings
from scan.cli.moments import Moment
from scan.cli.output import table, when

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.store.records import MatchRow

CSV_HEADS = ("search", "event", "at", "source", "title", "organization", "location", "url", "duplicate", "why")


@click.command(name="matches")
@click.option("--search", metavar="NAME", help="Of this search only.")
@click.option("--since", type=Moment(), metavar="WHEN", help="Since a date, or within a span such as 2d.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_obj
def command(
    settings: Settings, *, search: str | None, since: datetime | None, limit: int, as_json: bool, as_csv: bool
) -> None:
    """List what the searches found, the newest first, and why it matched."""
    from scan.cli import documents

    settings.become_owner()
    config = settings.load_config()
    with settings.reading(config) as store:
        found = store.matches(search=search, since=since, limit=limit) if store else []
    if as_json:
        documents.print_json({"matches": [documents.match(row) for row in found]})
    elif as_csv:
        documents.print_csv(CSV_HEADS, [_csv(row) for row in found])
    else:
        heads = ("FOUND", "SEARCH", "SOURCE", "TITLE", "ORGANIZATION", "WHY")
        rows = [
            (
                when(row.at, config.timezone),
                row.search,
                row.item.item.source,
                row.item.item.title,
                row.item.item.organization,
                "duplicate" if row.duplicate else _why(row),
            )
            for row in found
        ]
        click.echo(table(heads, rows) if rows else "no matches")


def _why(row: "MatchRow") -> str:
    return ", ".join(dict.fromkeys(reason.term for reason in row.reasons))


def _csv(row: "MatchRow") -> dict[str, Any]:
    item = row.item.item
    place = {name: getattr(item, name) for name in ("source", "title", "organization", "location", "url")}
    return {
        "search": row.search,
        "event": str(row.event),
        "at": row.at.isoformat(),
        **place,
        "duplicate": row.duplicate,
        "why": _why(row),
    }
