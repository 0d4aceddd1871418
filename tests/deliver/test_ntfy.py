from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from scan.channels.ntfy import Ntfy
from scan.deliver import post
from scan.errors import DeliveryError, FetchError
from scan.page import Page, Request
from tests.deliver.handovers import FullDiskError, Recorded, Refusing

URL = "https://ntfy.example.org/s3cret-topic"
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
PAYLOAD = b'{"message":"hello"}'


def phone(**fields: Any) -> Ntfy:
    return Ntfy(**{"name": "phone", "url": URL, "token": "s3cret-token"} | fields)


def send(handover: Recorded, ask: Callable[[Request], Page]) -> None:
    post.send(phone(), "phone", "m1", PAYLOAD, handover, ask=ask, now=NOW)


def answering(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Callable[[Request], Page]:
    return lambda request: Page(url=request.url, status=status, body=body, headers=headers or {})


def refused(ask: Callable[[Request], Page]) -> DeliveryError:
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        send(handover, ask)
    assert handover.events == ["armed"]
    assert "s3cret" not in str(raised.value)
    assert "ntfy.example.org" in str(raised.value)
    return raised.value


def test_the_message_is_one_post_to_the_server() -> None:
    handover, asked = Recorded(), list[Request]()

    def ask(request: Request) -> Page:
        asked.append(request)
        assert handover.events == ["armed"]
        return Page(url=request.url, body=b'{"id":"xE73Iyuabi","event":"message"}')

    send(handover, ask)
    (request,) = asked
    assert (request.method, request.url, request.once) == ("POST", "https://ntfy.example.org/", True)
    assert request.body == b'{"topic":"s3cret-topic","message":"hello"}'
    assert request.headers == {"Authorization": "Bearer s3cret-token", "Content-Type": "application/json"}
    assert handover.events == ["armed", "accepted"]
    assert handover.receipts == [(200, "xE73Iyuabi")]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id":1}', b"\xff"])
def test_any_2xx_is_acceptance_whatever_the_body(body: bytes) -> None:
    handover = Recorded()
    send(handover, answering(202, body))
    assert handover.receipts == [(202, "")]


def test_too_many_requests_wait_as_long_as_asked() -> None:
    error = refused(answering(429, headers={"retry-after": "60"}))
    assert (error.permanent, error.config, error.code, error.retry_after) == (False, False, 429, 60.0)


@pytest.mark.parametrize("status", [500, 503, 507])
def test_a_server_in_trouble_is_temporary(status: int) -> None:
    error = refused(answering(status))
    assert (error.permanent, error.config, error.code) == (False, False, status)


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_a_refused_login_waits_until_the_channel_is_mended(status: int) -> None:
    error = refused(answering(status))
    assert (error.permanent, error.config, error.code) == (False, True, status)


@pytest.mark.parametrize("status", [400, 413])
def test_a_refused_message_is_final(status: int) -> None:
    error = refused(answering(status))
    assert (error.permanent, error.config, error.code) == (True, False, status)


@pytest.mark.parametrize("in_doubt", [False, True])
def test_no_answer_is_as_doubtful_as_the_fetcher_says(in_doubt: bool) -> None:
    def ask(request: Request) -> Page:
        raise FetchError(request.url, "the connection broke", in_doubt=in_doubt)

    error = refused(ask)
    assert (error.permanent, error.config, error.in_doubt) == (False, False, in_doubt)


def test_nothing_is_asked_if_it_cannot_be_armed() -> None:
    asked: list[Request] = []

    def ask(request: Request) -> Page:
        asked.append(request)
        return Page(url=request.url)

    with pytest.raises(FullDiskError):
        send(Refusing(), ask)
    assert asked == []
