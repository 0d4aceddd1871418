"""`scan report`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.door import FAILED, OK
from scan.cli.output import now_utc, safe
from scan.cli.publishing import publisher_of
from scan.cli.status import judged
from scan.errors import ScanError

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.reports.view import View
    from scan.status import Document
    from scan.store.database import Store


@click.command(name="report")
@click.pass_obj
def command(settings: Settings) -> int:
    """Publish the reports now, without a run: of what the last run left.

    Exit status: 0 all were published; 1 one was not; 78 the config is wrong.
    """
    from scan.systemd import Heartbeat

    settings.become_owner()
    config = settings.load_config()
    if not config.reports:
        raise ScanError(f"no report is configured in {config.path}; docs/reports.md names the kinds")
    now = now_utc()
    status = judged(settings, now)
    with settings.reading(config) as store:
        if store is None or status["last_run"] is None:
            raise ScanError("there is nothing to report: no run has ended yet")
        view = _view(settings, config, store, status, now)
        published = publisher_of(settings, config, Heartbeat(settings.environ)).publish(view)
    for line in published.done:
        click.echo(safe(line))
    if not any(published):
        click.echo("nothing to publish: only runs ping")
    for line in published.errors:
        click.echo(f"scan: {safe(line)}", err=True)
    return FAILED if published.errors else OK


def _view(settings: Settings, config: "Config", store: "Store", status: "Document", now: datetime) -> "View":
    from zoneinfo import ZoneInfo

    from scan import __version__
    from scan.reports.view import View

    return View(
        profile=config.profile,
        version=__version__,
        call=settings.call,
        now=now,
        zone=config.timezone or ZoneInfo("UTC"),
        status=status,
        outcome=None,
        known=store,
    )
