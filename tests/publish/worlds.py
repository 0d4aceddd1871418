"""A world without network, log or systemd, for publishing in."""

from datetime import timedelta
from typing import Any

from scan.errors import FetchError
from scan.page import Page, Request
from scan.publish import World


def nobody(request: Request, within: timedelta) -> Page:
    """Answer nothing."""
    del within
    raise FetchError(request.url, "nobody answers here")


def a_world(**changed: Any) -> World:
    return World(
        **{
            "ask": nobody,
            "exit_status": lambda _: 0,
            "log": lambda: (),
            "redact": lambda text: text.replace("secret", "***"),
            "environ": {},
            "stop": lambda: False,
            "beat": lambda *_: None,
            "clock": lambda: 0.0,
            **changed,
        }
    )
