"""Times, as people read them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up: only asked for its times
    from zoneinfo import ZoneInfo


def when(moment: datetime | None, zone: "ZoneInfo | None" = None) -> str:
    """Write a time for people, in their zone."""
    return "never" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def now_utc() -> datetime:
    """Take the time once, for a whole command: aware UTC, whole milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
