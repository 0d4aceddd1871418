"""Messages to phones and browsers by ntfy, from ntfy.sh or a server of yours.

    - name: phone
      kind: ntfy
      url: https://ntfy.sh/my-secret-topic
      token: tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2  # or user and password; neither for an open topic
      priority: high                           # min, low, default, high or max
      tags: [briefcase]                        # an emoji's short code, or any word

Who knows an open topic's name reads its messages, so the address is treated as a secret. A message about a single item
opens that item's page when it is tapped. A long digest is cut to the 4 KB that ntfy takes, and says how many items are
left out.

Every message ends with a short id such as `#a1b2c3`. From ntfy 2.16 on a second try also bears the first one's
`sequence_id`, so that it takes the first one's place; older servers show it beside the first.

Any 2xx is acceptance. 408, 425, 429 and 5xx are tried again, `Retry-After` heeded. 401, 403, 404, 405 and redirects say
that the channel is wrong: messages wait until it is mended. All else ends a message.

Source: https://docs.ntfy.sh/publish (publish as JSON, updating notifications, limitations), read 2026-11-23.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from scan.channels.base import Posted
from scan.channels.chat import TEXT, pieces
from scan.channels.clean import one_line, web_link
from scan.declare import Doc, Problem, SecretText
from scan.model import Digest
from scan.page import Page, Request

LONGEST_MESSAGE = 4000
"""Bytes; from 4,096 on the message becomes an attachment."""

LONGEST_BODY = 8000
"""Bytes of JSON without the topic; the server reads twice its message's limit, 8,192."""

_PRIORITIES = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5}
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[!-~]+")
_TAGS = 512


class _Published(msgspec.Struct):
    """ntfy's answer; more is in it."""

    id: str = ""


class Ntfy(Posted, kind="ntfy"):
    """Messages by ntfy."""

    keys = "url, token, user or password"

    url: Annotated[SecretText, Doc("the topic's address", example="https://ntfy.sh/my-secret-topic")] = field(
        repr=False
    )
    token: Annotated[SecretText | None, Doc("an access token", example="tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2")] = field(
        default=None, repr=False
    )
    user: Annotated[str | None, Doc("the login, instead of a token")] = None
    password: Annotated[SecretText | None, Doc("its password")] = field(default=None, repr=False)
    priority: Annotated[Literal["min", "low", "default", "high", "max"], Doc("how much it may disturb")] = "default"
    tags: Annotated[tuple[str, ...], Doc("emoji short codes, or words shown beneath", example="[briefcase]")] = ()

    def server(self) -> str:
        """Give the address that takes the JSON: without the topic."""
        return self.url.rstrip("/").rpartition("/")[0] + "/"

    def topic(self) -> str:
        """Give the topic's name; empty if the address has none."""
        return self.url.rstrip("/").rpartition("/")[2] if self.url.rstrip("/").count("/") >= 3 else ""

    def host(self) -> str:
        """Name the receiver as errors may show it: without the topic."""
        return urlsplit(self.url).hostname or "?"

    def authorization(self) -> dict[str, str]:
        """Give the header that logs in; none for an open topic."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.user and self.password:
            login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return {"Authorization": f"Basic {login}"}
        return {}

    def request(self, recipient: str, message_id: str, payload: bytes, now: datetime) -> Request:  # noqa: ARG002 - the payload has it all
        """Post the JSON, with the topic, to the server that has it."""
        return Request(
            url=self.server(),
            method="POST",
            accept="application/json",
            headers={**self.authorization(), "Content-Type": "application/json"},
            body=b'{"topic":"%s",%s' % (self.topic().encode(), payload[1:]),
            once=True,
        )

    def receipt(self, page: Page) -> str:
        """Find ntfy's id of the message."""
        try:
            return msgspec.json.decode(page.body, type=_Published).id
        except msgspec.DecodeError:
            return ""

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Render ntfy's JSON, with as many items as it takes; without the topic, as it is kept in the database."""
        told = self.word(digest)

        def encoded(message: str) -> bytes:
            return msgspec.json.encode(self._envelope(digest, told.subject) | {"message": message})

        def fits(message: str) -> bool:
            return len(message.encode()) <= LONGEST_MESSAGE and len(encoded(message)) <= LONGEST_BODY

        return encoded(pieces(told, TEXT, digest.id).most(fits))

    def problems(self) -> Iterable[Problem]:
        """Find an address without a topic, and logins that contradict each other."""
        yield from super().problems()
        parts = urlsplit(self.url) if web_link(self.url) else None
        if parts is None or parts.query or parts.fragment or not _TOPIC.fullmatch(self.topic()):
            yield Problem(("url",), "not a topic's address; write it like https://ntfy.sh/my-secret-topic")
        elif parts.username is not None:
            yield Problem(("url",), "a login in the address; give it as user and password")
        if self.token and (self.user or self.password):
            yield Problem(("token",), "excludes user and password; keep one of them")
        elif bool(self.user) is not bool(self.password):
            yield Problem(("user",), "user and password come together; give both or neither")
        elif ":" in (self.user or ""):
            yield Problem(("user",), "no login has a colon in it")
        if self.token and not _TOKEN.fullmatch(self.token):
            yield Problem(("token",), "not a token: letters, digits and the like, in one word")
        if any(not tag or "," in tag or one_line(tag) != tag for tag in self.tags):
            yield Problem(("tags",), "a tag is one word or several, without a comma")
        elif len(",".join(self.tags).encode()) > _TAGS:
            yield Problem(("tags",), f"too long; {_TAGS} bytes are what ntfy takes")

    def _envelope(self, digest: Digest, title: str) -> dict[str, object]:
        envelope: dict[str, object] = {
            "title": one_line(title, 240),
            "priority": _PRIORITIES[self.priority],
            "sequence_id": digest.id[:64],
        }
        if self.tags:
            envelope["tags"] = self.tags
        if len(digest.notices) == 1 and (link := web_link(_link(digest))):
            envelope["click"] = link
        return envelope


def _link(digest: Digest) -> str | None:
    link = digest.notices[0].item.url
    return link if isinstance(link, str) else None
