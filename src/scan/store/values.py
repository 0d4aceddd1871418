"""Times and JSON, as SQLite keeps them."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from scan.errors import StoreError


def utc_text(value: datetime) -> str:
    """Write a time as SQLite keeps it, a text that sorts; a time without a zone is a bug of the caller."""
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise naive(value)
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:-6] + "Z"


def read_time(value: str) -> datetime:
    """Read a time."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise damaged(value) from error


def naive(value: datetime) -> ValueError:
    """Say that a time lacks its zone."""
    return ValueError(f"a time without a zone: {value}")


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
