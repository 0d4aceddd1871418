"""Channels that post: one request hands a message over, and its answer says whether it was taken."""

from collections.abc import Callable
from datetime import datetime

from scan.channels.base import Posted
from scan.channels.clean import one_line
from scan.deliver.handover import Handover
from scan.errors import DeliveryError, FetchError
from scan.page import Page, Request

_LATER = frozenset({408, 425, 429})
_CHANNEL_IS_WRONG = frozenset({401, 403, 404, 405, 407})


def send(
    channel: Posted,
    recipient: str,
    message_id: str,
    payload: bytes,
    handover: Handover,
    *,
    ask: Callable[[Request], Page],
    now: datetime,
) -> None:
    """Ask once, and tell `handover` of it. `ask` is `scan.fetch.Fetcher.ask`; `now` goes into signatures.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message names the host only.

    """
    try:
        request, host = channel.request(recipient, message_id, payload, now), channel.host()
    except Exception as error:  # a plug-in's bug must cost its own channel only
        why = f"{type(error).__name__}: {error}"
        raise DeliveryError(f"the kind {channel.kind} cannot say how it is sent: {why}", config=True) from error
    handover.arm()
    try:
        page = ask(request)
    except FetchError as error:
        if error.status is not None:
            raise _refusal(host, channel.keys, error.status, error.retry_after) from error
        reason = one_line(error.reason.replace(request.url, "***"), 200)
        raise DeliveryError(f"{host}: {reason}", in_doubt=error.in_doubt) from error
    if not 200 <= page.status <= 299:
        raise _refusal(host, channel.keys, page.status, page.retry_after)
    handover.accepted(page.status, _receipt(channel, page))


def _receipt(channel: Posted, page: Page) -> str:
    """Find what the receiver calls the message; it is accepted, whatever a plug-in makes of the answer."""
    try:
        return one_line(channel.receipt(page), 200)
    except Exception:  # noqa: BLE001 - as above
        return ""


def _refusal(host: str, keys: str, status: int, retry_after: float | None) -> DeliveryError:
    """Read a status: later, never, or not before the channel is mended."""
    said = f"{host}: answered {status}"
    if 300 <= status <= 399:
        return DeliveryError(f"{said}: it has moved; give its new address", config=True, code=status)
    if status in _CHANNEL_IS_WRONG:
        return DeliveryError(f"{said}; mend the channel's {keys}", config=True, code=status)
    if status >= 500 or status in _LATER:
        return DeliveryError(said, retry_after=retry_after, code=status)
    return DeliveryError(said, permanent=True, code=status)
