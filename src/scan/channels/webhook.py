"""Messages as JSON, sent by POST to an address of yours.

    - name: hook
      kind: webhook
      url: https://example.org/hook
      secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw    # optional: signs what is sent
      headers: {Authorization: Bearer TOKEN}            # optional

The body is the JSON below. `webhook-id` and `Idempotency-Key` are the message's identity, the same at every try: a
receiver that has seen one answers 200 and does nothing. With a `secret`, `webhook-signature` is made as
https://www.standardwebhooks.com describes: `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`, the key being
what is Base64 after `whsec_`, or the secret itself if it has no such prefix.

Any 2xx is acceptance. 408, 425, 429 and 5xx are tried again, `Retry-After` heeded. 401, 403, 404, 405 and redirects say
that the channel is wrong: messages wait until it is mended. 410 and all else end a message.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from scan.channels.as_json import as_json
from scan.channels.base import Posted
from scan.channels.clean import web_link
from scan.declare import Doc, Problem, SecretText
from scan.model import Digest
from scan.page import Page, Request

_OURS = {"content-type", "content-length", "host", "idempotency-key"}
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_PREFIX = "whsec_"


class Webhook(Posted, kind="webhook"):
    """Messages as JSON, sent by POST."""

    forms = frozenset()
    keys = "url, secret or headers"

    url: Annotated[SecretText, Doc("where to send to", example="https://example.org/hook")] = field(repr=False)
    secret: Annotated[
        SecretText | None, Doc("signs what is sent", example="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    ] = field(default=None, repr=False)
    headers: Annotated[Mapping[str, str], Doc("sent along", example="{Authorization: Bearer TOKEN}")] = field(
        default_factory=dict, repr=False
    )
    max_items: Annotated[int, Doc("items in one message; the rest is counted", within=("1", None))] = 1000

    def host(self) -> str:
        """Name the receiver as errors may show it: without path and query, which may hold a secret."""
        return urlsplit(self.url).hostname or "?"

    def request(self, recipient: str, message_id: str, payload: bytes, now: datetime) -> Request:  # noqa: ARG002 - as above
        """Post the JSON under its identity, signed where there is a secret."""
        timestamp = int(now.timestamp())
        headers = {
            **self.headers,
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
        }
        if key := self.key():
            headers["webhook-signature"] = signature(key, message_id, timestamp, payload)
        return Request(url=self.url, method="POST", accept="application/json", headers=headers, body=payload, once=True)

    def receipt(self, page: Page) -> str:
        """Find the receiver's own id of the request."""
        return page.headers.get("x-request-id", "")

    def key(self) -> bytes | None:
        """Give the key that signs.

        Raises:
            ValueError: it is to be Base64 and is not.

        """
        if not self.secret:
            return None
        if not self.secret.startswith(_PREFIX):
            return self.secret.encode()
        return base64.b64decode(self.secret.removeprefix(_PREFIX), validate=True)

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Render the JSON of `scan.channels.as_json`."""
        return as_json(digest, self.max_items)

    def problems(self) -> Iterable[Problem]:
        """Find an address that is none, a secret that is not Base64, and headers that cannot be sent."""
        yield from super().problems()
        if web_link(self.url) is None:
            yield Problem(("url",), "not a web address; write it like https://example.org/hook")
        try:
            self.key()
        except (binascii.Error, ValueError):
            yield Problem(("secret",), "after whsec_ comes Base64; this is not")
        for name, value in self.headers.items():
            if name.lower() in _OURS or name.lower().startswith("webhook-"):
                yield Problem(("headers", name), "scan sets this header itself; leave it out")
            elif not _NAME.match(name) or not value.isprintable():
                yield Problem(("headers", name), "not a header that can be sent: letters and hyphens, and one line")


def signature(key: bytes, message_id: str, timestamp: int, payload: bytes) -> str:
    """Sign a message: `v1,` and Base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = f"{message_id}.{timestamp}.".encode() + payload
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
