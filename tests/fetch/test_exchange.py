from math import inf
from typing import Any

import pytest

from scan.errors import FetchError
from scan.fetch.exchange import Again, Bounds, Exchange
from scan.fetch.reasons import Failure
from scan.page import Page, Request

URL = "http://user:pw@a.example/"
BROKEN = Failure("the connection broke", transient=True)


def exchange(*, retries: int = 2, redirects: int = 2, seconds: float = 30, **request: Any) -> Exchange:
    return Exchange(Request(url=URL, **request), Bounds(seconds=seconds, redirects=redirects, retries=retries))


def settle(
    of: Exchange, outcome: Page | Failure, *, spent: float = 1, sent: bool = True, left: float = inf
) -> Page | FetchError | Again:
    return of.settle(outcome, spent=spent, sent=sent, left=left, random=lambda: 0.5)


def answer(status: int, **headers: str) -> Page:
    return Page(url=URL, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("status", [200, 204, 304, 400, 404, 500])
def test_an_answer_that_time_cannot_mend_is_the_answer(status: int) -> None:
    page = answer(status)
    assert settle(exchange(), page) is page


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_later_each_time_and_then_believed(status: int) -> None:
    asked = exchange()
    assert settle(asked, answer(status)) == Again(0.25)
    assert settle(asked, answer(status)) == Again(0.5)
    assert settle(asked, answer(status)) == answer(status)


def test_a_broken_connection_is_tried_again_and_then_an_error() -> None:
    asked = exchange(retries=1)
    assert settle(asked, BROKEN) == Again(0.25)
    error = settle(asked, BROKEN)
    assert isinstance(error, FetchError)
    assert error.reason == "the connection broke"
    assert error.url == URL


def test_there_is_no_other_try_that_would_take_too_long_if_it_took_as_long_as_the_last() -> None:
    assert settle(exchange(), BROKEN, spent=5, left=5.25) == Again(0.25)
    assert isinstance(settle(exchange(), BROKEN, spent=5, left=5.2), FetchError)
    assert settle(exchange(), answer(503), spent=5, left=5.2) == answer(503)
    busy = answer(429, retry_after="7")
    assert settle(exchange(), busy, spent=1, left=8) == Again(7.0)
    assert settle(exchange(), busy, spent=1, left=7.9) is busy


def test_what_another_try_cannot_mend_is_an_error_at_once() -> None:
    assert isinstance(settle(exchange(), Failure("certificate has expired")), FetchError)


def test_a_short_retry_after_is_waited_for() -> None:
    assert settle(exchange(), answer(503, retry_after="7")) == Again(7.0)


def test_a_long_retry_after_ends_the_tries_and_comes_with_the_answer() -> None:
    settled = settle(exchange(), answer(503, retry_after="11"))
    assert isinstance(settled, Page)
    assert settled.retry_after == 11


def test_a_retry_after_that_cannot_be_read_is_as_good_as_none() -> None:
    assert settle(exchange(), answer(503, retry_after="-1")) == Again(0.25)


def test_what_is_to_be_sent_once_is_neither_tried_again_nor_sent_along_a_redirect() -> None:
    assert settle(exchange(once=True), answer(503)) == answer(503)
    assert settle(exchange(once=True), answer(307, location="/b")) == answer(307, location="/b")
    assert isinstance(settle(exchange(once=True), BROKEN), FetchError)


def test_a_redirect_goes_on_at_once_with_the_time_that_is_left() -> None:
    asked = exchange(seconds=30)
    assert settle(asked, answer(302, location="/b"), spent=10) == Again(None)
    assert (asked.asked.url, asked.seconds) == ("http://user:pw@a.example/b", 20)


def test_redirects_share_the_time_of_one_request() -> None:
    error = settle(exchange(seconds=30), answer(302, location="/b"), spent=30)
    assert isinstance(error, FetchError)
    assert "timed out after 30 s" in error.reason


def test_redirects_are_followed_so_often_and_no_more() -> None:
    asked = exchange(redirects=2)
    there = answer(302, location="/")
    assert [settle(asked, there), settle(asked, there)] == [Again(None), Again(None)]
    error = settle(asked, there)
    assert isinstance(error, FetchError)
    assert "more than 2 redirects" in error.reason


def test_a_redirect_to_nowhere_is_an_error() -> None:
    assert isinstance(settle(exchange(), answer(302, location="file:///etc/passwd")), FetchError)


def test_another_try_begins_anew_with_all_its_time() -> None:
    asked = exchange()
    settle(asked, answer(302, location="http://b.example/"), spent=10)
    assert settle(asked, BROKEN) == Again(0.25)
    assert (asked.asked, asked.seconds) == (asked.request, 30)


@pytest.mark.parametrize("sent", [True, False])
def test_an_error_tells_whether_anything_was_sent(sent: bool) -> None:
    error = settle(exchange(retries=0), BROKEN, sent=sent)
    assert isinstance(error, FetchError)
    assert error.in_doubt is sent


def test_an_error_names_no_address_in_its_reason() -> None:
    asked = exchange(retries=0)
    settle(asked, answer(302, location="http://b.example/"))
    error = settle(asked, BROKEN)
    assert isinstance(error, FetchError)
    assert error.reason == "after a redirect: the connection broke"
