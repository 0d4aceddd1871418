"""Pings: one request, within a short time, that nobody waits for longer."""

from collections.abc import Callable
from datetime import timedelta

from scan.channels.clean import one_line
from scan.errors import FetchError, ReportError
from scan.page import Page, Request
from scan.reports.ping import Ping

Ask = Callable[[Request, timedelta], Page]
"""Asks a server once, within a time; returns its answer, whatever the status.

Raises:
    FetchError: there was none.

"""

_UNKNOWN = b"OK (not found)"
"""What healthchecks.io answers, with 200, to a check that it does not know."""


def send(ping: Ping, request: Request, ask: Ask) -> str:
    """Send one ping; returns what was done, in words.

    Raises:
        ReportError: it was not accepted. The message names the host only.

    """
    try:
        page = ask(request, ping.timeout)
    except FetchError as error:
        if error.status is None:
            raise ReportError(one_line(error.reason.replace(request.url, "***"), 200)) from error
        raise ReportError(f"answered {error.status}") from error
    if not 200 <= page.status <= 299:
        raise ReportError(f"answered {page.status}")
    if page.body.strip() == _UNKNOWN:
        raise ReportError("knows no such check; mend its url")
    return "sent"
