"""What a run would do: fetched, normalized, compared and matched, with nothing written and nothing sent."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from scan.changes import Known, compare
from scan.config.model import Config, SourceEntry
from scan.fetch import Fetcher
from scan.match import Matcher, selects
from scan.model import Item, Match, RawItem, Rejected
from scan.normalize import identify, normalize, raw_hash
from scan.redaction import Redaction
from scan.sources.walk import Collected, walk

KnownItems = Callable[[str, Collection[str]], Mapping[str, Known]]
"""(source, keys) -> what is stored of its items; nothing before the first run."""


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """One item: what a run would make of it, and the searches that it meets."""

    change: str
    item: Item
    matches: tuple[Match, ...]


class SourcePreview(msgspec.Struct, frozen=True, kw_only=True):
    """One source: its items in the source's order, or why there are none.

    Attributes:
        complete: these are all the items that the source has.
        truncated: why some are missing that should be there.

    """

    source: str
    kind: str
    error: str | None = None
    complete: bool = True
    truncated: str | None = None
    items: tuple[Previewed, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()


def preview(
    config: Config, entries: Sequence[SourceEntry], *, fetcher: Fetcher, known: KnownItems, now: datetime
) -> Iterator[SourcePreview]:
    """Look at sources as a run would, in whatever order they answer. Nothing is conditional: all there is, is shown."""
    matcher, redact = Matcher(config.searches, now=now), Redaction(config.secrets)
    conversations = (
        (entry, walk(entry.source, headers=entry.headers, allow_private=entry.allow_private)) for entry in entries
    )
    for entry, collected in fetcher.drive(conversations):
        if collected.error is not None:
            yield SourcePreview(source=entry.name, kind=entry.source.kind, error=redact(str(collected.error)))
        else:
            yield _seen(config, entry, collected, matcher, known, now)


def _seen(
    config: Config, entry: SourceEntry, collected: Collected, matcher: Matcher, known: KnownItems, now: datetime
) -> SourcePreview:
    raw = {key: item for item in reversed(collected.items) if (key := identify(item)) is not None}
    warnings: list[str] = []

    def read(key: str) -> Item | Rejected:
        return _normalized(entry, raw[key], now, warnings.append)

    keys = list(reversed(raw))
    changes = compare(known(entry.name, keys), [(key, raw_hash(raw[key])) for key in keys], read)
    words = {item.key: "new" for item in changes.new}
    words |= {item.key: "changed" for _, item in changes.changed}
    words |= {item.key: "returned" for _, item in changes.returned}
    looking = [search.name for search in config.searches if selects(search, entry.names, entry.tags)]
    items = [item for item in map(read, keys) if isinstance(item, Item)]
    return SourcePreview(
        source=entry.name,
        kind=entry.source.kind,
        complete=collected.complete,
        truncated=collected.truncated,
        items=tuple(
            Previewed(
                change=words.get(item.key, "unchanged"),
                item=item,
                matches=tuple(
                    Match(search=search.name, event=search.on[0], reasons=reasons)
                    for search, reasons in matcher.match(item, looking)
                ),
            )
            for item in items
        ),
        rejected=(*collected.rejected, *changes.rejected),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _normalized(entry: SourceEntry, raw: RawItem, now: datetime, warn: Callable[[str], None]) -> Item | Rejected:
    return normalize(
        raw,
        source=entry.name,
        kind=entry.source.item_kind,
        base="",
        organization=entry.source.organization,
        now=now,
        warn=warn,
    )
