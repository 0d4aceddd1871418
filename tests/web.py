"""A web server for tests, on this machine only: it answers as told, remembers what it was asked, and can misbehave.

    with Web() as web:
        web.serve("/jobs", Answer(body=b"[]", etag='"1"'))
        web.serve("/flaky", [Answer(status=503), Answer(body=b"ok")])       # one after another, the last one repeated
        web.serve("/echo", lambda asked: Answer(body=asked.body))
        ...
        assert web.requests[0].headers["accept"] == "application/json"

A path with a query (`/jobs?page=2`) is looked up before the path alone. What nobody serves is 404.
"""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived.

    Attributes:
        target: path and query as sent.
        path: without the query.
        query: of a name sent twice, the last value.
        headers: names in lower case.
        at: `time.monotonic()` when it had been read.

    """

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server says.

    Attributes:
        headers: a mapping, or pairs where a name is to be sent twice.
        gzip: send the body compressed, and say so.
        etag: sent, and answered with 304 when it comes back in If-None-Match.
        last_modified: sent, and answered with 304 when it comes back in If-Modified-Since, byte for byte.
        delay: seconds before answering.
        drip: seconds before each single byte of the body.
        stream: parts of a body of unknown length, sent in chunks for as long as the client listens (it may be endless).
        cut: announces 100 bytes more than it sends, then closes the connection.
        drop: closes the connection without a word.
        reset: the same, but as if the machine had gone (RST).
        hang: never answers.

    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = field(default_factory=dict)
    gzip: bool = False
    etag: str | None = None
    last_modified: str | None = None
    delay: float = 0.0
    drip: float | None = None
    stream: Iterable[bytes] | None = None
    cut: bool = False
    drop: bool = False
    reset: bool = False
    hang: bool = False

    def unchanged_for(self, asked: Asked) -> bool:
        """Tell whether the client has this answer already. As RFC 9110 13.2.2, the ETag decides where it was sent."""
        if "if-none-match" in asked.headers:
            return self.etag is not None and asked.headers["if-none-match"] == self.etag
        return self.last_modified is not None and asked.headers.get("if-modified-since") == self.last_modified


Script = Answer | Callable[[Asked], Answer] | Sequence[Answer]
"""What is behind an address: always the same, made from the question, or one after another (the last one repeated)."""


class Web:
    """A server on a free port of a loopback address, answering from its own threads until the `with` block ends.

    Attributes:
        address: of this machine's own.
        requests: everything it was asked, oldest first.
        busiest: the most requests it was ever answering at once.
        connections: connections accepted so far.

    """

    def __init__(self, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        """Bind. `address` may be any other loopback address, such as 127.0.0.2."""
        self.requests: list[Asked] = []
        self.busiest = 0
        self.connections = 0
        self._busy = 0
        self._lock = threading.Lock()
        self._scripts: dict[str, Iterator[Answer] | Callable[[Asked], Answer]] = {}
        self._closing = threading.Event()
        self.address = address
        self._scheme = "https" if tls else "http"
        self._server = _Server((address, 0), self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop. Clients that still wait are cut off, so this never blocks."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """Give the address of a path; `host` is another name for this server, such as localhost."""
        return f"{self._scheme}://{host or self.address}:{self.port}{path}"

    def serve(self, path: str, script: Script) -> str:
        """Put something behind a path, in place of what was there, and give its address."""
        self._scripts[path] = script if callable(script) else _one_after_another(script)
        return self.url(path)

    def asked(self, path: str) -> list[Asked]:
        """Give the requests for one path, oldest first."""
        return [asked for asked in self.requests if asked.path == path]

    def answer(self, asked: Asked) -> Answer:
        """Remember a request and say what it gets. Called from the server's threads."""
        with self._lock:
            self.requests.append(asked)
            script = self._scripts.get(asked.target) or self._scripts.get(asked.path)
            if script is None:
                return Answer(status=404)
            if not callable(script):
                return next(script)
        return script(asked)

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request as being answered."""
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    def pause(self, seconds: float | None = None) -> None:
        """Wait, for ever without a number, or until the server closes."""
        self._closing.wait(seconds)


def _one_after_another(script: Answer | Sequence[Answer]) -> Iterator[Answer]:
    answers = [script] if isinstance(script, Answer) else list(script)
    yield from answers
    while True:
        yield answers[-1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], web: Web, tls: ssl.SSLContext | None) -> None:
        super().__init__(address, _Handler)
        self.web = web
        self._tls = tls
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept. The TLS handshake waits for the connection's own thread, so that it cannot stop the others."""
        connection, address = self.socket.accept()
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self._open.add(connection)
        self.web.connections += 1
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that go away in the middle are what these tests are about."""

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Keep quiet."""

    def _handle(self) -> None:
        web = self.server.web
        target = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            target=self.path,
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            at=time.monotonic(),
        )
        with web.counted():
            answer = web.answer(asked)
            web.pause(answer.delay)
            if answer.hang:
                web.pause()
            if answer.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                for file in (self.rfile, self.wfile, self.connection):
                    file.close()
            if answer.hang or answer.drop or answer.reset:
                self.close_connection = True
                return
            if answer.unchanged_for(asked):
                self._send_head(answer, HTTPStatus.NOT_MODIFIED, None)
                return
            self._send(answer)

    do_GET = do_POST = do_PUT = do_HEAD = _handle  # noqa: N815  # the base class looks for these names

    def _send(self, answer: Answer) -> None:
        if answer.stream is not None:
            self._send_stream(answer, answer.stream)
            return
        body = gzip.compress(answer.body, mtime=0) if answer.gzip else answer.body
        bodiless = answer.status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        length = None if bodiless else len(body) + 100 * answer.cut
        if answer.drip is None:
            self._send_head(answer, answer.status, length, body)
        else:
            self._send_head(answer, answer.status, length)
            for byte in body:
                self.server.web.pause(answer.drip)
                self.wfile.write(bytes([byte]))
        if answer.cut:
            self.close_connection = True

    def _send_stream(self, answer: Answer, parts: Iterable[bytes]) -> None:
        self._send_head(answer, answer.status, None, chunked=True)
        for part in parts:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def _send_head(
        self, answer: Answer, status: int, length: int | None, body: bytes = b"", *, chunked: bool = False
    ) -> None:
        pairs = list(answer.headers.items() if isinstance(answer.headers, Mapping) else answer.headers)
        if length is not None and not any(name.lower() == "content-length" for name, _ in pairs):
            pairs.append(("Content-Length", str(length)))
        if chunked:
            pairs.append(("Transfer-Encoding", "chunked"))
        if answer.gzip and status != HTTPStatus.NOT_MODIFIED:
            pairs.append(("Content-Encoding", "gzip"))
        if answer.etag is not None:
            pairs.append(("ETag", answer.etag))
        if answer.last_modified is not None:
            pairs.append(("Last-Modified", answer.last_modified))
        lines = [f"HTTP/1.1 {status} {responses.get(status, '')}", *(f"{name}: {value}" for name, value in pairs)]
        head = "\r\n".join([*lines, "\r\n"]).encode("latin-1")
        self.wfile.write(head if self.command == "HEAD" else head + body)
