"""Digests that templates are tried on: every event, and an item with hardly anything known of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from scan.model import Digest, Event, FieldChange, Item, Notice, Reason

_ENGINEER = Item(
    source="acme",
    key="1",
    kind="job",
    title="Senior Engineer",
    url="https://jobs.example.org/1",
    organization="Acme",
    location="Berlin",
    text="You will build what others rely on, in Python and Go.",
    published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    updated_at=datetime(2026, 11, 21, tzinfo=UTC),
    attributes={"remote": True, "salary_min": 90000},
    content_hash=b"",
)
_COOK = Item(source="mirror", key="2", kind="item", title="Cook", content_hash=b"")


def samples() -> Iterator[Digest]:
    """Give a digest with everything in it, and one with a single bare item."""
    python = Reason(rule="any", term="python", field="text", excerpt="on, in Python and Go")
    condition = Reason(rule="where", term="attributes.remote == true")
    found = Notice(
        delivery="1",
        search="backend",
        event=Event.NEW,
        item=_ENGINEER,
        sources=("acme", "mirror"),
        reasons=(python, condition),
    )
    moved = (FieldChange("location", "Bonn", "Berlin"), FieldChange("organization", None, "Acme"))
    bare = Notice(delivery="2", search="kitchen", event=Event.NEW, item=_COOK, sources=("mirror",), reasons=())
    replace = msgspec.structs.replace
    yield _digest(
        found,
        replace(found, delivery="3", event=Event.CHANGED, changes=moved),
        replace(bare, delivery="4", first_run=True),
        replace(bare, delivery="5", event=Event.GONE),
        replace(bare, delivery="6", event=Event.SUSPICIOUS),
    )
    yield _digest(bare)


def _digest(*notices: Notice) -> Digest:
    return Digest(id="sample", profile="sample", created_at=datetime(2026, 11, 22, 6, tzinfo=UTC), notices=notices)
