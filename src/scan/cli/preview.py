"""`scan preview`."""

from typing import TYPE_CHECKING

import click

from scan.cli.chosen import chosen
from scan.cli.context import Settings
from scan.cli.door import FAILED, OK, PARTLY_FAILED
from scan.cli.lists import with_lists
from scan.cli.output import counted, now_utc, safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.preview import Previewed, SourcePreview

CHANGES = ("new", "changed", "returned", "unchanged")
"""In the order in which they are shown."""


@click.command(name="preview")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=20,
    show_default=True,
    help="Items shown of each source.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with every field.")
@click.pass_obj
def command(settings: Settings, *, sources: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Fetch, normalize and match; show what a run would store and send. Nothing is changed.

    What is new or changed comes first. What is unchanged and matches is shown too, though nobody is told again.

    Exit status: 0 all sources answered; 1 every source failed; 3 some failed.
    """
    from scan.details import Nothing
    from scan.fetch.remembered import HostMemory
    from scan.preview import preview

    settings.become_owner()
    now = now_utc()
    config = with_lists(settings, settings.load_config(), now, stop=lambda: False, keep=False)
    entries = chosen(config, sources)
    with settings.reading(config) as store, settings.fetcher(config) as fetcher:
        hosts = HostMemory(wall=now_utc)
        if store:
            hosts = HostMemory(store.host_states(now), wall=now_utc, recall=store.robots_of)
        seen = list(preview(config, entries, fetcher=fetcher, memory=store or Nothing(), hosts=hosts, now=now))
    order = {entry.name: number for number, entry in enumerate(entries)}
    seen.sort(key=lambda source: order[source.source])
    if as_json:
        _print_json(seen, limit)
    else:
        for source in seen:
            _print(source, limit)
    failed = sum(source.error is not None for source in seen)
    return OK if not failed else FAILED if failed == len(seen) else PARTLY_FAILED


def _print_json(seen: "list[SourcePreview]", limit: int) -> None:
    import msgspec

    from scan.cli.documents import print_json
    from scan.flat import plain

    cut = [msgspec.structs.replace(source, items=_first(source, limit)) for source in seen]
    counts = {source.source: len(source.items) for source in seen}
    print_json({"sources": [{**plain(source), "total": counts[source.source]} for source in cut]})


def _print(source: "SourcePreview", limit: int) -> None:
    if source.error is not None:
        click.echo(f"{source.source} ({source.kind}): failed: {safe(source.error)}")
        return
    matched = sum(bool(item.matches) for item in source.items)
    changes = [item.change for item in source.items]
    counts = ", ".join(f"{changes.count(word)} {word}" for word in CHANGES if word == "new" or word in changes)
    items = counted(len(changes), "item", "items")
    click.echo(f"{source.source} ({source.kind}): {items} ({counts}), {matched} match")
    for item in _first(source, limit):
        click.echo(_line(item))
    if len(source.items) > limit:
        click.echo(f"  … and {len(source.items) - limit} more (--limit)")
    if source.truncated:
        click.echo(f"  cut short: {safe(source.truncated)}")
    for rejected in source.rejected[:3]:
        click.echo(f"  left out: {safe(rejected.reason)}: {safe(rejected.example)}")
    for warning in source.warnings[:3]:
        click.echo(f"  warning: {safe(warning)}")


def _first(source: "SourcePreview", limit: int) -> "tuple[Previewed, ...]":
    """Pick what to show: what a run would store and tell comes before what is known."""
    return tuple(sorted(source.items, key=lambda item: CHANGES.index(item.change))[:limit])


def _line(previewed: "Previewed") -> str:
    item = previewed.item
    place = ", ".join(filter(None, (item.organization, item.location)))
    lines = [f"  {previewed.change:9} {safe(item.title)}{f' ({safe(place)})' if place else ''}"]
    lines += [f"            {safe(item.url)}"] if item.url else []
    for match in previewed.matches:
        why = ", ".join(dict.fromkeys(reason.term for reason in match.reasons))
        lines.append(f"            matches {match.search}{f': {safe(why)}' if why else ''}")
    return "\n".join(lines)
