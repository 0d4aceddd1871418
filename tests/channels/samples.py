"""Digests to render."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from scan.channels.email import Email
from scan.model import Digest, Event, FieldChange, Item, Notice, Reason

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
ME = "me@example.org"

ENGINEER = Item(
    source="acme",
    key="1",
    kind="job",
    title="Senior Engineer",
    url="https://jobs.acme.test/1",
    organization="Acme",
    location="Berlin",
    text="Python and Go. " * 100,
    published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    attributes={"salary_min": 90000, "remote": True, "tags": ["a", "b"]},
    content_hash=b"\x01",
)


def item(**fields: Any) -> Item:
    """Make an item like `ENGINEER` but for some fields, unchecked, as hostile ones are."""
    return msgspec.structs.replace(ENGINEER, **fields)


def notice(told: Item = ENGINEER, **fields: Any) -> Notice:
    given: dict[str, Any] = {
        "delivery": "d1",
        "search": "backend",
        "event": Event.NEW,
        "item": told,
        "sources": ("acme", "remoteok"),
        "reasons": (
            Reason(rule="any", term="python", field="title"),
            Reason(rule="all", term="remote", field="text", excerpt="work fully remote from"),
            Reason(rule="where", term="attributes.salary_min >= 90000"),
        ),
    }
    return Notice(**given | fields)


def changed() -> Notice:
    moved = (FieldChange("location", "Bonn", "Berlin"), FieldChange("organization", None, "Acme"))
    return notice(item(title="Data Engineer", key="2"), event=Event.CHANGED, changes=moved, reasons=())


def gone() -> Notice:
    return notice(item(title="Cook", key="3", url=None), event=Event.GONE, search="kitchen", reasons=())


def digest(*notices: Notice, **fields: Any) -> Digest:
    given: dict[str, Any] = {"id": "ab" * 20, "profile": "jobs", "created_at": NOW, "notices": notices or (notice(),)}
    return Digest(**given | fields)


def email(**fields: Any) -> Email:
    given: dict[str, Any] = {
        "name": "me",
        "to": (ME,),
        "from_": "Scan <scan@example.org>",
        "smtp": "smtps://scan:sesame@mail.example.org",
    }
    return Email(**given | fields)
