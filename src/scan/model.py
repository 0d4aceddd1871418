"""The nouns that cross rooms. Frozen; times are aware UTC.

A source gives `RawItem`s, copied word for word. `scan.normalize` makes `Item`s of them, the only form that is stored,
matched or told.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

ItemKind = Literal["job", "article", "document", "listing", "event", "item"]


class RawTime(msgspec.Struct, frozen=True, kw_only=True):
    """A time as a source wrote it, where the source's config says how to read it.

    Attributes:
        value: as written.
        format: for `datetime.strptime`, or None to recognize it.
        zone: an IANA zone for a time without one, or None for UTC.

    """

    value: str
    format: str | None = None
    zone: str | None = None


class RawItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item as its source wrote it: every text word for word, not cleaned, not decoded.

    Attributes:
        key: the source's own id; None where it has none (then the address, then the title identify the item).
        url: may be relative to `base`.
        base: the address that relative ones are relative to; empty for the page's own.
        location: one text, or several that are joined.
        text: the description.
        markup: what `text` is: plain text, HTML, or HTML that the service escaped once more.
        published_at, updated_at: any text, epoch seconds or milliseconds, or a `RawTime`.
        attributes: what is special to the kind; JSON values.

    """

    key: str | int | None = None
    title: str | None = None
    url: str | None = None
    base: str = ""
    organization: str | None = None
    location: str | tuple[str, ...] | None = None
    text: str | None = None
    markup: Literal["plain", "html", "escaped"] = "html"
    published_at: str | int | float | RawTime | None = None
    updated_at: str | int | float | RawTime | None = None
    attributes: dict[str, object] = {}


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """One odd row. It is counted and warned of once a source; it never costs the others.

    Attributes:
        reason: what is wrong with it.
        example: the row, shortened.

    """

    reason: str
    example: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a source lists, cleaned: plain text, absolute addresses, UTC times. See docs/items.md.

    Attributes:
        key: identity within its source.
        content_hash: of the normalized fields; decides new, changed, unchanged.
        fingerprint: the same posting elsewhere has the same one; None where too little is known.

    """

    source: str
    key: str
    kind: ItemKind
    title: str
    url: str | None = None
    organization: str | None = None
    location: str | None = None
    text: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    attributes: Mapping[str, object] = {}
    content_hash: bytes
    fingerprint: bytes | None = None


class Event(StrEnum):
    """What happened to an item, as `on:` of a search names it."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    SUSPICIOUS = "suspicious"


class FieldChange(msgspec.Struct, frozen=True):
    """One field's old and new value, as text."""

    field: str
    old: str | None
    new: str | None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a search matched: one word, pattern or condition that held.

    Attributes:
        rule: `any`, `all`, `where`, or with a field, `title.any`.
        term: the word, pattern or condition as the config has it.
        field: where it was found (`title`, `text`, …), or None for a condition.
        excerpt: the text around the hit.

    """

    rule: str
    term: str
    field: str | None = None
    excerpt: str | None = None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A search met an item."""

    search: str
    event: Event
    reasons: tuple[Reason, ...]


class StoredItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item with what the store knows of it.

    Attributes:
        last_seen_at: for an item that is still listed, its source's last success.
        revision: how many changes that matter it has seen.
        episode: counts its reappearances that deserve a new alert.

    """

    id: int
    item: Item
    first_seen_at: datetime
    last_seen_at: datetime | None
    changed_at: datetime | None
    gone_at: datetime | None
    revision: int
    episode: int


class MatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded match.

    Attributes:
        told: of its deliveries by state, such as `{"sent": 1, "pending": 1}`; empty if nobody was to be told.

    """

    id: int
    search: str
    event: Event
    at: datetime
    run_id: str
    duplicate: bool
    reasons: tuple[Reason, ...]
    item: StoredItem
    told: Mapping[str, int]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One match as a channel tells it.

    Attributes:
        delivery: the delivery's identity, the same at every try.
        first_run: matched on its source's first run, so it is told in one message, marked as such.
        sources: every source that has this posting, the first finder first.
        changes: what changed, for a changed item.

    """

    delivery: str
    search: str
    event: Event
    item: Item
    sources: tuple[str, ...]
    reasons: tuple[Reason, ...]
    changes: tuple[FieldChange, ...] = ()
    first_run: bool = False


AlertKind = Literal["suspicious", "failing", "recovered", "dead", "held", "config_error", "start_failed"]
"""A source's result is hard to believe; a source fails for long; a source works again; deliveries were given up; they
are held back; a channel is out of order; a start of the service failed."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that whoever runs `scan` should know, as a channel tells it.

    Attributes:
        delivery: the delivery's identity, the same at every try.
        subject: the source or channel it is about.
        since: when it began.
        text: one sentence, with the subject in it.
        lines: of a log, where it helps.

    """

    delivery: str
    kind: AlertKind
    subject: str
    since: datetime
    text: str
    lines: tuple[str, ...] = ()


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What one message to one recipient tells. Its membership is fixed: a retry never grows.

    Attributes:
        id: the message's identity, from its deliveries; the same at every try.
        created_at: when it was composed.
        alerts: in messages of their own, without notices.
        backlog: all of it was found by new or changed searches among what was stored already.
        zone: the IANA zone of the dates that people read.

    """

    id: str
    profile: str
    created_at: datetime
    notices: tuple[Notice, ...] = ()
    alerts: tuple[Alert, ...] = ()
    backlog: bool = False
    zone: str = "UTC"
