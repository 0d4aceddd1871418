"""A raw item -> the item that is stored, matched and told."""

from collections.abc import Callable
from datetime import datetime

from scan.model import Item, ItemKind, RawItem, RawTime, Rejected
from scan.normalize.attributes import clean_attributes, digits
from scan.normalize.characters import cut
from scan.normalize.dates import NOTHING, Reading, parse_time
from scan.normalize.identity import base_of, content_hash, fingerprint, identify, own_key
from scan.normalize.text import MAX_LINE, one_line, plain
from scan.normalize.urls import both, last_part

_EXAMPLE = 80


def normalize(
    raw: RawItem,
    *,
    source: str,
    kind: ItemKind,
    base: str,
    organization: str | None,
    now: datetime,
    warn: Callable[[str], None] = lambda _: None,
) -> Item | Rejected:
    """Clean an item; reject one that has neither a title nor an address. Never raises; equal in, equal out.

    Args:
        raw: as its source wrote it.
        source: the name of the source.
        kind: of its items.
        base: the address of the page it was found on.
        organization: whose it is, where the item does not say.
        now: the run's time, from which "yesterday" is counted.
        warn: told what could not be read and was left out, one line each.

    """
    url, canonical_url = both(raw.url, base_of(raw, base)) if raw.url else (None, None)
    title = one_line(raw.title or "") or (one_line(last_part(url)) if url else "")
    key = identify(raw, base)
    if not title or key is None:
        return Rejected(reason="it has neither a title nor an address", example=_example(raw))
    owner = next((line for name in (raw.organization, organization) if name and (line := one_line(name))), None)
    location = _location(raw.location)
    text = plain(raw.text, raw.markup) if raw.text else ""
    attributes = clean_attributes(raw.attributes) if raw.attributes else {}
    published = NOTHING if raw.published_at is None else _time("published_at", raw.published_at, now, warn)
    updated = NOTHING if raw.updated_at is None else _time("updated_at", raw.updated_at, now, warn)
    return Item(
        source=source,
        key=key,
        kind=kind,
        title=title,
        url=url,
        organization=owner,
        location=location,
        text=text,
        published_at=published.at,
        updated_at=updated.at,
        attributes=attributes,
        content_hash=content_hash(
            title=title,
            url=canonical_url,
            organization=owner,
            location=location,
            text=text,
            published_at=None if published.approximate else published.at,
            attributes=attributes,
        ),
        fingerprint=fingerprint(title=title, url=canonical_url, organization=owner, location=location),
    )


def _location(location: str | tuple[str, ...] | None) -> str | None:
    """Join several places, each once."""
    if not location:
        return None
    if isinstance(location, str):
        return one_line(location) or None
    places: dict[str, str] = {}
    for place in map(one_line, location):
        places.setdefault(place.casefold(), place)
    places.pop("", None)
    return cut("; ".join(places.values()), MAX_LINE) or None


def _time(field: str, value: str | float | RawTime, now: datetime, warn: Callable[[str], None]) -> Reading:
    reading = parse_time(value, now=now)
    if not reading.readable:
        warn(f"{field}: {one_line(_written(value), _EXAMPLE)!r} is no time that can be read; it is left empty")
    return reading


def _written(value: object) -> str:
    if isinstance(value, RawTime):
        return value.value
    return digits(value) if isinstance(value, int) else str(value)


def _example(raw: RawItem) -> str:
    parts = {"key": own_key(raw), "url": raw.url, "text": raw.text}
    return one_line(", ".join(f"{name} {part[:_EXAMPLE]!r}" for name, part in parts.items() if part), 2 * _EXAMPLE)
