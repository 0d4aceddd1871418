import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from scan.channels.webhook import Webhook, signature
from scan.deliver import post
from scan.errors import DeliveryError, FetchError
from scan.page import Page, Request
from tests.deliver.handovers import FullDiskError, Recorded, Refusing

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
URL = "https://hooks.example.org/services/s3cret?token=s3cret"


def hook(**fields: Any) -> Webhook:
    return Webhook(**{"name": "hook", "url": URL} | fields)


def send(channel: Webhook, handover: Recorded, ask: Callable[[Request], Page]) -> None:
    post.send(channel, "hook", "m1", b'{"version":1}', handover, ask=ask, now=NOW)


def answering(status: int, headers: Mapping[str, str] | None = None) -> Callable[[Request], Page]:
    return lambda request: Page(url=request.url, status=status, headers=headers or {})


def raising(error: FetchError) -> Callable[[Request], Page]:
    def ask(_: Request) -> Page:
        raise error

    return ask


def refused(ask: Callable[[Request], Page]) -> DeliveryError:
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        send(hook(), handover, ask)
    assert handover.events == ["armed"]
    assert "s3cret" not in str(raised.value)
    assert "hooks.example.org" in str(raised.value)
    return raised.value


def test_the_message_is_one_post_under_its_own_identity() -> None:
    handover, asked = Recorded(), list[Request]()

    def ask(request: Request) -> Page:
        asked.append(request)
        assert handover.events == ["armed"]
        return Page(url=request.url, status=202, headers={"x-request-id": "r1"})

    send(hook(headers={"Authorization": "Bearer t"}), handover, ask)
    (request,) = asked
    assert (request.method, request.url, request.body, request.once) == ("POST", URL, b'{"version":1}', True)
    assert request.headers == {
        "Authorization": "Bearer t",
        "Content-Type": "application/json",
        "Idempotency-Key": "m1",
        "webhook-id": "m1",
        "webhook-timestamp": "1795240800",
    }
    assert handover.receipts == [(202, "r1")]


@pytest.mark.parametrize(
    ("secret", "key"), [("sesame", b"sesame"), ("whsec_" + base64.b64encode(b"\x00\xff").decode(), b"\x00\xff")]
)
def test_a_secret_signs_what_is_sent(secret: str, key: bytes) -> None:
    asked: list[Request] = []

    def ask(request: Request) -> Page:
        asked.append(request)
        return Page(url=request.url)

    send(hook(secret=secret), Recorded(), ask)
    expected = hmac.new(key, b'm1.1795240800.{"version":1}', hashlib.sha256).digest()
    assert asked[0].headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


def test_the_signature_is_that_of_the_standards_example() -> None:
    """From the test vectors of the reference libraries, github.com/standard-webhooks/standard-webhooks."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_a_final_no_is_permanent(status: int) -> None:
    error = refused(answering(status))
    assert (error.permanent, error.config, error.code) == (True, False, status)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_no_for_now_is_temporary_and_the_asked_wait_is_passed_on(status: int) -> None:
    error = refused(answering(status, {"retry-after": "120"}))
    assert (error.permanent, error.config, error.code) == (False, False, status)
    assert error.retry_after == 120.0
    assert refused(answering(status)).retry_after is None


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 404, 405, 407])
def test_a_no_to_the_channel_waits_until_it_is_mended(status: int) -> None:
    error = refused(answering(status))
    assert (error.permanent, error.config, error.code) == (False, True, status)


@pytest.mark.parametrize("in_doubt", [False, True])
def test_no_answer_is_temporary_and_as_doubtful_as_the_fetcher_says(in_doubt: bool) -> None:
    error = refused(raising(FetchError(URL, f"cannot connect to {URL}", in_doubt=in_doubt)))
    assert (error.permanent, error.config, error.in_doubt) == (False, False, in_doubt)


def test_a_status_that_the_fetcher_raises_is_read_alike() -> None:
    error = refused(raising(FetchError(URL, "service unavailable", status=503, retry_after=9.0)))
    assert (error.permanent, error.code, error.retry_after) == (False, 503, 9.0)


def test_nothing_is_asked_if_it_cannot_be_armed() -> None:
    asked: list[Request] = []

    def ask(request: Request) -> Page:
        asked.append(request)
        return Page(url=request.url)

    with pytest.raises(FullDiskError):
        send(hook(), Refusing(), ask)
    assert asked == []
