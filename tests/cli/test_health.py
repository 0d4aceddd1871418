"""`scan health`: what monitoring reads, as a document and over an accepted socket."""

import json
import socket
import subprocess

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


def asked(scan: Scan, request: bytes, *, close: bool = False) -> tuple[str, dict[str, str], bytes]:
    """Send a request to a one-shot server on a real socket, as systemd would hand it over."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        accepted = theirs.fileno()
        command = scan.command("health", "--http")
        process = subprocess.Popen(command, stdin=accepted, stdout=accepted, env=scan.environment())
        theirs.close()
        ours.settimeout(20)
        ours.sendall(request)
        if close:
            ours.shutdown(socket.SHUT_WR)
        received = b""
        while part := ours.recv(65536):
            received += part
        assert process.wait(20) == 0
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return lines[0], headers, body


def get(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_before_the_first_run_a_profile_has_not_started(scan: Scan) -> None:
    ran = scan("health")
    assert (ran.status, ran.json["status"], ran.json["last_run"]) == (3, "not_started", None)
    assert asked(scan, get("/"))[0] == "HTTP/1.1 503 Service Unavailable"


def test_a_healthy_profile_answers_200_to_get_and_head(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    ran = scan("health")
    assert (ran.status, ran.json["status"], ran.json["sources"]["acme"]["status"]) == (0, "healthy", "healthy")
    assert ran.json["sources"]["acme"]["age_seconds"] < 60

    first, headers, body = asked(scan, get("/health?verbose"))
    assert first == "HTTP/1.1 200 OK"
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(body)
    assert json.loads(body)["status"] == "healthy"
    first, headers, body = asked(scan, get("/", "HEAD"))
    assert (first, body) == ("HTTP/1.1 200 OK", b"")
    assert int(headers["content-length"]) > 100


def test_a_failing_source_is_503(scan: Scan, web: Web) -> None:
    good = f"  - {{name: good, kind: greenhouse, board: g, url: '{web.serve('/good', answer(job(1)))}'}}\n"
    scan.configure(config(web.serve("/bad", Answer(status=500)), good))
    scan("run")
    ran = scan("health")
    assert (ran.status, ran.json["status"]) == (1, "degraded")
    assert asked(scan, get("/"))[0] == "HTTP/1.1 503 Service Unavailable"


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (get("/other"), "HTTP/1.1 404 Not Found"),
        (get("/", "POST"), "HTTP/1.1 405 Method Not Allowed"),
        (b"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000, "HTTP/1.1 431 Request Header Fields Too Large"),
    ],
)
def test_anything_else_is_answered_properly(scan: Scan, request_: bytes, answered: str) -> None:
    assert asked(scan, request_)[0] == answered


def test_a_client_that_leaves_in_the_middle_is_no_trouble(scan: Scan) -> None:
    assert asked(scan, b"GET / HT", close=True)[0] == "HTTP/1.1 400 Bad Request"
