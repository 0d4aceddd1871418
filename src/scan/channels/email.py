"""Messages by e-mail, in text and HTML, over your mail server.

    - name: me
      kind: email
      to: me@example.org            # or several: [me@example.org, you@example.org]
      from: Scan <scan@example.org>
      smtp: smtps://scan:PASSWORD@mail.example.org

`smtps://` encrypts from the first byte (port 465), `smtp+starttls://` always by STARTTLS (port 587), `smtp://` by
STARTTLS where the server offers it (port 25). A password only ever travels encrypted, except to this machine itself or
with `smtp://…?tls=none`. Certificates are checked against the system's; a private authority's is named by the
environment variable `SSL_CERT_FILE`. A password with `%` in it is percent-encoded in the address, or given as it is by
`user` and `password`.

Every address gets a message of its own and is retried on its own. A message keeps its `Message-ID` at every try, so
that a receiver that drops duplicates drops it. What one search finds comes as one thread; `List-Id` and
`Auto-Submitted` let filters sort.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import field
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Annotated

from scan.channels.base import Channel
from scan.channels.mailbox import parse_mailbox
from scan.channels.mime import mailbox_header, message, words
from scan.channels.relay import Relay, parse_relay
from scan.declare import Doc, Problem, SecretText
from scan.model import Digest


class Email(Channel, kind="email"):
    """Messages by e-mail. `to`, `from` and `smtp` are checked by `problems`; the rest relies on that."""

    forms = frozenset({"text", "html"})

    to: Annotated[tuple[str, ...], Doc("one address or several", example="me@example.org")]
    from_: Annotated[str, Doc("the sender, with or without a name", example="Scan <scan@example.org>")]
    smtp: Annotated[str, Doc("the mail server", example="smtps://user:PASSWORD@mail.example.org")] = field(repr=False)
    user: Annotated[str | None, Doc("the login, where it is not in the address")] = None
    password: Annotated[SecretText | None, Doc("its password, as it is")] = field(default=None, repr=False)
    timeout: Annotated[
        timedelta, Doc("of each step; the whole conversation may take twice as long", within=("1s", "1h"))
    ] = timedelta(seconds=30)

    def recipients(self) -> tuple[str, ...]:
        """Name each address once, without its name."""
        return tuple(dict.fromkeys(parse_mailbox(text).address for text in self.to))

    def sender(self) -> str:
        """Give the address that bounces go to."""
        return parse_mailbox(self.from_).address

    def relay(self) -> Relay:
        """Read the mail server's address."""
        return parse_relay(self.smtp, user=self.user, password=self.password)

    def compose(self, digest: Digest, recipient: str) -> bytes:
        """Render an RFC 5322 message; the same for the same digest."""
        told = self.word(digest)
        sender = parse_mailbox(self.from_)
        domain = f"scan.{sender.domain}"
        searches = sorted({notice.search for notice in digest.notices})
        thread = f"<{_digits(digest.profile, *searches)}.thread@{domain}>"
        headers = {
            "Message-ID": f"<{_token(digest.id)}@{domain}>",
            "Date": format_datetime(digest.created_at.astimezone(UTC)),
            "From": mailbox_header(sender, "From"),
            "To": recipient,
            "Subject": words(told.subject, "Subject"),
            "In-Reply-To": thread,
            "References": thread,
            "List-Id": f"<{_token(digest.profile)}.{domain}>",
            "Auto-Submitted": "auto-generated",
        }
        boundary = f"={_digits(digest.id)}="
        return message(headers, text=told.text, html=told.html, boundary=boundary)

    def problems(self) -> Iterable[Problem]:
        """Find addresses that are none, and what is wrong with the mail server's."""
        yield from super().problems()
        if not self.to:
            yield Problem(("to",), "nobody is told; give an address")
        for index, text in enumerate(self.to):
            if problem := _wrong(text):
                yield Problem(("to", index), problem)
        if problem := _wrong(self.from_):
            yield Problem(("from",), problem)
        try:
            self.relay()
        except ValueError as error:
            yield Problem(("smtp",), str(error))


def _wrong(text: str) -> str | None:
    try:
        parse_mailbox(text)
    except ValueError as error:
        return str(error)
    return None


def _token(text: str) -> str:
    """Keep what may stand in a message id or a list id as it is; a digest of the rest keeps different ones apart."""
    if len(text) <= 80 and re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", text):
        return text
    return _digits(text)


def _digits(*texts: str) -> str:
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
