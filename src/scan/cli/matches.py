"""`scan matches`."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from scan.cli.chosen import unknown
from scan.cli.context import Settings
from scan.cli.moments import Moment, instant
from scan.cli.output import Cell, counted, now_utc, table, titled, when
from scan.cli.paging import paged, part, say_more

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.model import Item, MatchRow, Reason
    from scan.rematch import Rematch, Rematched
    from scan.store.database import Store

HEADS = ("search", "event", "at", "source", "title", "organization", "location", "url", "duplicate", "told", "why")
"""Of the CSV; the same for what is recorded and for what would match."""

FATES = {
    "sent": "yes",
    "pending": "waiting",
    "batched": "waiting",
    "held": "held",
    "dead": "given up",
    "dropped": "dropped",
    "baseline": "baseline",
}
"""Whether a match was told, in a word, by the state of its deliveries; the first that holds for one of them."""


@click.command(name="matches")
@click.option("--search", metavar="NAME", help="Of this search only.")
@click.option("--since", type=Moment(), metavar="WHEN", help="Since a date, or within a span such as 2d.")
@click.option("--rematch", "again", is_flag=True, help="What --search as it is now finds in what is stored.")
@paged(50)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_obj
def command(
    settings: Settings,
    *,
    search: str | None,
    since: datetime | None,
    again: bool,
    limit: int,
    offset: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List what the searches found, the newest first, and why it matched.

    With --rematch, the search is evaluated as the config has it now on every stored item that is not gone (--since:
    that was first seen since then): what would match, why, and whether it was told. Nothing is sent or written.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    if again and search is None:
        raise click.UsageError("--rematch needs --search NAME.")
    settings.become_owner()
    config = settings.load_config()
    since = instant(since, config.timezone)
    with settings.reading(config) as store:
        if again and search is not None:
            result = _rematched(config, store, search, since, limit + offset)
            _print_rematched(search, result, offset, config, as_json=as_json, as_csv=as_csv)
            return
        _check(config, store, search)
        read = partial(store.matches, search=search, since=since) if store else None
        found, following = part(read, limit, offset)
    _print_matches(found, following, config, started=store is not None, as_json=as_json, as_csv=as_csv)


def _check(config: "Config", store: "Store | None", search: str | None) -> None:
    """Refuse the name of a search that neither is nor was there."""
    known = {one.name for one in config.searches}
    if search is not None and search not in known and not (store and search in store.search_fingerprints()):
        raise unknown("search", search, known, config)


def _rematched(config: "Config", store: "Store | None", name: str, since: datetime | None, limit: int) -> "Rematched":
    from scan.rematch import Rematched, rematch

    search = next((search for search in config.searches if search.name == name), None)
    if search is None:
        raise unknown("search", name, [search.name for search in config.searches], config)
    if store is None:
        return Rematched(looked_at=0, matched=0, untold=0, newest=())
    return rematch(config, store, search, now=now_utc(), since=since, limit=limit)


def _print_matches(
    found: "Sequence[MatchRow]",
    following: int | None,
    config: "Config",
    *,
    started: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    from scan import flat
    from scan.cli import documents

    if as_json:
        documents.print_json({"matches": [flat.match(row) for row in found], "next_offset": following})
        return
    if as_csv:
        documents.print_csv(HEADS, [_csv(row.search, row, row.item.item, row.reasons) for row in found])
    elif found:
        heads = ("FOUND", "SEARCH", "SOURCE", "TITLE", "TOLD", "WHY")
        click.echo(table(heads, [_line(row, config) for row in found]))
    else:
        click.echo("no matches" if started else "no matches: nothing was scanned yet")
    say_more(following)


def _line(row: "MatchRow", config: "Config") -> tuple[object, ...]:
    item = row.item.item
    search = row.search if row.event == "new" else f"{row.search} ({row.event})"
    return when(row.at, config.timezone), search, item.source, _title(item), told(row), why(row.reasons)


def _title(item: "Item") -> Cell:
    return Cell(titled(item), link=item.url)


def _print_rematched(
    search: str, result: "Rematched", offset: int, config: "Config", *, as_json: bool, as_csv: bool
) -> None:
    from scan.cli import documents

    shown = result.newest[offset:]
    following = len(result.newest) if len(result.newest) < result.matched else None
    if as_json:
        counts = {"looked_at": result.looked_at, "matched": result.matched, "untold": result.untold}
        found = [documents.rematch(one) for one in shown]
        documents.print_json({**counts, "matches": found, "next_offset": following})
        return
    if as_csv:
        documents.print_csv(HEADS, [_csv(search, one.recorded, one.stored.item, one.reasons) for one in shown])
    else:
        if shown:
            heads = ("FIRST SEEN", "SOURCE", "TITLE", "TOLD", "WHY")
            click.echo(table(heads, [_rematch_line(one, config) for one in shown]))
        items = counted(result.looked_at, "item", "items")
        click.echo(f"{result.matched} of {items} match, {result.untold} of them not told yet; nothing was sent")
    say_more(following)


def _rematch_line(one: "Rematch", config: "Config") -> tuple[object, ...]:
    item = one.stored.item
    seen = when(one.stored.first_seen_at, config.timezone)
    return seen, item.source, _title(item), told(one.recorded), why(one.reasons)


def told(row: "MatchRow | None") -> str:
    """Say in a word whether a match was told; `no` where there is none."""
    if row is None:
        return "no"
    if row.duplicate:
        return "duplicate"
    return next((word for state, word in FATES.items() if row.told.get(state)), "nobody")


def why(reasons: "Sequence[Reason]") -> str:
    """Name the words and conditions that held."""
    return ", ".join(dict.fromkeys(reason.term for reason in reasons))


def _csv(search: str, row: "MatchRow | None", item: "Item", reasons: "Sequence[Reason]") -> dict[str, Any]:
    recorded = {} if row is None else {"event": str(row.event), "at": row.at}
    place = {name: getattr(item, name) for name in ("source", "title", "organization", "location", "url")}
    duplicate = row is not None and row.duplicate
    return {"search": search, **recorded, **place, "duplicate": duplicate, "told": told(row), "why": why(reasons)}
