"""Webhooks: the message as the body of one POST, signed as https://www.standardwebhooks.com describes."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from scan.channels import Webhook
from scan.channels.clean import one_line
from scan.deliver.handover import Handover
from scan.errors import DeliveryError, FetchError
from scan.page import Page, Request

_LATER = frozenset({408, 425, 429})
_CHANNEL_IS_WRONG = frozenset({401, 403, 404, 405, 407})


def send(
    channel: Webhook,
    message_id: str,
    payload: bytes,
    handover: Handover,
    *,
    ask: Callable[[Request], Page],
    now: datetime,
) -> None:
    """Send one message and tell `handover` of it. `ask` is `scan.fetch.Fetcher.ask`; `now` goes into the signature.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message names the host only.

    """
    request = Request(
        url=channel.url,
        method="POST",
        accept="application/json",
        headers={**channel.headers, **_headers(channel, message_id, payload, now)},
        body=payload,
        once=True,
    )
    handover.arm()
    try:
        page = ask(request)
    except FetchError as error:
        if error.status is not None:
            raise _refusal(channel, error.status, error.retry_after) from error
        reason = one_line(error.reason.replace(channel.url, "***"), 200)
        raise DeliveryError(f"{channel.host()}: {reason}", in_doubt=error.in_doubt) from error
    if not 200 <= page.status <= 299:
        raise _refusal(channel, page.status, page.retry_after)
    handover.accepted(page.status, one_line(page.headers.get("x-request-id", ""), 200))


def signature(key: bytes, message_id: str, timestamp: int, payload: bytes) -> str:
    """Sign a message: `v1,` and Base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = f"{message_id}.{timestamp}.".encode() + payload
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _headers(channel: Webhook, message_id: str, payload: bytes, now: datetime) -> dict[str, str]:
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
    }
    if key := channel.key():
        headers["webhook-signature"] = signature(key, message_id, timestamp, payload)
    return headers


def _refusal(channel: Webhook, status: int, retry_after: float | None) -> DeliveryError:
    """Read a status: later, never, or not before the channel is mended."""
    said = f"{channel.host()}: answered {status}"
    if 300 <= status <= 399:
        return DeliveryError(f"{said}: it has moved; give its new address", config=True, code=status)
    if status in _CHANNEL_IS_WRONG:
        return DeliveryError(f"{said}; mend the channel's url, secret or headers", config=True, code=status)
    if status >= 500 or status in _LATER:
        return DeliveryError(said, retry_after=retry_after, code=status)
    return DeliveryError(said, permanent=True, code=status)
