"""E-mail addresses as a channel has them: `me@example.org`, or `Jobs <me@example.org>`."""

import re
from dataclasses import dataclass

from scan.channels.clean import one_line

_NAMED = re.compile(r"(?:\"?(?P<name>[^<>\"\\]*?)\"?\s*<(?P<inside>[^<>]+)>|(?P<bare>[^<>]+))\Z")
_WORD = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(?:\.{_WORD})*\Z")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One e-mail address.

    Attributes:
        name: what people see; empty for none.
        local: before the `@`.
        domain: after it, in ASCII (`xn--…`).

    """

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address without the name."""
        return f"{self.local}@{self.domain}"


def parse_mailbox(text: str) -> Mailbox:
    """Read one address. Quoted local parts and domain literals, which nobody has, are refused.

    Raises:
        ValueError: it is not one; with what is wrong.

    """
    found = _NAMED.match(text.strip())
    local, at, domain = (found["inside"] or found["bare"]).rpartition("@") if found else ("", "", "")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    right = at and _LOCAL.match(local) and len(local) <= 64 and all(map(_LABEL.match, domain.split(".")))
    if not found or not right or len(domain) > 253:
        raise ValueError(f"{one_line(text, 80)!r} is not an e-mail address; write it like me@example.org")
    return Mailbox(name=one_line(found["name"] or "", 80), local=local, domain=domain)
