"""A source's raw items, cleaned as its entry says."""

from collections.abc import Callable
from datetime import datetime

from scan.config.model import SourceEntry
from scan.model import Item, RawItem, Rejected
from scan.normalize import normalize


def normalized(
    entry: SourceEntry, raw: RawItem, now: datetime, warn: Callable[[str], None] = lambda _: None
) -> Item | Rejected:
    """Clean an item of a source as its entry says; `warn` is told what could not be read."""
    return normalize(
        raw,
        source=entry.name,
        kind=entry.source.item_kind,
        base="",  # the walk has put each item's own into it
        organization=entry.source.organization,
        now=now,
        warn=warn,
    )
