"""Messages to any of the services of Apprise: Slack, Discord, Telegram, Matrix, Signal, Pushover and a hundred more.

    - name: team
      kind: apprise
      url: discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js

https://appriseit.com/services lists them and how each address is written. One channel has one address, a secret as a
whole; `scan config check` asks Apprise whether it knows it. An address that names several rooms is sent to all of them
again if one fails: give each a channel of its own.

A message is plain text, Markdown or HTML, as the service prefers (or `?format=` in the address says), and as long as it
takes: what has no room is counted, unless `?overflow=` in the address asks for another way. Every message ends with a
short id such as `#a1b2c3`, as most services show a copy as a second message.

Apprise says whether a service took the message, and little more. A refused login (401, 403, 404, 405, 407, 410), an
address that Apprise does not know and a missing library say that the channel is wrong: messages wait until it is
mended. Everything else is tried again later. Only where the answer was lost is it in doubt whether the message arrived.

Sending happens in a process of its own, which is ended after `timeout`. `cto` and `rto` in the address limit the steps
within it. Proxies are those of the environment (`HTTPS_PROXY`), trusted certificates those of `SSL_CERT_FILE`.
"""

from collections.abc import Iterable
from dataclasses import field
from datetime import timedelta
from typing import Annotated

import msgspec

from scan.channels.base import Channel
from scan.channels.chat import HTML, MARKDOWN, TEXT, Pieces, pieces, quiet, summary
from scan.declare import Doc, Problem, SecretText
from scan.model import Digest


class AppriseMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message in every form that a service may prefer.

    Attributes:
        subject: what is inside, with an item's title: for titles that are shown as they are.
        summary: what is inside, in words of ours: for titles that may be taken for markup.

    """

    subject: str
    summary: str
    text: Pieces
    markdown: Pieces
    html: Pieces


class Apprise(Channel, kind="apprise"):
    """Messages by a service of Apprise."""

    url: Annotated[
        SecretText, Doc("the service's address", example="discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js")
    ] = field(repr=False)
    timeout: Annotated[timedelta, Doc("the whole sending", within=("5s", "10m"))] = timedelta(seconds=60)

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Render an `AppriseMessage`: which form is taken, and how much of it, only the service tells."""
        told = self.word(digest)
        message = AppriseMessage(
            subject=quiet(told.subject),
            summary=summary(told.outline),
            text=pieces(told, TEXT, digest.id),
            markdown=pieces(told, MARKDOWN, digest.id),
            html=pieces(told, HTML, digest.id),
        )
        return msgspec.json.encode(message)

    def problems(self) -> Iterable[Problem]:
        """Find what is no address at all."""
        yield from super().problems()
        if "://" not in self.url or any(character.isspace() for character in self.url):
            yield Problem(("url",), "not an address; write it as https://appriseit.com/services says")
