"""Pings: what an answer means, and that none of it raises."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scan.declare import SecretText
from scan.errors import FetchError
from scan.page import Page, Request
from scan.publish import Published, Publisher
from scan.reports.ping import Ping
from tests.publish.worlds import a_world
from tests.reports.samples import RUN, a_view
from tests.test_outcome import outcome

PING = Ping(url=SecretText("https://hc.example.org/check-123"), timeout=timedelta(seconds=3))


def published(ask: Callable[[Request, timedelta], Page], **world: object) -> Published:
    return Publisher([PING], a_world(ask=ask, **world)).publish(a_view(outcome=outcome()))


def answering(status: int = 200, body: bytes = b"OK") -> Callable[[Request, timedelta], Page]:
    return lambda request, _: Page(url=request.url, status=status, body=body)


def test_a_ping_that_is_accepted_is_published() -> None:
    assert published(answering()) == Published(("report ping hc.example.org: sent",))
    assert published(answering(201, b"Created")).errors == ()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"", "answered 500"),
        (404, b"not found", "answered 404"),
        (301, b"", "answered 301"),
        (200, b"OK (not found)\n", "knows no such check; mend its url"),
    ],
)
def test_a_ping_that_is_refused_is_told_without_its_address(status: int, body: bytes, said: str) -> None:
    assert published(answering(status, body)) == Published((), (f"report ping hc.example.org: {said}",))


def test_a_ping_that_nobody_answers_is_told_without_its_address() -> None:
    def broken(request: Request, within: timedelta) -> Page:
        assert within == PING.timeout
        raise FetchError(request.url, f"no route to {request.url}")

    assert published(broken).errors == ("report ping hc.example.org: no route to ***",)


def test_nothing_is_raised_whatever_goes_wrong() -> None:
    def buggy(request: Request, within: timedelta) -> Page:
        raise KeyError(request.method, within)

    publisher = Publisher([PING], a_world(ask=buggy))
    publisher.begin(RUN)
    publisher.break_off(RUN, "an error")
    assert len(publisher.publish(a_view(outcome=outcome())).errors) == 1


def test_without_a_run_nobody_is_pinged() -> None:
    asked: list[Request] = []

    def noting(request: Request, within: timedelta) -> Page:
        del within
        asked.append(request)
        return Page(url=request.url)

    publisher = Publisher([PING], a_world(ask=noting))
    assert publisher.publish(a_view()) == Published()
    assert asked == []
    publisher.begin(RUN)
    publisher.break_off(RUN, "a secret of mine")
    assert [request.url.partition("?")[0].rpartition("/")[2] for request in asked] == ["start", "fail"]
    assert asked[1].body == b"a *** of mine"


def test_pings_come_last_and_even_if_the_run_is_asked_to_end() -> None:
    beats: list[str] = []
    result = published(answering(), stop=lambda: True, beat=lambda said, _: beats.append(said))
    assert (len(result.done), beats) == (1, ["report ping"])
