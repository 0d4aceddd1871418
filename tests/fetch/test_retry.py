import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.fetch.retry import LONGEST_WAIT, backoff
from scan.page import Page

YEAR = 365 * 86_400.0
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def asked_for(value: str, date: str = DATE) -> float | None:
    return Page(url="", headers={"retry-after": value, "date": date}).retry_after


@given(st.integers(0, 60), st.floats(0, 1, exclude_max=True))
def test_a_wait_before_another_try_is_never_negative_nor_longer_than_the_longest(attempt: int, random: float) -> None:
    assert 0 <= backoff(attempt, random) <= LONGEST_WAIT


def test_waits_grow_twofold_up_to_the_longest() -> None:
    assert [backoff(attempt, 1.0) for attempt in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("1000000000", YEAR),
        ("9" * 400, YEAR),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Fri, 06 Nov 2094 08:49:37 GMT", YEAR),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float) -> None:
    assert asked_for(value) == seconds


@pytest.mark.parametrize(
    "value", ["", "-1", "1e9", "soon", "١٢", "NaN", "inf", "06 Nov", "Sun, 99 Nov 1994 08:49:37 GMT"]
)
def test_retry_after_in_other_words_says_nothing(value: str) -> None:
    assert asked_for(value) is None


def test_a_retry_after_date_says_nothing_without_the_answers_own_date() -> None:
    assert asked_for(DATE, date="") is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,9} [A-Z][a-z]{2} \d{1,6} \d+:\d+:\d+ [+-]?\w{1,9}"), st.text())
def test_no_retry_after_does_harm(value: str, date: str) -> None:
    seconds = asked_for(value, date)
    assert seconds is None or 0 <= seconds <= YEAR
