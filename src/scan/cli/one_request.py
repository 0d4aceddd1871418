"""One HTTP/1 request on an accepted connection: read, answered, done. Whatever the client does, it is soon over."""

import json
import os
import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_HEAD = 16_384
"""Bytes of a request's head; more is refused."""

PATIENCE = 5.0
"""Seconds that a client has for its whole request, and as many to take the answer."""

LINGERING = 1.0
"""Seconds to go on reading what a client still sends, after the answer: closing at once would cut the answer off."""

_PIECE = 1024
"""Bytes written at once: what a socket that says it can be written to takes without waiting."""

_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, as far as it matters here.

    Attributes:
        code: the status that its form deserves; 200 for a GET or HEAD of some path.
        path: without its query.
        more: the client sends, or may send, more than the head that was read.

    """

    code: int
    method: str = "GET"
    path: str = ""
    more: bool = False


def read(descriptor: int) -> Asked:
    """Read one request's head."""
    head, until = b"", time.monotonic() + PATIENCE
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        if len(head) > LONGEST_HEAD:
            return Asked(code=431, more=True)
        ready, _, _ = select.select([descriptor], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return Asked(code=408, more=True)
        part = _received(descriptor)
        if not part:
            return Asked(code=400)
        head += part
    return _understood(head)


def _received(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # it is gone
        return b""


def _understood(head: bytes) -> Asked:
    first, *fields = head.decode("latin-1").splitlines()
    names = {field.partition(":")[0].lower() for field in fields}
    more = bool(names & {"content-length", "transfer-encoding"})
    words = first.split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return Asked(code=400, more=True)
    method, target, _ = words
    code = 200 if method in {"GET", "HEAD"} else 405
    return Asked(code=code, method=method, path=target.partition("?")[0], more=more)


def answer(descriptor: int, asked: Asked, code: int, document: Mapping[str, object] | None = None) -> None:
    """Answer with a JSON document, and end the conversation."""
    body = json.dumps(document or {"error": _REASONS[code]}).encode() + b"\n"
    head = [
        f"HTTP/1.1 {code} {_REASONS[code]}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
        *(["Allow: GET, HEAD"] if code == 405 else []),
    ]
    whole = "\r\n".join([*head, "", ""]).encode() + (b"" if asked.method == "HEAD" else body)
    try:
        _write(descriptor, whole)
        if asked.more:
            _linger(descriptor)
    except OSError:  # the client is gone: nobody is there to be told
        return


def _write(descriptor: int, whole: bytes) -> None:
    until = time.monotonic() + PATIENCE
    while whole:
        _, ready, _ = select.select([], [descriptor], [], max(until - time.monotonic(), 0))
        if not ready:
            return
        whole = whole[os.write(descriptor, whole[:_PIECE]) :]


def _linger(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as ours:
        ours.shutdown(socket.SHUT_WR)
        until = time.monotonic() + LINGERING
        while (left := until - time.monotonic()) > 0:
            ours.settimeout(left)
            if not ours.recv(65536):
                return
