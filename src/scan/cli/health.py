"""`scan health`: how a profile is, for programs; and as the answer to one HTTP request on an accepted socket."""

import json
import os
import select
import time

import click

from scan import status
from scan.cli.context import Settings
from scan.cli.output import now_utc
from scan.cli.status import CHECK, judged
from scan.errors import ScanError

LONGEST_REQUEST = 16_384
"""Bytes of a request's head; more is refused."""

PATIENCE = 5.0
"""Seconds that a client has for its whole request."""

TOO_LARGE = 431
LINGERING = 1.0
"""Seconds to go on reading what a client still sends, after the answer: closing at once would cut the answer off."""

PATHS = ("/", "/health", "/healthz")
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
           431: "Request Header Fields Too Large", 503: "Service Unavailable"}  # fmt: skip

STDIN, STDOUT = 0, 1


@click.command(name="health")
@click.option("--http", "as_http", is_flag=True, help="Answer one HTTP request on standard input and output.")
@click.pass_obj
def command(settings: Settings, *, as_http: bool) -> int:
    """Print how the profile and each source is, as JSON. Exit status: 0 healthy, 1 degraded, 2 unhealthy, 3 unknown."""
    settings.become_owner()
    if as_http:
        code, method = _request()
        _write(_answer(settings, code, method))
        if code == TOO_LARGE:
            _linger()
        return 0
    document = _health(settings)
    click.echo(json.dumps(document, indent=2))
    return CHECK[document["status"]][0]


def _health(settings: Settings) -> status.Document:
    """Say of the profile and of each enabled source: its status, its last run, and how old that is."""
    now = now_utc()
    document = judged(settings, now)
    last = document["last_run"]
    return {
        "status": document["status"],
        "profile": document["profile"],
        "last_run": None if last is None else last["finished_at"],
        "age_seconds": document.get("age_seconds"),
        "sources": {
            source["source"]: {
                "status": source["health"],
                "last_run": source["last_success_at"],
                "age_seconds": status.age(source["last_success_at"], now),
            }
            for source in document["sources"]
            if source["enabled"]
        },
    }


def _request() -> tuple[int, str]:
    """Read one request, the whole of it, lest the client be cut off.

    Returns:
        The status that its form deserves (200 if it asks for health), and its method.

    """
    head, until = b"", time.monotonic() + PATIENCE
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        if len(head) > LONGEST_REQUEST:
            return TOO_LARGE, "GET"
        ready, _, _ = select.select([STDIN], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return 408, "GET"
        more = os.read(STDIN, 4096)
        if not more:
            return 400, "GET"
        head += more
    words = head.split(b"\n", 1)[0].decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return 400, "GET"
    method, target, _ = words
    if target.partition("?")[0] not in PATHS:
        return 404, method
    return (200 if method in {"GET", "HEAD"} else 405), method


def _answer(settings: Settings, code: int, method: str) -> bytes:
    """Write the answer: 200 if all is healthy, 503 if not, or what the request's form deserves."""
    document: status.Document = {"error": REASONS[code]}
    if code == 200:
        document = _health_or_why_not(settings)
        code = 200 if document["status"] == "healthy" else 503
    body = json.dumps(document).encode() + b"\n"
    head = [
        f"HTTP/1.1 {code} {REASONS[code]}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
        *(["Allow: GET, HEAD"] if code == 405 else []),
    ]
    return "\r\n".join([*head, "", ""]).encode() + (b"" if method == "HEAD" else body)


def _health_or_why_not(settings: Settings) -> status.Document:
    """Whoever asks over HTTP gets an answer, whatever is wrong here."""
    try:
        return _health(settings)
    except ScanError as error:
        return {"status": "unknown", "error": str(error)}


def _write(answer: bytes) -> None:
    while answer:
        answer = answer[os.write(STDOUT, answer) :]


def _linger() -> None:
    import socket

    try:
        with socket.socket(fileno=os.dup(STDOUT)) as ours:
            ours.shutdown(socket.SHUT_WR)
            ours.settimeout(LINGERING)
            while ours.recv(65536):
                pass
    except OSError:
        return
