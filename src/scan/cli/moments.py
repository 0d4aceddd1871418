"""Times on the command line."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from scan.cli.output import now_utc

if TYPE_CHECKING:  # start-up: only passed on
    from zoneinfo import ZoneInfo


class Moment(click.ParamType[datetime]):
    """A time: an ISO 8601 date or time, or how long ago (`2d`, `3h`)."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware time, or a naive one if no zone was given: `instant` puts it into the config's."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
        from scan.config.units import duration

        try:
            return now_utc() - duration(text)
        except ValueError:
            self.fail(f"{text} is neither a time (2026-11-23, 2026-11-23T08:00) nor a span (2d, 3h).", param, ctx)
        except OverflowError:
            self.fail(f"{text} is longer ago than any calendar knows.", param, ctx)


def instant(moment: datetime | None, zone: "ZoneInfo | None") -> datetime | None:
    """Read a time without a zone as one of the config's zone, or of the machine's; returns aware UTC."""
    if moment is None:
        return None
    placed = moment if moment.tzinfo is not None or zone is None else moment.replace(tzinfo=zone)
    try:
        return placed.astimezone(UTC)
    except (OverflowError, ValueError):
        raise click.UsageError(f"{moment} is outside of what a calendar knows.") from None
