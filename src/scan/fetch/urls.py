"""Addresses as the wire needs them. Pure."""

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

_KEPT = "!#$%&'()*+,/:;=?@[]~"
_BRACKETED = re.compile(r"\[[^][]*\](?::\d*)?")
"""A host that is an IPv6 address, and its port: `urlsplit` lets brackets stand anywhere."""

_PORTS = {"http": 80, "https": 443, "file": 0}


class Place(NamedTuple):
    """Where an address leads: politeness counts by host and port."""

    scheme: str
    host: str
    port: int


def place(url: str) -> Place:
    """Tell where an `http:`, `https:` or `file:` address leads.

    Raises:
        ValueError: it is none of them; the message is fit for people, without the address.

    """
    try:
        parts = urlsplit(without_login(url))  # brackets of a login may make up for those that the host lacks
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("not a valid address") from error
    if "[" in parts.netloc and not _BRACKETED.fullmatch(parts.netloc):
        raise ValueError("not a valid address")
    if scheme not in _PORTS:
        raise ValueError("not an http:, https: or file: address")
    if not host and scheme != "file":
        raise ValueError("the address names no host")
    return Place(scheme, host or "", _PORTS[scheme] if port is None else port)


def root(place: Place) -> str:
    """Write where a host is, as an address without a path."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{place.scheme}://{host}" + ("" if place.port == _PORTS[place.scheme] else f":{place.port}")


def wire(url: str) -> str:
    """Write an address in the ASCII form that is sent: IDNA for the host, percent-encoded UTF-8 for the rest.

    Raises:
        ValueError: the host cannot be written so.

    """
    if url.isascii() and " " not in url:
        return url
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    if not host.isascii():
        name, colon, port = host.partition(":")
        try:
            host = f"{name.encode('idna').decode('ascii')}{colon}{port}"
        except UnicodeError as error:
            raise ValueError("the host's name cannot be written in ASCII") from error
    return escape(urlunsplit(parts._replace(netloc=f"{login}{at}{host}")))


def escape(url: str | bytes) -> str:
    """Percent-encode what may not stand in an address; what is encoded already stays."""
    return quote(url, _KEPT)


def without_login(url: str) -> str:
    """Take `user:password@` out of an address."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    _, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=host)) if at else url
