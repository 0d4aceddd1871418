"""Whom to tell, and what the messages look like: one small pure file a kind. `scan.deliver` does the sending.

To add a kind: its file, its test, its line in `KINDS`, and how it is handed over in `scan.deliver`.
"""

from scan.channels.base import Channel
from scan.channels.command import Command
from scan.channels.email import Email
from scan.channels.relay import Relay
from scan.channels.stdout import Stdout
from scan.channels.webhook import Webhook

KINDS: dict[str, type[Channel]] = {
    "command": Command,
    "email": Email,
    "stdout": Stdout,
    "webhook": Webhook,
}

__all__ = ["KINDS", "Channel", "Command", "Email", "Relay", "Stdout", "Webhook"]
