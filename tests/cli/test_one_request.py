"""One HTTP request on a socket: however slow the client, it is soon over."""

import os
import socket
from collections.abc import Iterator

import pytest

from scan.cli import one_request
from scan.cli.one_request import Asked, answer, read


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(10)
        yield ours, theirs


def test_a_request_may_come_in_pieces(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    for piece in (b"HEAD /health?a=", b"b HTTP/1.0\r\nHost: x\r\n", b"\r\n"):
        ours.sendall(piece)
    assert read(theirs.fileno()) == Asked(code=200, method="HEAD", path="/health")


def test_a_client_that_sends_nothing_is_told_so(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = ends
    monkeypatch.setattr(one_request, "PATIENCE", 0.0)
    asked = read(theirs.fileno())
    assert asked.code == 408
    monkeypatch.setattr(one_request, "LINGERING", 0.0)
    monkeypatch.setattr(one_request, "PATIENCE", 10.0)
    answer(theirs.fileno(), asked, asked.code)
    assert ours.recv(4096).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_a_client_that_takes_no_answer_is_not_waited_for(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = ends
    monkeypatch.setattr(one_request, "PATIENCE", 0.0)
    answer(theirs.fileno(), Asked(code=200), 200, {"sources": "x" * 10_000_000})
    theirs.close()
    received = 0
    while part := ours.recv(1_000_000):
        received += len(part)
    assert received < 10_000_000


@pytest.mark.parametrize("code", [200, 400, 408, 431])
def test_a_client_that_is_gone_is_no_trouble(code: int) -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        answer(theirs.fileno(), Asked(code=code, more=True), code)


@pytest.mark.parametrize("head", [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"GET / FTP/1.0\r\n\r\n", b"\xff\xfe\n\n"])
def test_what_is_no_request_is_a_bad_one(head: bytes) -> None:
    inner, outer = os.pipe()
    os.write(outer, head)
    os.close(outer)
    assert read(inner).code == 400
    os.close(inner)
