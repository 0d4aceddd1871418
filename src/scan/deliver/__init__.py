"""Composed messages -> sent, or not. The only room that knows SMTP and Apprise, and that starts a channel's program."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from scan.channels.apprise import Apprise
from scan.channels.base import Channel, Posted
from scan.channels.command import Command
from scan.channels.email import Email
from scan.channels.stdout import Stdout
from scan.declare import Problem
from scan.deliver import apprise, command, post, smtp, stdout
from scan.deliver.handover import Handover
from scan.page import Page, Request

__all__ = ["Handover", "close_look", "send"]


def send(
    channel: Channel,
    recipient: str,
    message_id: str,
    payload: bytes,
    handover: Handover,
    *,
    ask: Callable[[Request], Page],
    environ: Mapping[str, str],
    now: Callable[[], datetime],
) -> None:
    """Send one composed message to one recipient.

    `handover.arm()` is called before the first byte of the message leaves, `handover.accepted()` directly after the
    receiver has taken it.

    Args:
        channel: the one that composed it.
        recipient: one of the channel's own.
        message_id: the message's identity, for receivers that know duplicates by it.
        payload: what `compose` gave, perhaps long ago.
        handover: whoever keeps the outbox.
        ask: `scan.fetch.Fetcher.ask`.
        environ: where a command's PATH, HOME, LANG and TZ come from, and all that Apprise's services are given.
        now: the time of this try, aware; signatures carry it.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`).

    """
    match channel:
        case Email():
            smtp.send(channel, recipient, payload, handover)
        case Posted():
            post.send(channel, recipient, message_id, payload, handover, ask=ask, now=now())
        case Command():
            command.send(channel, message_id, payload, handover, environ=environ)
        case Apprise():
            apprise.send(channel, payload, handover, environ=environ)
        case Stdout():
            stdout.send(payload, handover)
        case _:
            raise NotImplementedError(f"nothing here sends to a channel of kind {channel.kind}")


def longest(channel: Channel) -> timedelta:
    """Tell how long the sending of one message may take at most."""
    match channel:
        case Email():
            return 2 * channel.timeout
        case Command() | Apprise():
            return channel.timeout
        case _:
            return timedelta(0)


def close_look(channel: Channel, *, environ: Mapping[str, str]) -> Iterable[Problem]:
    """Find what is wrong with a channel that takes long to find out; nothing is sent, nobody is asked."""
    return apprise.problems(channel, environ=environ) if isinstance(channel, Apprise) else ()
