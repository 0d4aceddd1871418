"""Times on the command line."""

from datetime import UTC, datetime

import click

from scan.cli.output import now_utc


class Moment(click.ParamType[datetime]):
    """A time: an ISO 8601 date or time, or how long ago (`2d`, `3h`). A time without a zone is local."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return aware UTC."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            pass
        from scan.config.units import duration

        try:
            return now_utc() - duration(text)
        except ValueError:
            self.fail(f"{text} is neither a time (2026-11-23, 2026-11-23T08:00) nor a span (2d, 3h).", param, ctx)
