"""A digest as JSON, for programs. What is in it is a promise: fields are added, never renamed or taken away.

    {"version": 1, "id": "…", "profile": "jobs", "created_at": "2026-11-20T06:00:00Z", "backlog": false, "more": 0,
     "alerts": [],
     "notices": [
       {"id": "…", "search": "backend", "event": "new", "first_run": false,
        "item": {"source": "acme", "key": "1", "kind": "job", "title": "Senior Engineer", "url": "https://…",
                 "organization": "Acme", "location": "Berlin", "text": "…", "published_at": "2026-11-19T08:00:00Z",
                 "updated_at": null, "attributes": {"remote": true}},
        "sources": ["acme"],
        "reasons": [{"rule": "any", "term": "python", "field": "title", "excerpt": "…"}],
        "changes": [{"field": "location", "old": "Bonn", "new": "Berlin"}]}]}

`id` is the message's identity, and that of each notice: the same at every try, and never another's. `event` is `new`,
`changed`, `gone` or `suspicious`. `text` is the description's first 1,000 characters. `more` counts what had no room.
`backlog` says that a new or changed search found all of it among what was stored already.

What is wrong with sources and channels (`alerts:` in the config) comes in messages of its own, with `notices` empty:

    {"id": "…", "kind": "suspicious", "subject": "acme", "since": "2026-11-20T06:00:00Z",
     "text": "acme is suspicious: no items, 40 before"}

`kind` is `suspicious`, `failing` or `recovered` of a source, `held` of what was found in a source, `dead` (deliveries
that were given up) or `config_error` of a channel, `start_failed` of the service itself, with the last `lines` of its
log.
"""

from collections.abc import Mapping

import msgspec

from scan.channels.clean import one_line, web_link
from scan.model import Alert, Digest, Notice

TEXT_LIMIT = 1000
"""Characters of an item's text that are passed on; the whole is in the store."""

ITEM = (
    "source",
    "key",
    "kind",
    "title",
    "url",
    "organization",
    "location",
    "text",
    "published_at",
    "updated_at",
    "attributes",
)
"""An item's fields that are told."""


def as_json(digest: Digest, max_items: int) -> bytes:
    """Write a digest, at most `max_items` of its items. Never raises, whatever the items hold."""
    told = digest.notices[:max_items]
    return msgspec.json.encode(
        {
            "version": 1,
            "id": digest.id,
            "profile": digest.profile,
            "created_at": digest.created_at,
            "backlog": digest.backlog,
            "more": len(digest.notices) - len(told),
            "alerts": [_alert(alert) for alert in digest.alerts],
            "notices": [_encoded(notice) for notice in told],
        }
    )


def _alert(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.delivery,
        "kind": alert.kind,
        "subject": one_line(alert.subject),
        "since": alert.since,
        "text": one_line(alert.text, TEXT_LIMIT),
        **({"lines": [one_line(line, TEXT_LIMIT) for line in alert.lines]} if alert.lines else {}),
    }


def _encoded(notice: Notice) -> msgspec.Raw:
    """Encode one notice; one that cannot be is told by its names and link, so that the others still go out."""
    try:
        return msgspec.Raw(msgspec.json.encode(_notice(notice, _item(notice))))
    except Exception:  # noqa: BLE001 - whatever is wrong with one item must not cost the others their message
        return msgspec.Raw(msgspec.json.encode(_bare(notice)))


def _notice(notice: Notice, item: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": notice.delivery,
        "search": notice.search,
        "event": notice.event,
        "first_run": notice.first_run,
        "item": item,
        "sources": notice.sources,
        "reasons": notice.reasons,
        "changes": notice.changes,
    }


def _item(notice: Notice) -> dict[str, object]:
    fields = {name: getattr(notice.item, name) for name in ITEM}
    return fields | {"text": notice.item.text[:TEXT_LIMIT]}


def _bare(notice: Notice) -> dict[str, object]:
    item = notice.item
    names = {"source": item.source, "key": item.key, "kind": item.kind, "title": item.title}
    fields: dict[str, object] = dict.fromkeys(ITEM)
    fields |= {name: one_line(str(value), 1000) for name, value in names.items()}
    fields |= {"url": web_link(item.url) if isinstance(item.url, str) else None, "text": "", "attributes": {}}
    return {
        "id": notice.delivery,
        "search": one_line(notice.search),
        "event": notice.event,
        "first_run": notice.first_run,
        "item": fields,
        "sources": [one_line(source) for source in notice.sources],
        "reasons": [],
        "changes": [],
    }
