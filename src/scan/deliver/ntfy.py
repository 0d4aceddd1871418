"""ntfy: the message as JSON, posted to the server that has the topic."""

from collections.abc import Callable

import msgspec

from scan.channels import Ntfy
from scan.deliver.handover import Handover
from scan.deliver.post import post
from scan.page import Page, Request


class _Published(msgspec.Struct):
    """ntfy's answer; more is in it."""

    id: str = ""


def send(channel: Ntfy, payload: bytes, handover: Handover, *, ask: Callable[[Request], Page]) -> None:
    """Send one message and tell `handover` of it. `ask` is `scan.fetch.Fetcher.ask`.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message names the host only.

    """
    request = Request(
        url=channel.server(),
        method="POST",
        accept="application/json",
        headers={**channel.authorization(), "Content-Type": "application/json"},
        body=b'{"topic":"%s",%s' % (channel.topic().encode(), payload[1:]),
        once=True,
    )
    post(request, handover, host=channel.host(), keys="url, token, user or password", ask=ask, receipt=_id)


def _id(page: Page) -> str:
    try:
        return msgspec.json.decode(page.body, type=_Published).id
    except msgspec.DecodeError:
        return ""
