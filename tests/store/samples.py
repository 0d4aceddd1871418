"""Items, results and runs to store."""

import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta

import msgspec
import sqlalchemy.exc

from scan.cadence import SourceState
from scan.model import Event, Item, Match, Reason
from scan.outcome import SourceRun
from scan.page import Validators
from scan.store.database import Store
from scan.store.records import Absorbed, NewDelivery, NewItem, NewMatch, RunStart

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
TWICE = (sqlite3.IntegrityError, sqlalchemy.exc.IntegrityError)
"""What a row that is there already ends in: the driver's own error, or SQLAlchemy's."""

RUN = "0192f3a0-0000-7000-8000-000000000001"


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def an_item(key: str = "job-1", source: str = "acme", **changed: object) -> Item:
    item = Item(
        source=source,
        key=key,
        kind="job",
        title=f"Title of {key}",
        url=f"https://example.org/{key}",
        organization="Acme",
        location="Berlin",
        text=f"Text of {key}",
        published_at=NOW - timedelta(days=1),
        attributes={"remote": True, "salary_min": 90000},
        content_hash=digest(key),
        fingerprint=digest("posting of " + key),
    )
    return msgspec.structs.replace(item, **changed)


def new(item: Item, *matches: NewMatch) -> NewItem:
    return NewItem(item=item, raw_hash=digest("raw " + item.key), matches=matches)


def a_match(*deliveries: NewDelivery, search: str = "backend", event: Event = Event.NEW, **more: object) -> NewMatch:
    reasons = (Reason(rule="any", term="python", field="title", excerpt="… python …"),)
    first = NewMatch(match=Match(search=search, event=event, reasons=reasons), deliveries=deliveries)
    return msgspec.structs.replace(first, **more)


def delivery(name: str, channel: str = "me", recipient: str = "me@example.org") -> NewDelivery:
    return NewDelivery(id=name, channel=channel, recipient=recipient, state="pending")


def state(source: str = "acme", at: datetime = NOW, **changed: object) -> SourceState:
    first = SourceState(
        name=source,
        fingerprint="f" * 32,
        validators=Validators(etag='W/"1"', last_modified="Mon, 23 Nov 2026 08:00:00 GMT"),
        body_hash=digest("body"),
        last_attempt_at=at,
        last_success_at=at,
        last_status="ok",
        last_count=1,
        baselined_at=NOW,
    )
    return msgspec.structs.replace(first, **changed)


def source_run(source: str = "acme", **changed: object) -> SourceRun:
    first = SourceRun(
        source=source, kind="greenhouse", status="ok", duration_seconds=0.25, bytes=81234, http_status=200
    )
    return msgspec.structs.replace(first, **changed)


def start(run: str = RUN, at: datetime = NOW) -> RunStart:
    return RunStart(id=run, profile="scan", trigger="timer", host="box", pid=7, version="1.2.3", started_at=at)


def result(source: str = "acme", at: datetime = NOW, **what: object) -> Absorbed:
    return msgspec.structs.replace(Absorbed(state=state(source, at), run=source_run(source)), **what)


def begun(store: Store, number: int = 1, at: datetime = NOW) -> str:
    """Open a run; returns its id."""
    run = RUN[:-2] + f"{number:02}"
    store.begin_run(start(run, at))
    return run


def told(store: Store, *names: str, channel: str = "me", recipient: str = "me@example.org") -> None:
    """Absorb one matching item for each delivery."""
    news = [new(an_item("job-" + name), a_match(delivery(name, channel, recipient))) for name in names]
    store.absorb(begun(store), NOW, result(new=tuple(news)))
