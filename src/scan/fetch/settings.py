"""The `http:` section of the config."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from scan.declare import Doc, Size


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """How sources are fetched. Times are of the whole request unless said otherwise."""

    concurrency: Annotated[int, Doc("requests at once")] = 32
    per_host: Annotated[int, Doc("requests at once to one host")] = 4
    min_interval: Annotated[timedelta, Doc("pause between the starts of two requests to one host")] = timedelta(0)
    timeout: Annotated[timedelta, Doc("the whole request, redirects included")] = timedelta(seconds=30)
    connect_timeout: Annotated[timedelta, Doc("until the connection stands")] = timedelta(seconds=10)
    retries: Annotated[int, Doc("more tries after a connection error, 429, 502, 503 or 504")] = 2
    max_body: Annotated[Size, Doc("of an answer, decompressed")] = Size(20_000_000)
    max_redirects: Annotated[int, Doc("redirects followed before giving up")] = 5
    user_agent: Annotated[str | None, Doc("default: scan/VERSION")] = None
    proxy: Annotated[str | None, Doc("an http, https or socks5h address; none is taken from the environment")] = None
    allow_private: Annotated[bool, Doc("may a redirect or a link lead into a private network")] = False
    robots: Annotated[Literal["ignore", "obey"], Doc("whether robots.txt is obeyed")] = "ignore"
