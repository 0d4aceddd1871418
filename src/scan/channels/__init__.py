"""Whom to tell, and what the messages look like: one small pure file a kind. `scan.deliver` does the sending.

To add a kind: its file, its test, its line in `KINDS`, and how it is handed over in `scan.deliver`.
"""

from scan.channels.apprise import Apprise
from scan.channels.base import Channel, Posted
from scan.channels.command import Command
from scan.channels.email import Email
from scan.channels.ntfy import Ntfy
from scan.channels.relay import Relay
from scan.channels.stdout import Stdout
from scan.channels.webhook import Webhook

KINDS: dict[str, type[Channel]] = {
    "apprise": Apprise,
    "command": Command,
    "email": Email,
    "ntfy": Ntfy,
    "stdout": Stdout,
    "webhook": Webhook,
}

__all__ = ["KINDS", "Apprise", "Channel", "Command", "Email", "Ntfy", "Posted", "Relay", "Stdout", "Webhook"]
