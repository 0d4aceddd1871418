"""HTTP as values: what is asked, and what came back. A file is asked alike, and a program."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from scan.phrases import counted, span

_YEAR = 365 * 86_400.0


class Validators(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a request conditional, exactly as the server gave it (never a time of our own: see docs/decisions)."""

    etag: str | None = None
    last_modified: str | None = None


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """How often a service lets itself be asked, whoever's sources they are for.

    Attributes:
        requests: so many at most
        within: in any stretch of time so long.
        apart: between the starts of two requests.

    """

    requests: int
    within: timedelta
    apart: timedelta = timedelta(0)

    def __str__(self) -> str:
        """Say it in words: `4 requests in 1 d, 30 s apart`."""
        apart = f", {span(self.apart.total_seconds())} apart" if self.apart else ""
        return f"{counted(self.requests, 'request', 'requests')} in {span(self.within.total_seconds())}{apart}"


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program whose output is the answer.

    Attributes:
        argv: its name or path, and its arguments; no shell reads them.
        seconds: it is killed after so many.
        environ: what it finds in its environment, besides the little of ours that every program gets.

    """

    argv: tuple[str, ...]
    seconds: float
    environ: Mapping[str, str] = {}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One question to a server.

    Attributes:
        url: `http:`, `https:` or `file:`; what a program is called in messages, where one is asked.
        accept: the `Accept` header; many services answer HTML without one.
        headers: more headers. They are secrets: sent to this host only, never along a redirect to another one.
        body: sent as it is, with the content type given in `headers`.
        validators: of the last complete answer, for a conditional request.
        guarded: the address comes from what a server said (a next page), so it must not lead to a private network.
        allow_private: neither it nor a redirect is kept from a private network: its source's config says so.
        limit: how often the service lets itself be asked, for what goes to its own host.
        once: what it says matters, so it is sent once: not tried again, not sent along a redirect.
        program: to be run, instead of a server being asked.
        memo: whatever its adapter needs to know when the answer comes; it comes back with it.

    """

    url: str
    method: Literal["GET", "POST", "PUT"] = "GET"
    accept: str = "*/*"
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    validators: Validators = Validators()
    guarded: bool = False
    allow_private: bool = False
    limit: Limit | None = None
    once: bool = False
    program: Program | None = None
    memo: object = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, whatever its status.

    Attributes:
        url: where it came from in the end, after redirects.
        status: the HTTP status; 200 for a file.
        headers: names in lower case; of a header sent twice, the values joined by a comma.
        body: decompressed.
        received: bytes over the wire, before decompression, headers left out.
        number: which of its source's answers it is, from 1: an address need not tell pages apart.
        memo: of its request.

    """

    url: str
    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    received: int = 0
    number: int = 1
    memo: object = None

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty if the server sent none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def validators(self) -> Validators:
        """What to send next time."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as the server asked, a year at most; None if it didn't, or not in a way that can be read.

        A date is read against the answer's own `Date`, so that neither clock needs to be right.
        """
        asked = self.headers.get("retry-after", "").strip()
        if asked.isdecimal() and asked.isascii():
            return min(float(asked), _YEAR)
        then, now = _http_date(asked), _http_date(self.headers.get("date", ""))
        return min(max(0.0, (then - now).total_seconds()), _YEAR) if then and now else None


def _http_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        time = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
