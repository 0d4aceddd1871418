"""What is new, changed, unchanged, gone, returned, suspicious. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from scan.model import FieldChange, Item, Rejected

SMALL = 10
"""Sources with fewer items than this may lose half of them without a raised eyebrow."""

CONFIRMED_AFTER = 2
"""A suspicious result is believed when it is still so after this many intervals of its source."""

TOLD_FIELDS = ("title", "url", "organization", "location", "text", "published_at")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of an item, as far as comparing needs it.

    Attributes:
        raw_hash: of the item as its source wrote it; the same one means nothing to do.
        content_hash: of the normalized fields; decides whether it changed.
        listed: it was in the source's last result.
        gone: it was missing from a complete result, and has not come back.
        revision: how many changes it has seen.
        episode: counts its reappearances that deserve a new alert.
        left_at: when it was last seen, for one that is not listed.

    """

    id: int
    key: str
    raw_hash: bytes
    content_hash: bytes
    listed: bool
    gone: bool
    revision: int = 0
    episode: int = 0
    left_at: datetime | None = None


class DetailState(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of an item's own page, where it has one that says more than the list.

    Attributes:
        listed: content hash of what the list alone said when the page was last wanted; while it is so, and nothing is
            outstanding, the page need not be read again.
        read: what it said, now or at an earlier time, is part of the item.
        tries: how often it was asked for in vain since it is wanted; None if nothing is outstanding.

    """

    listed: bytes
    read: bool
    tries: int | None


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """A source's items, sorted by what became of them.

    Attributes:
        changed: with what was known of them.
        returned: known but not listed last time; the content may differ too.
        completed: unchanged as far as the list goes; their own pages were read, or given up.
        recoded: written differently, yet the same once normalized.
        missing: listed last time, and not any more.

    """

    new: tuple[Item, ...] = ()
    changed: tuple[tuple[Known, Item], ...] = ()
    returned: tuple[tuple[Known, Item], ...] = ()
    completed: tuple[tuple[Known, Item], ...] = ()
    recoded: tuple[Known, ...] = ()
    unchanged: int = 0
    missing: tuple[Known, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def compare(
    known: Mapping[str, Known],
    seen: Iterable[tuple[str, bytes]],
    read: Callable[[str], Item | Rejected],
    completed: Collection[str] = (),
) -> Changes:
    """Sort the items of one source's result.

    Args:
        known: by key: every listed item, and those of the seen ones that were known before.
        seen: (key, raw_hash), keys unique.
        read: normalizes the seen item of a key; called only where its bytes say that something may have changed.
        completed: the keys of known items that the list has not changed, but their own pages may have.

    """
    new: list[Item] = []
    changed: list[tuple[Known, Item]] = []
    returned: list[tuple[Known, Item]] = []
    whole: list[tuple[Known, Item]] = []
    recoded: list[Known] = []
    rejected: list[Rejected] = []
    unchanged = 0
    present: set[str] = set()
    for key, raw_hash in seen:
        present.add(key)
        before = known.get(key)
        complete = key in completed
        if before is not None and before.listed and before.raw_hash == raw_hash and not complete:
            unchanged += 1
            continue
        item = read(key)
        if isinstance(item, Rejected):
            rejected.append(item)
        elif before is None:
            new.append(item)
        elif not before.listed:
            returned.append((before, item))
        elif complete:
            unchanged += 1
            whole.append((before, item))
        elif before.content_hash != item.content_hash:
            changed.append((before, item))
        else:
            unchanged += 1
            recoded.append(before)
    return Changes(
        new=tuple(new),
        changed=tuple(changed),
        returned=tuple(returned),
        completed=tuple(whole),
        recoded=tuple(recoded),
        unchanged=unchanged,
        missing=tuple(item for key, item in known.items() if item.listed and key not in present),
        rejected=tuple(rejected),
    )


def suspicion(*, listed: int, seen: int, missing: int, complete: bool, min_items: int) -> str | None:
    """Say why a result is hard to believe, or None.

    Args:
        listed: how many items the source had last time.
        seen: how many it has now.
        missing: how many of those listed are not there any more.
        complete: the source lists everything it has; a feed may replace all it shows.
        min_items: fewer than the config expects are never believed.

    """
    if seen < min_items:
        return f"{seen} items, at least {min_items} expected"
    if listed and not seen:
        return f"no items, {listed} before"
    if complete and listed >= SMALL and missing * 2 > listed:
        return f"{missing} of {listed} items are missing"
    return None


def confirmed(suspicious_since: datetime | None, *, now: datetime, every: timedelta) -> bool:
    """Tell whether a result that is still suspicious has been so for long enough to be believed."""
    return suspicious_since is not None and now - suspicious_since >= CONFIRMED_AFTER * every


def differences(old: Item, new: Item) -> tuple[FieldChange, ...]:
    """List the fields of one item that differ, old and new value as text."""
    fields = [(name, _shown(getattr(old, name)), _shown(getattr(new, name))) for name in TOLD_FIELDS]
    names = sorted({*old.attributes, *new.attributes})
    fields += [(f"attributes.{n}", _shown(old.attributes.get(n)), _shown(new.attributes.get(n))) for n in names]
    return tuple(FieldChange(name, before, after) for name, before, after in fields if before != after)


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value, order="deterministic").decode().strip('"')
