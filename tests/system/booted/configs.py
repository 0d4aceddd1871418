"""Configs for the tests on a booted machine."""

from tests.cli.boards import SEARCH, config
from tests.mail import Mailbox
from tests.web import Web


def watched(web: Web, rest: str = "", *, path: str = "/jobs", more: str = "") -> str:
    """One board, due every 15 minutes, and a search for engineers."""
    return config(web.url(path), SEARCH + rest, more=more)


def mailed(web: Web, mailbox: Mailbox, rest: str = "") -> str:
    """The same, and whom to mail what is new."""
    return watched(web, channel(mailbox) + rest)


def channel(mailbox: Mailbox, *, smtp: str = "") -> str:
    return (
        "channels:\n"
        f"  - {{name: me, kind: email, to: me@example.org, from: scan@example.org, smtp: '{smtp or mailbox.url}'}}\n"
    )


def subjects(mailbox: Mailbox) -> list[str]:
    return [received.message["Subject"] for received in mailbox.messages]
