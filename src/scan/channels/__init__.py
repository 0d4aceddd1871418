"""Whom to tell, and what the messages look like: one small pure file a kind. `scan.deliver` does the sending.

To add a kind: its file, its test, its line in `KINDS`, and how it is handed over in `scan.deliver`.
"""

from scan.channels.base import Channel, Posted
from scan.declare import Catalogue

__all__ = ["KINDS", "Channel", "Posted"]

KINDS: Catalogue[type[Channel]] = Catalogue(
    {
        "apprise": "scan.channels.apprise:Apprise",
        "command": "scan.channels.command:Command",
        "email": "scan.channels.email:Email",
        "ntfy": "scan.channels.ntfy:Ntfy",
        "stdout": "scan.channels.stdout:Stdout",
        "webhook": "scan.channels.webhook:Webhook",
    }
)
"""Every kind by its name, in the order of the manual."""
