"""`scan health --http` as a socket of systemd starts it, and what a client is answered."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.conftest import Scan


@contextmanager
def serving(scan: Scan) -> Iterator[socket.socket]:
    """Start a one-shot server on an accepted connection, as systemd would; it ends well and says nothing by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as ours:
        ours.settimeout(20)
        theirs, _ = server.accept()
        with theirs:
            command, accepted = scan.command("health", "--http"), theirs.fileno()
            process = subprocess.Popen(
                command, stdin=accepted, stdout=accepted, stderr=subprocess.PIPE, env=scan.environment()
            )
        yield ours
        ours.close()
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (0, b"")


def asked(scan: Scan, request: bytes, *, close: bool = False) -> tuple[str, dict[str, str], bytes]:
    """Send a request, and read the answer to its end."""
    with serving(scan) as ours:
        ours.sendall(request)
        if close:
            ours.shutdown(socket.SHUT_WR)
        received = b""
        while part := ours.recv(65536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return lines[0], headers, body


def get(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
