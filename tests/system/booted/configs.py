"""Configs for the tests on a booted machine."""

import re

from tests.cli import boards
from tests.mail import Mailbox, Received
from tests.web import Web


def config(url: str, rest: str = "", *, more: str = "") -> str:
    """One board, which may take its time."""
    return boards.config(url, rest, more=more).replace("timeout: 5s", "timeout: 2m")


def watched(web: Web, rest: str = "", *, path: str = "/jobs", more: str = "") -> str:
    """One board, due every 15 minutes, and a search for engineers."""
    return config(web.url(path), boards.SEARCH + rest, more=more)


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


def told(mailbox: Mailbox) -> list[str]:
    """Give the engineers of which the messages tell, each as often as there are messages of it."""
    return sorted(title for received in mailbox.messages for title in set(re.findall(r"Engineer \w+", text(received))))


def text(received: Received) -> str:
    """Give the words of a message."""
    body = received.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
