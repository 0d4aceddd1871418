"""Column types that look the same to Python on every database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, TIMESTAMP, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from scan.store.values import naive, read_time, utc_text


class Utc(TypeDecorator[datetime]):
    """An aware UTC time: `timestamptz` on PostgreSQL, on SQLite text that sorts: `2026-11-23T08:00:00.000000Z`."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return TIMESTAMP(timezone=True) if dialect.name == "postgresql" else self.impl_instance

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write it; a time without a zone is a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise naive(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            aware: datetime = value
            return aware.astimezone(UTC)
        return read_time(value)


class Json(TypeDecorator[Any]):
    """Any JSON value: compact text on SQLite, `jsonb` on PostgreSQL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB  # 30 ms that only its users pay

            return JSONB(none_as_null=True)
        return self.impl_instance
