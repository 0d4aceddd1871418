"""The mail server that takes a channel's messages, from one address: `smtps://user:password@mail.example.org`.

| scheme | port | encryption |
|---|---|---|
| `smtps://` | 465 | from the first byte |
| `smtp+starttls://` | 587 | by STARTTLS, always |
| `smtp://` | 25 | by STARTTLS where the server offers it; always if there is a password. None to this machine itself |

`smtp://…?tls=none` never encrypts, not even a password.
"""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

Security = Literal["tls", "starttls", "opportunistic", "none"]

_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("opportunistic", 25),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A mail server, and how to talk to it.

    Attributes:
        security: encrypted from the first byte, by STARTTLS or not at all, by STARTTLS if offered, or never.
        user: None to send without logging in.

    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str = field(default="", repr=False)


def parse_relay(address: str, *, user: str | None = None, password: str | None = None) -> Relay:
    """Read a mail server's address. A login given apart from it wins, and need not be percent-encoded.

    Raises:
        ValueError: with what is wrong and what would be right, without the login.

    """
    scheme, _, rest = address.strip().partition("://")
    if scheme not in _SCHEMES:
        raise ValueError("this is not a mail server's address; write it like smtps://user:password@mail.example.org")
    login, _, place = rest.rpartition("@")
    place, _, query = place.partition("?")
    host, port = _host_and_port(place)
    if query not in {"", "tls=none"}:
        raise ValueError("the only option after the ? is tls=none")
    name, _, secret = login.partition(":")
    user, password = user or unquote(name) or None, password or unquote(secret)
    if not f"{user}{password}".isascii():
        raise ValueError("user and password can only be sent to a mail server if they are ASCII")
    if bool(user) is not bool(password):
        raise ValueError("user and password come together; give both or neither")
    security, usual_port = _SCHEMES[scheme]
    if security == "opportunistic":
        security = _needed(host, private=query == "tls=none", with_login=bool(user))
    elif query:
        raise ValueError(f"{scheme}:// always encrypts; for tls=none write smtp://")
    return Relay(host=host, port=port or usual_port, security=security, user=user, password=password)


def _host_and_port(place: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
        if host and not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError as error:
        raise ValueError("host and port are not readable; write them like mail.example.org:465") from error
    if not host or port == 0 or parts.path not in {"", "/"} or any(mark in place for mark in " #"):
        raise ValueError("host and port are not readable; write them like mail.example.org:465")
    return host, port


def _needed(host: str, *, private: bool, with_login: bool) -> Security:
    if private or _is_this_machine(host):
        return "none"
    return "starttls" if with_login else "opportunistic"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
