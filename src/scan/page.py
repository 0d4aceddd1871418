"""HTTP as values: what is asked, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes a request conditional, exactly as the server gave it (never a time of our own: see docs/decisions)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a server.

    Attributes:
        url: `http:`, `https:` or `file:`.
        accept: the `Accept` header; many services answer HTML without one.
        headers: more headers. They are secrets: sent to this host only, never along a redirect to another one.
        body: sent as it is, with the content type given in `headers`.
        validators: of the last complete answer, for a conditional request.
        guarded: the address comes from what a server said (a next page), so it must not lead to a private network.

    """

    url: str
    method: Literal["GET", "POST", "PUT"] = "GET"
    accept: str = "*/*"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    validators: Validators = Validators()
    guarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer, whatever its status.

    Attributes:
        url: where it came from in the end, after redirects.
        status: the HTTP status; 200 for a file.
        headers: names in lower case; of a header sent twice, the values joined by a comma.
        body: decompressed.
        received: bytes over the wire, before decompression, headers left out.

    """

    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    received: int = 0

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty if the server sent none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def validators(self) -> Validators:
        """What to send next time."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))
