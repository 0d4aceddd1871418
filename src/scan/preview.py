"""What a run would do: fetched, normalized, compared and matched, with nothing written and nothing sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from scan.changes import compare
from scan.config.model import Config, SourceEntry
from scan.details import Chooser, Memory, Whole
from scan.fetch import Conversation, Fetcher
from scan.fetch.remembered import HostMemory
from scan.match.matcher import Matcher
from scan.match.search import selects
from scan.model import Item, Match, Rejected
from scan.normalize import identify, raw_hash
from scan.redaction import Redaction
from scan.sources.collected import Collected
from scan.sources.detailing import Details
from scan.sources.walk import walk


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
    config: Config,
    entries: Sequence[SourceEntry],
    *,
    fetcher: Fetcher,
    memory: Memory,
    hosts: HostMemory,
    now: datetime,
) -> Iterator[SourcePreview]:
    """Look at sources as a run would, in whatever order they answer. Nothing is conditional: all there is, is shown."""
    matcher, redact = Matcher(config.searches, now=now), Redaction(config.secrets)
    conversations = ((entry, _conversation(config, entry, memory, matcher, now)) for entry in entries)
    for entry, collected in fetcher.drive(conversations, memory=hosts):
        if collected.error is not None:
            yield SourcePreview(source=entry.name, kind=entry.source.kind, error=redact(str(collected.error)))
        else:
            yield _seen(config, entry, collected, matcher, memory, now)


def _conversation(
    config: Config, entry: SourceEntry, memory: Memory, matcher: Matcher, now: datetime
) -> Conversation[Collected]:
    details = None
    if entry.reads_details:
        choose = Chooser(entry, memory=memory, matcher=matcher, searches=_looking(config, entry), now=now)
        details = Details(choose=choose, most=entry.details, go_on=lambda: True)
    return walk(entry.source, headers=entry.headers, allow_private=entry.allow_private, details=details)


def _looking(config: Config, entry: SourceEntry) -> list[str]:
    return [search.name for search in config.searches if selects(search, entry.names, entry.tags)]


def _seen(
    config: Config, entry: SourceEntry, collected: Collected, matcher: Matcher, memory: Memory, now: datetime
) -> SourcePreview:
    raw = {key: item for item in reversed(collected.items) if (key := identify(item)) is not None}
    keys = list(reversed(raw))
    known = memory.known(entry.name, keys)
    whole = Whole(entry, raw, collected.details, known=known, memory=memory, now=now)
    warnings: list[str] = []

    def read(key: str) -> Item | Rejected:
        return whole.item(key, warnings.append)

    changes = compare(known, [(key, raw_hash(raw[key])) for key in keys], read, whole.completed)
    words = {item.key: "new" for item in changes.new}
    words |= {item.key: "changed" for _, item in changes.changed}
    words |= {item.key: "returned" for _, item in changes.returned}
    looking = _looking(config, entry)
    items = [item for key in keys if isinstance(item := whole.shown(key, warnings.append), Item)]
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
