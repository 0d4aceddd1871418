"""Rows of the database from and to the values that cross rooms."""

from typing import Any

import msgspec

from scan.cadence import SourceState
from scan.model import Event, Item, MatchRow, Reason, StoredItem
from scan.page import Validators
from scan.store.sql import sa, t

OF_ITEM = (
    "key", "kind", "title", "url", "organization", "location", "published_at", "updated_at", "attributes",
    "content_hash", "fingerprint",
)  # fmt: skip


def stored_items(*more: Any) -> "sa.Select[Any]":
    """Select items whole, with more columns where given; `stored_item` reads what comes back."""
    return _items(t.texts.c.text, *more).join(t.texts, t.texts.c.item_id == t.items.c.id)


def narrow_items() -> "sa.Select[Any]":
    """Select items without their texts, which are empty in what `stored_item` reads."""
    return _items(sa.literal("").label("text"))


def _items(*more: Any) -> "sa.Select[Any]":
    seen_at = t.sources.c.last_success_at.label("source_seen_at")
    return sa.select(t.items, t.sources.c.name.label("source"), seen_at, *more).join_from(
        t.items, t.sources, t.items.c.source_id == t.sources.c.id
    )


def stored_item(row: Any) -> StoredItem:
    """Read an item with what the store knows of it."""
    return StoredItem(
        id=row.id,
        item=Item(source=row.source, text=row.text, **{name: getattr(row, name) for name in OF_ITEM}),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at or row.source_seen_at,
        changed_at=row.changed_at,
        gone_at=row.gone_at,
        revision=row.revision,
        episode=row.episode,
    )


def item_values(item: Item) -> dict[str, object]:
    """Write an item's own columns, all but its text."""
    return {
        "key": item.key,
        "kind": item.kind,
        "title": item.title,
        "url": item.url,
        "organization": item.organization,
        "location": item.location,
        "published_at": item.published_at,
        "updated_at": item.updated_at,
        "attributes": item.attributes,
        "content_hash": item.content_hash,
        "fingerprint": item.fingerprint,
    }


def matched_items() -> "sa.Select[Any]":
    """Select matches with their items; the match's columns bear the prefix `match_`."""
    return stored_items(*(column.label(f"match_{column.name}") for column in t.matches.c)).join(
        t.matches, t.matches.c.item_id == t.items.c.id
    )


def match_row(row: Any, told: dict[str, int]) -> MatchRow:
    """Read a recorded match."""
    return MatchRow(
        id=row.match_id,
        search=row.match_search,
        event=Event(row.match_event),
        at=row.match_at,
        run_id=row.match_run_id,
        duplicate=row.match_duplicate,
        reasons=reasons(row),
        item=stored_item(row),
        told=told,
    )


def reasons(row: Any) -> tuple[Reason, ...]:
    """Read why a search matched."""
    return msgspec.convert(row.match_reasons, tuple[Reason, ...])


_OF_SOURCE = tuple(name for name in SourceState.__struct_fields__ if name != "validators")
OF_SOURCE = (
    "name", "fingerprint", "etag", "last_modified", "body_hash", "last_attempt_at", "last_success_at", "last_status",
    "last_error", "consecutive_failures", "not_before", "last_count", "suspicious_since", "failing_since",
    "baselined_at", "crashes", "seconds", "missed",
)  # fmt: skip
"""The columns of what is remembered of a source, in the table's order."""


def source_states() -> "sa.Select[Any]":
    """Select what is remembered of sources; `source_state` reads what comes back."""
    return sa.select(*(t.sources.c[name] for name in _OF_SOURCE), t.sources.c.etag, t.sources.c.last_modified)


def source_state(row: Any) -> SourceState:
    """Read what is remembered of a source."""
    *plain, etag, last_modified = row
    validators = Validators(etag=etag, last_modified=last_modified)
    return SourceState(validators=validators, **dict(zip(_OF_SOURCE, plain, strict=True)))


def source_values(state: SourceState) -> dict[str, object]:
    """Write what is remembered of a source."""
    plain = {name: getattr(state, name) for name in _OF_SOURCE}
    return {**plain, "etag": state.validators.etag, "last_modified": state.validators.last_modified}
