"""The first tables."""

import sqlalchemy as sa
from alembic import op

from scan.store.types import Json, Utc

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _sources_and_runs()
    _items()
    _searches_and_matches()
    _outbox()


def _sources_and_runs() -> None:
    op.create_table(
        "source",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.LargeBinary),
        sa.Column("last_attempt_at", Utc),
        sa.Column("last_success_at", Utc),
        sa.Column("last_status", sa.Text),
        sa.Column("last_error", sa.Text),
        sa.Column("consecutive_failures", sa.Integer, nullable=False),
        sa.Column("not_before", Utc),
        sa.Column("last_count", sa.Integer),
        sa.Column("suspicious_since", Utc),
        sa.Column("failing_since", Utc),
        sa.Column("baselined_at", Utc),
        sa.UniqueConstraint("name"),
    )
    _partial_index("source_trouble", "source", "name", "suspicious_since IS NOT NULL OR failing_since IS NOT NULL")
    op.create_table(
        "run",
        sa.Column("number", _ID, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("started_at", Utc, nullable=False),
        sa.Column("finished_at", Utc),
        sa.Column("duration_seconds", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("result", Json),
        sa.UniqueConstraint("id"),
    )
    op.create_index("run_started_at", "run", ["started_at"])
    op.create_index("run_status", "run", ["status"])
    op.create_table(
        "source_run",
        sa.Column("run", _ID, sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("source_id", _ID, sa.ForeignKey("source.id"), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("gone", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("matched", sa.Integer, nullable=False),
        sa.Column("duplicate", sa.Integer, nullable=False),
        sa.Column("duration_seconds", sa.Float, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("http_status", sa.Integer),
        sa.Column("error", sa.Text),
        sqlite_with_rowid=False,
    )


def _items() -> None:
    op.create_table(
        "item",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("source_id", _ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("raw_hash", sa.LargeBinary, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("first_seen_at", Utc, nullable=False),
        sa.Column("last_seen_at", Utc),
        sa.Column("changed_at", Utc),
        sa.Column("gone_at", Utc),
        sa.Column("fingerprint", sa.LargeBinary),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("organization", sa.Text),
        sa.Column("location", sa.Text),
        sa.Column("published_at", Utc),
        sa.Column("updated_at", Utc),
        sa.Column("attributes", Json, nullable=False),
        sa.UniqueConstraint("source_id", "key"),
    )
    _partial_index("item_listed", "item", "source_id", "last_seen_at IS NULL")
    _partial_index("item_left", "item", "last_seen_at", "last_seen_at IS NOT NULL")
    op.create_table(
        "item_text",
        sa.Column("item_id", _ID, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "item_change",
        sa.Column("item_id", _ID, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("at", Utc, nullable=False),
        sa.Column("old", sa.Text),
        sa.Column("new", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("item_change_at", "item_change", ["at"])
    op.create_table(
        "item_absence",
        sa.Column("item_id", _ID, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("returned_at", Utc, primary_key=True),
        sa.Column("seen_at", Utc, nullable=False),
        sa.Column("gone_at", Utc),
        sqlite_with_rowid=False,
    )
    op.create_index("item_absence_returned_at", "item_absence", ["returned_at"])


def _searches_and_matches() -> None:
    op.create_table(
        "search",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("evaluated_at", Utc, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("item_id", _ID, sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source_id", _ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("duplicate", sa.Boolean, nullable=False),
        sa.Column("backlog", sa.Boolean, nullable=False),
        sa.Column("first_run", sa.Boolean, nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.UniqueConstraint("item_id", "search", "event", "revision", "episode"),
    )
    op.create_index("match_posting", "match", ["search", "fingerprint", "source_id"])
    op.create_index("match_source", "match", ["source_id"])


def _outbox() -> None:
    op.create_table(
        "batch",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("spared", sa.Integer, nullable=False),
        sa.Column("in_doubt", sa.Integer, nullable=False),
        sa.Column("next_at", Utc),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", Utc),
        sa.Column("last_code", sa.Integer),
        sa.Column("last_error", sa.Text),
        sa.Column("receipt", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("settled_at", Utc),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("batch_state", "batch", ["state", "channel"])
    _partial_index("batch_settled", "batch", "settled_at", "settled_at IS NOT NULL")
    _alerts()
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("match_id", _ID, sa.ForeignKey("match.id", ondelete="CASCADE")),
        sa.Column("alert_id", _ID, sa.ForeignKey("alert.id", ondelete="CASCADE")),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("batch_id", _ID, sa.ForeignKey("batch.id")),
        sa.Column("settled_at", Utc),
        sa.CheckConstraint("(match_id IS NULL) <> (alert_id IS NULL)", name="one"),
    )
    op.create_index("delivery_state", "delivery", ["state", "channel", "recipient", "match_id"])
    op.create_index("delivery_match", "delivery", ["match_id"])
    op.create_index("delivery_batch", "delivery", ["batch_id"])
    _partial_index("delivery_alert", "delivery", "alert_id", "alert_id IS NOT NULL")
    _partial_index("delivery_settled", "delivery", "settled_at", "settled_at IS NOT NULL")
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("until", Utc),
        sa.Column("consecutive_failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sqlite_with_rowid=False,
    )


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("resolved_at", Utc),
    )
    _partial_index("alert_open", "alert", "kind, subject", "resolved_at IS NULL", unique=True)
    _partial_index("alert_resolved", "alert", "resolved_at", "resolved_at IS NOT NULL")


def _partial_index(name: str, table: str, columns: str, where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns.split(", "), unique=unique, sqlite_where=only, postgresql_where=only)
