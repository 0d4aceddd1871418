"""Messages by ntfy to a real server on this machine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scan import deliver
from scan.channels.ntfy import Ntfy
from scan.declare import SecretText
from scan.errors import DeliveryError
from scan.fetch import Fetcher
from scan.fetch.settings import HttpSettings
from tests.channels.samples import digest, notice
from tests.deliver.handovers import Recorded
from tests.web import Answer, Web

pytestmark = pytest.mark.integration

DIGEST = digest(notice())


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


def send(web: Web) -> Recorded:
    channel = Ntfy(name="phone", url=SecretText(web.url("/s3cret-topic")), token=SecretText("tk_s3cret"))
    handover = Recorded()
    with Fetcher(HttpSettings(), version="1") as fetcher:
        deliver.send(
            channel,
            "phone",
            DIGEST.id,
            channel.compose(DIGEST, "phone"),
            handover,
            ask=fetcher.ask,
            environ={},
            now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
        )
    return handover


def test_a_message_arrives_as_json(web: Web) -> None:
    web.serve("/", Answer(body=b'{"id":"xE73Iyuabi","time":1795240800,"event":"message"}'))
    assert send(web).receipts == [(200, "xE73Iyuabi")]
    (asked,) = web.requests
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("POST", "/", "Bearer tk_s3cret")
    assert json.loads(asked.body)["topic"] == "s3cret-topic"
    assert json.loads(asked.body)["click"] == "https://jobs.acme.test/1"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=429, headers={"Retry-After": "7"}), (False, False, False, 7.0)),
        (Answer(status=403), (False, True, False, None)),
        (Answer(status=400), (True, False, False, None)),
        (Answer(status=307, headers={"Location": "/elsewhere"}), (False, True, False, None)),
        (Answer(drop=True), (False, False, True, None)),
        (Answer(cut=True), (False, False, True, None)),
    ],
)
def test_it_is_asked_once_and_its_refusal_understood(
    web: Web, answer: Answer, expected: tuple[bool, bool, bool, float | None]
) -> None:
    web.serve("/", answer)
    web.serve("/elsewhere", Answer())
    with pytest.raises(DeliveryError) as raised:
        send(web)
    error = raised.value
    assert (error.permanent, error.config, error.in_doubt, error.retry_after) == expected
    assert "s3cret" not in str(error)
    assert [asked.path for asked in web.requests] == ["/"]
