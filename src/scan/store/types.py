"""Column types that look the same to Python on every database."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, TIMESTAMP, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from scan.errors import StoreError


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
            raise _naive(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            aware: datetime = value
            return aware.astimezone(UTC)
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise damaged(value) from error


def utc_text(value: datetime) -> str:
    """Write a time as SQLite keeps it; a time without a zone is a bug of the caller."""
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise _naive(value)
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:-6] + "Z"


def _naive(value: datetime) -> ValueError:
    return ValueError(f"a time without a zone: {value}")


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


def to_json(value: object) -> str:
    """Encode for a `Json` column."""
    return msgspec.json.encode(value).decode()


def from_json(value: str) -> Any:
    """Decode what a `Json` column holds."""
    try:
        return msgspec.json.decode(value)
    except ValueError as error:
        raise damaged(value) from error


def damaged(value: object) -> StoreError:
    """Say that a stored value is none that we wrote."""
    return StoreError(f"the database is damaged: it holds {value!r:.40} where that cannot be; restore a backup")
