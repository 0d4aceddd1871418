"""An e-mail message as bytes, with headers that no item can forge.

The headers are written here rather than by `email`'s header objects: those take `=?utf-8?q?a=0d=0aBcc:x?=` in a title
for an encoded word and fold its line break into a header of its own, and they tear long message ids apart (seen with
Python 3.11 to 3.13).
"""

from collections.abc import Mapping
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

from scan.channels.mailbox import Mailbox


def words(text: str, header: str) -> str:
    """Encode a header's text: as it is if plain ASCII, as encoded words otherwise, folded."""
    plain = text.isascii() and "=?" not in text
    return Header(text, "us-ascii" if plain else "utf-8", header_name=header).encode(linesep="\r\n")


def mailbox_header(mailbox: Mailbox, header: str) -> str:
    """Write an address with its name, if it has one."""
    if not mailbox.name:
        return mailbox.address
    plain = mailbox.name.isascii() and "=?" not in mailbox.name
    name = f'"{mailbox.name}"' if plain else words(mailbox.name, header)
    return f"{name} <{mailbox.address}>"


def message(headers: Mapping[str, str], *, text: str, html: str, boundary: str) -> bytes:
    """Put a message together, in 7-bit lines that end in CRLF; the same for the same arguments.

    Args:
        headers: by name, encoded.
        text: the body for programs that show no HTML.
        html: the body for those that do.
        boundary: between the two; not to be guessed by whoever writes the items.

    """
    body = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    body.set_content(text)
    body.add_alternative(html, subtype="html")
    body.set_boundary(boundary)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode() + body.as_bytes()
