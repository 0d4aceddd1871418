"""Messages on a phone, by a Gotify server.

    - name: phone
      kind: gotify
      url: https://gotify.example.org
      token: AbCdEf123456                  # of an application
      priority: 5                          # optional

Source: https://gotify.net/docs/pushmsg, read 2026-11.
"""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from scan.channels import Posted
from scan.declare import Address, Doc, Problem, SecretText
from scan.model import Digest
from scan.page import Page, Request


class _Taken(msgspec.Struct):
    """Gotify's answer; more is in it."""

    id: int


class Gotify(Posted, kind="gotify"):
    """Messages by Gotify."""

    keys = "url or token"

    url: Annotated[Address, Doc("the server", example="https://gotify.example.org")] = field(repr=False)
    token: Annotated[SecretText, Doc("an application's token", example="AbCdEf123456")] = field(repr=False)
    priority: Annotated[int, Doc("how much it may disturb", within=("0", "10"))] = 5

    def host(self) -> str:
        """Name the server."""
        return urlsplit(self.url).hostname or "?"

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Put the digest into scan's own words, or those of the user's template."""
        told = self.word(digest)
        return msgspec.json.encode({"title": told.subject, "message": told.text, "priority": self.priority})

    def request(self, recipient: str, message_id: str, payload: bytes, now: datetime) -> Request:  # noqa: ARG002 - as above
        """Post it to the server's messages."""
        return Request(
            url=f"{self.url.rstrip('/')}/message",
            method="POST",
            accept="application/json",
            headers={"Content-Type": "application/json", "X-Gotify-Key": self.token},
            body=payload,
            once=True,
        )

    def receipt(self, page: Page) -> str:
        """Find Gotify's number of the message."""
        try:
            return str(msgspec.json.decode(page.body, type=_Taken).id)
        except msgspec.DecodeError:
            return ""

    def problems(self) -> Iterable[Problem]:
        """Find an address that is no server's."""
        yield from super().problems()
        if urlsplit(self.url).scheme not in {"http", "https"}:
            yield Problem(("url",), "not a web address; write it like https://gotify.example.org")
