"""`scan health`: what monitoring reads, as a document and over an accepted socket."""

import json
import socket
import struct

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan
from tests.cli.health import asked, get, serving
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


def test_before_the_first_run_a_profile_has_not_started(scan: Scan) -> None:
    ran = scan("health")
    assert (ran.status, ran.json["status"], ran.json["last_run"]) == (3, "not_started", None)
    assert asked(scan, get("/"))[0] == "HTTP/1.1 503 Service Unavailable"


def test_a_healthy_profile_answers_200_to_get_and_head(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    ran = scan("health")
    assert (ran.status, ran.json["status"], ran.json["sources"]["acme"]["status"]) == (0, "healthy", "healthy")
    acme = ran.json["sources"]["acme"]
    assert 0 <= acme["age_seconds"] < 60
    assert (acme["state"], acme["last_run"]) == ("healthy", acme["last_success"])

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
    states = {name: (source["status"], source["state"]) for name, source in ran.json["sources"].items()}
    assert states == {"acme": ("unhealthy", "failing"), "good": ("healthy", "healthy")}
    assert ran.json["sources"]["acme"]["last_success"] is None
    assert ran.json["sources"]["acme"]["last_run"] is not None
    assert asked(scan, get("/"))[0] == "HTTP/1.1 503 Service Unavailable"


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (get("/other"), "HTTP/1.1 404 Not Found"),
        (get("/", "POST"), "HTTP/1.1 405 Method Not Allowed"),
        (b"PUT / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000, "HTTP/1.1 405 Method Not Allowed"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000, "HTTP/1.1 431 Request Header Fields Too Large"),
    ],
)
def test_anything_else_is_answered_properly(scan: Scan, request_: bytes, answered: str) -> None:
    assert asked(scan, request_)[0] == answered


def test_a_client_that_leaves_in_the_middle_is_no_trouble(scan: Scan) -> None:
    assert asked(scan, b"GET / HT", close=True)[0] == "HTTP/1.1 400 Bad Request"


def test_a_client_that_breaks_off_is_no_trouble(scan: Scan) -> None:
    with serving(scan) as ours:
        ours.sendall(b"GET /health HT")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets the connection


def test_a_profile_whose_last_run_is_too_long_ago_is_unhealthy(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    place = scan.state / "profile.status.json"
    year = json.loads(place.read_text())["last_run"]["finished_at"][:4]
    place.write_text(place.read_text().replace(f'"{year}-', '"2020-'))
    ran = scan("health")
    acme = ran.json["sources"]["acme"]
    assert (ran.status, ran.json["status"], acme["status"], acme["state"]) == (2, "unhealthy", "unhealthy", "stale")
    first, _, body = asked(scan, get("/"))
    assert (first, json.loads(body)["status"]) == ("HTTP/1.1 503 Service Unavailable", "unhealthy")
    assert json.loads(body)["age_seconds"] > 2 * 900
