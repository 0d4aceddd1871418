"""What publishing reports needs of this process: the network, systemd, the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from scan.cli.context import Settings
from scan.cli.door import exit_status

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config
    from scan.page import Page, Request
    from scan.publish import Publisher
    from scan.systemd import Heartbeat


def publisher_of(
    settings: Settings,
    config: "Config",
    heart: "Heartbeat",
    *,
    stop: Callable[[], bool] = lambda: False,
) -> "Publisher":
    """Make the publisher of a config's reports.

    Args:
        settings: of this process.
        config: with the reports.
        heart: tells systemd of every step.
        stop: true once the run has been asked to end.

    """
    from scan.logs import last_lines
    from scan.publish import Publisher, World
    from scan.redaction import Redaction

    def ask(request: "Request", within: timedelta) -> "Page":
        quick = replace(config.http, timeout=within, connect_timeout=min(within, config.http.connect_timeout))
        with settings.fetcher(replace(config, http=quick)) as fetcher:
            return fetcher.ask(request)

    world = World(
        ask=ask,
        exit_status=exit_status,
        log=last_lines,
        redact=Redaction(config.secrets),
        environ=settings.environ,
        stop=stop,
        beat=lambda said, ahead: heart.beat(said, ahead=ahead),
    )
    return Publisher(config.reports, world)
