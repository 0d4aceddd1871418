"""Webhooks: the message as the body of one POST, signed as https://www.standardwebhooks.com describes."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from scan.channels import Webhook
from scan.deliver.handover import Handover
from scan.deliver.post import post
from scan.page import Page, Request


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
    keys = "url, secret or headers"
    post(request, handover, host=channel.host(), keys=keys, ask=ask, receipt=_request_id)


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


def _request_id(page: Page) -> str:
    return page.headers.get("x-request-id", "")
