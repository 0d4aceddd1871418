"""The `http:` section of the config."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from scan.declare import Doc, Size

USER_AGENT = "scan/{version} (watches for new items; libcurl)"
"""Who asks, unless the user says it better."""


def _header_text(value: object) -> str | None:
    """Find what cannot stand in a header."""
    plain = isinstance(value, str) and value.isascii() and value.isprintable()
    return None if plain else "has characters that no header may hold; write it in plain letters (ASCII)"


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """How sources are fetched. Times are of the whole request unless said otherwise."""

    concurrency: Annotated[int, Doc("requests at once", within=("1", "1000"))] = 32
    per_host: Annotated[int, Doc("requests at once to one host", within=("1", "1000"))] = 4
    min_interval: Annotated[
        timedelta, Doc("pause between the starts of two requests to one host", within=("0s", "1h"))
    ] = timedelta(0)
    timeout: Annotated[timedelta, Doc("the whole request, redirects included", within=("1s", "1h"))] = timedelta(
        seconds=30
    )
    connect_timeout: Annotated[timedelta, Doc("until the connection stands", within=("1s", "10m"))] = timedelta(
        seconds=10
    )
    retries: Annotated[int, Doc("more tries after a connection error, 429, 502, 503 or 504", within=("0", "10"))] = 2
    max_body: Annotated[Size, Doc("of an answer, decompressed", within=("1KB", "1GB"))] = Size(20_000_000)
    max_redirects: Annotated[int, Doc("redirects followed before giving up", within=("0", "20"))] = 5
    user_agent: Annotated[
        str | None,
        Doc("who asks; best with a way to reach you", example="me/1 (+https://example.org)", check=_header_text),
    ] = None
    proxy: Annotated[str | None, Doc("an http, https or socks5h address; none is taken from the environment")] = None
    allow_private: Annotated[bool, Doc("may a redirect or a link lead into a private network")] = False
    robots: Annotated[Literal["ignore", "obey"], Doc("whether robots.txt is obeyed")] = "ignore"
