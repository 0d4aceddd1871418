"""One request at a time on one libcurl handle: what to do, how much of it to bear, and what came of it."""

import socket
from collections.abc import Callable

import msgspec
import pycurl

from scan.fetch.addresses import is_private
from scan.fetch.body import BadBody, decode, refuse_encoding
from scan.fetch.head import MAX_BYTES, MAX_LINES, read_head, sends_body, write_head
from scan.fetch.reasons import TIMED_OUT, Failure, failure
from scan.fetch.settings import USER_AGENT, HttpSettings
from scan.fetch.urls import wire, without_login
from scan.page import Page, Request

MOST_ADDRESSES = 4
"""Of one host, tried for one request; libcurl alone would try a thousand."""

_ABORT = -1  # what a callback returns to end its transfer
_WEB = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How every transfer is made.

    Attributes:
        seconds: for a whole request; a transfer after a redirect has less.
        connect_ms: until the connection stands, at least 1 (0 would be libcurl's own default).
        proxy: empty for none.

    """

    seconds: float
    connect_ms: int
    max_body: int
    user_agent: str
    proxy: str
    ca_file: str | None

    @classmethod
    def of(cls, settings: HttpSettings, version: str, ca_file: str | None) -> "Limits":
        """Take them from the settings."""
        return cls(
            seconds=settings.timeout.total_seconds(),
            connect_ms=max(1, round(settings.connect_timeout.total_seconds() * 1000)),
            max_body=settings.max_body,
            user_agent=settings.user_agent or USER_AGENT.format(version=version),
            proxy=settings.proxy or "",
            ca_file=ca_file,
        )


class Transfer:
    """A libcurl handle, used for one request after another, and what it has received of the present one.

    Attributes:
        easy: the handle, for a multi handle to drive.
        size: bytes of body received so far, as they came over the wire.

    """

    __slots__ = (
        "_asked",
        "_chunks",
        "_dialled",
        "_fault",
        "_head_bytes",
        "_headers",
        "_limits",
        "_lines",
        "_seconds",
        "easy",
        "size",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seconds = 0.0
        self._clear(Request(url=""))
        self.easy = pycurl.Curl()
        self.easy.setopt(pycurl.SOCKOPTFUNCTION, self._before_dialling)
        for option, value in _options(limits, self._header, self._write):
            self.easy.setopt(option, value)

    def prepare(self, request: Request, *, seconds: float, guarded: bool) -> None:
        """Set the handle up for a request that may take so many seconds.

        Raises:
            ValueError: it cannot be sent as it is; the message is fit for people, without the address.

        """
        self._clear(request)
        self._seconds = seconds
        easy = self.easy
        easy.setopt(pycurl.URL, wire(request.url))
        easy.setopt(pycurl.HTTPHEADER, write_head(request))
        easy.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
        # On a connection that stood already and turns out to be dead, libcurl would send it once more by itself.
        easy.setopt(pycurl.FRESH_CONNECT, request.once)
        easy.setopt(pycurl.HTTPGET, 1)
        easy.unsetopt(pycurl.CUSTOMREQUEST)
        if sends_body(request):
            easy.setopt(pycurl.POSTFIELDS, request.body or b"")
            easy.setopt(pycurl.CUSTOMREQUEST, request.method)
        if guarded:
            # The second sees connections that stand already, and so are not opened: both, or neither is a guard.
            easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
            easy.setopt(pycurl.PREREQFUNCTION, self._before_sending)
        else:
            easy.unsetopt(pycurl.OPENSOCKETFUNCTION)
            easy.unsetopt(pycurl.PREREQFUNCTION)

    def outcome(self, code: int, message: str) -> Page | Failure:
        """Tell what came of it, from libcurl's error number (0 for none) and message, and forget it."""
        try:
            return self._failure(code, message) if code or self._fault else self._page()
        finally:
            self._clear(self._asked)

    @property
    def spent(self) -> float:
        """Seconds the last request took."""
        return float(self.easy.getinfo(pycurl.TOTAL_TIME))

    @property
    def sent(self) -> bool:
        """Whether anything of the last request went out."""
        return bool(self.easy.getinfo(pycurl.REQUEST_SIZE))

    def close(self) -> None:
        """Free the handle."""
        self.easy.close()

    def _clear(self, request: Request) -> None:
        self._asked = request
        self._lines: list[bytes] = []
        self._head_bytes = 0
        self._headers: dict[str, str] = {}
        self._chunks: list[bytes] = []
        self._fault: str | None = None
        self._dialled = 0
        self.size = 0

    def _failure(self, code: int, message: str) -> Failure:
        if self._fault:
            return Failure(self._fault)
        if code == TIMED_OUT:
            return self._timed_out()
        if code == pycurl.E_FILESIZE_EXCEEDED:
            return self._too_large()
        if code == pycurl.E_ABORTED_BY_CALLBACK and self._dialled > MOST_ADDRESSES:
            return Failure(
                f"none of the first {MOST_ADDRESSES} of the host's addresses lets anybody in", transient=True
            )
        return failure(code, message, self.easy.getinfo(pycurl.OS_ERRNO))

    def _timed_out(self) -> Failure:
        connect = self._limits.connect_ms / 1000
        if self._seconds <= connect or self.sent:
            return Failure(f"timed out after {self._limits.seconds:.3g} s")
        return Failure(f"no connection within {connect:.3g} s")

    def _too_large(self) -> Failure:
        return Failure(f"larger than {self._limits.max_body} bytes")

    def _page(self) -> Page | Failure:
        raw = b"".join(self._chunks)
        try:
            body = decode(raw, self._headers.get("content-encoding", ""), self._limits.max_body)
        except BadBody as error:
            return Failure(str(error))
        status = int(self.easy.getinfo(pycurl.RESPONSE_CODE))
        url = without_login(self._asked.url)
        return Page(url=url, status=status, headers=self._headers, body=body, received=self.size)

    def _header(self, line: bytes) -> int | None:
        self._head_bytes += len(line)
        if self._head_bytes > MAX_BYTES or len(self._lines) > MAX_LINES:
            return self._abort("the answer's headers are too large")
        if line.startswith(b"HTTP/"):  # an interim answer (1xx) may have come before
            self._lines.clear()
            self._headers = {}
        elif line.strip():
            self._lines.append(line)
        elif not self._headers:  # what comes after the body is no header any more
            self._headers = read_head(self._lines)
            fault = refuse_encoding(self._headers.get("content-encoding", ""))
            return self._abort(fault) if fault else None
        return None

    def _write(self, chunk: bytes) -> int | None:
        self.size += len(chunk)
        if self.size > self._limits.max_body:
            return self._abort(self._too_large().reason)
        self._chunks.append(chunk)
        return None

    def _before_dialling(self, _descriptor: int, _purpose: int) -> int:
        self._dialled += 1
        return int(pycurl.SOCKOPT_OK if self._dialled <= MOST_ADDRESSES else pycurl.SOCKOPT_ERROR)

    def _open_socket(
        self, _purpose: int, address: tuple[int, int, int, tuple[str | bytes, int]]
    ) -> socket.socket | int:
        family, kind, protocol, where = address
        if family not in {socket.AF_INET, socket.AF_INET6} or is_private(str(where[0])):
            self._abort("led into a private network")
            return int(pycurl.SOCKET_BAD)
        return socket.socket(family, kind, protocol)

    def _before_sending(self, remote: str, _local: str, _remote_port: int, _local_port: int) -> int:
        if is_private(remote):
            self._abort("led into a private network")
            return int(pycurl.PREREQFUNC_ABORT)
        self._fault = None  # of several addresses of a host, a public one was reached
        return int(pycurl.PREREQFUNC_OK)

    def _abort(self, fault: str) -> int:
        self._fault = fault
        return _ABORT


def _options(
    limits: Limits, header: Callable[[bytes], int | None], write: Callable[[bytes], int | None]
) -> list[tuple[int, object]]:
    """Give what holds for every request. Nothing is taken from the environment: no proxy, no netrc, no cookies."""
    options: list[tuple[int, object]] = [
        (pycurl.NOSIGNAL, 1),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.PROTOCOLS, _WEB),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.CONNECTTIMEOUT_MS, limits.connect_ms),
        (pycurl.MAXFILESIZE_LARGE, limits.max_body),
        (pycurl.USERAGENT, limits.user_agent),
        (pycurl.PROXY, limits.proxy),
        (pycurl.NOPROXY, ""),
        (pycurl.HEADERFUNCTION, header),
        (pycurl.WRITEFUNCTION, write),
    ]
    if limits.ca_file:
        options += [(pycurl.CAINFO, limits.ca_file), (pycurl.PROXY_CAINFO, limits.ca_file)]
    return options
