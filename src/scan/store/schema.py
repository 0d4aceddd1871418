"""The tables. What is written here and what the migrations make is the same; a test compares.

Rows that every run touches are small, and what is only read when somebody looks is kept apart (`item_text`): an
unchanged run of 1,000 sources writes half a megabyte. Times are aware UTC (`Utc`).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from scan.store.types import Json, Utc


@compiles(CreateIndex, "postgresql")
def _partial_here_too(statement: CreateIndex, compiler: Any, **options: Any) -> str:
    """Make the indexes below that are partial on SQLite partial on PostgreSQL.

    `postgresql_where` beside `sqlite_where` would say so too, and import PostgreSQL's dialect with every start.
    """
    where = statement.element.dialect_options["sqlite"]["where"]
    if where is not None:
        statement.element.dialect_options["postgresql"]["where"] = where
    text: str = compiler.visit_create_index(statement, **options)
    return text


Id = BigInteger().with_variant(Integer, "sqlite")
"""A row's number; SQLite gives out its own only for a column that is called exactly INTEGER."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

sources = Table(
    "source",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("fingerprint", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", LargeBinary),
    Column("last_attempt_at", Utc),
    Column("last_success_at", Utc),
    Column("last_status", Text),
    Column("last_error", Text),
    Column("consecutive_failures", Integer, nullable=False),
    Column("not_before", Utc),
    Column("last_count", Integer),
    Column("suspicious_since", Utc),
    Column("failing_since", Utc),
    Column("baselined_at", Utc),
    Column("match_count", Integer, nullable=False, server_default="0"),  # ever: counting them would grow with them
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("seconds", Float),
    Column("missed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("name"),
)
IN_TROUBLE = or_(sources.c.suspicious_since.is_not(None), sources.c.failing_since.is_not(None))
Index("source_trouble", sources.c.name, sqlite_where=IN_TROUBLE)

hosts = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    Column("closed_until", Utc),
    Column("closed_status", Integer),
    Column("asked", Json, nullable=False),
    Column("seen_at", Utc, nullable=False),
)
Index("host_seen", hosts.c.seen_at)

robots = Table(
    "robots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("read_at", Utc, nullable=False),
)
Index("robots_read", robots.c.read_at)

items = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("source_id", Id, ForeignKey("source.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("raw_hash", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("first_seen_at", Utc, nullable=False),
    Column("last_seen_at", Utc),  # null while it is listed: then it is the source's last success
    Column("changed_at", Utc),
    Column("gone_at", Utc),
    Column("fingerprint", LargeBinary),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("organization", Text),
    Column("location", Text),
    Column("published_at", Utc),
    Column("updated_at", Utc),
    Column("attributes", Json, nullable=False),
    UniqueConstraint("source_id", "key"),
)
_LISTED = items.c.last_seen_at.is_(None)
_LEFT = items.c.last_seen_at.is_not(None)
Index("item_listed", items.c.source_id, sqlite_where=_LISTED)
Index("item_left", items.c.last_seen_at, sqlite_where=_LEFT)

texts = Table(
    "item_text",
    metadata,
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)

details = Table(
    "item_detail",  # of items whose own pages are read beside their list
    metadata,
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("source_id", Id, ForeignKey("source.id"), nullable=False),
    Column("listed", LargeBinary, nullable=False),
    Column("read", Boolean, nullable=False),
    Column("tries", Integer),  # null while nothing is outstanding
    Index("item_detail_source", "source_id"),
)

changes = Table(
    "item_change",
    metadata,
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Index("item_change_at", "at"),
    sqlite_with_rowid=False,
)

absences = Table(
    "item_absence",  # those that are over; one that lasts is in the item's own row
    metadata,
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("returned_at", Utc, primary_key=True),
    Column("seen_at", Utc, nullable=False),
    Column("gone_at", Utc),
    Index("item_absence_returned_at", "returned_at"),
    sqlite_with_rowid=False,
)

searches = Table(
    "search",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("evaluated_at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "run",
    metadata,
    Column("number", Id, primary_key=True),
    Column("id", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("finished_at", Utc),
    Column("duration_seconds", Float),
    Column("error", Text),
    Column("result", Json),
    UniqueConstraint("id"),
    Index("run_started_at", "started_at"),
    Index("run_status", "status"),
)

source_runs = Table(
    "source_run",
    metadata,
    Column("run", Id, ForeignKey("run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("source_id", Id, ForeignKey("source.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    *(
        Column(count, Integer, nullable=False)
        for count in ("seen", "new", "changed", "unchanged", "returned", "gone", "rejected", "matched", "duplicate")
    ),
    *(Column(count, Integer, nullable=False, server_default="0") for count in ("skipped", "sent", "failed")),
    Column("finished_at", Utc),
    Column("duration_seconds", Float, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("http_status", Integer),
    Column("error", Text),
    sqlite_with_rowid=False,
)

matches = Table(
    "match",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("item_id", Id, ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", Id, ForeignKey("source.id"), nullable=False),
    Column("search", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("fingerprint", LargeBinary),
    Column("run_id", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("duplicate", Boolean, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("first_run", Boolean, nullable=False),
    Column("reasons", Json, nullable=False),
    UniqueConstraint("item_id", "search", "event", "revision", "episode"),
    Index("match_posting", "search", "fingerprint", "source_id"),
    Index("match_source", "source_id"),
)

batches = Table(
    "batch",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("spared", Integer, nullable=False),  # attempts that do not count: the channel itself was wrong
    Column("in_doubt", Integer, nullable=False),
    Column("next_at", Utc),
    Column("lease_owner", Text),
    Column("lease_until", Utc),
    Column("last_code", Integer),
    Column("last_error", Text),
    Column("receipt", Text),
    Column("created_at", Utc, nullable=False),
    Column("settled_at", Utc),  # when it was sent, or given up
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("message_id"),
    Index("batch_state", "state", "channel"),
)
_BATCH_SETTLED = batches.c.settled_at.is_not(None)
Index("batch_settled", batches.c.settled_at, sqlite_where=_BATCH_SETTLED)

alerts = Table(
    "alert",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("resolved_at", Utc),  # null while what it tells of lasts
)
OPEN = alerts.c.resolved_at.is_(None)
Index("alert_open", alerts.c.kind, alerts.c.subject, unique=True, sqlite_where=OPEN)
Index("alert_resolved", alerts.c.resolved_at, sqlite_where=~OPEN)

deliveries = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("match_id", Id, ForeignKey("match.id", ondelete="CASCADE")),
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE")),  # of what it tells: a match, or an alert
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("batch_id", Id, ForeignKey("batch.id")),
    Column("settled_at", Utc),  # when it was sent, given up, dropped, or recorded as never to be told
    Index("delivery_state", "state", "channel", "recipient", "match_id"),
    Index("delivery_match", "match_id"),
    CheckConstraint("(match_id IS NULL) <> (alert_id IS NULL)", name="one"),
    Index("delivery_batch", "batch_id"),
)
_OF_ALERT = deliveries.c.alert_id.is_not(None)
Index("delivery_alert", deliveries.c.alert_id, sqlite_where=_OF_ALERT)
_SETTLED = deliveries.c.settled_at.is_not(None)
Index("delivery_settled", deliveries.c.settled_at, sqlite_where=_SETTLED)

channels = Table(
    "channel_state",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("until", Utc),
    Column("consecutive_failures", Integer, nullable=False),
    Column("last_error", Text),
    sqlite_with_rowid=False,
)
