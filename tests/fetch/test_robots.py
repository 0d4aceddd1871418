from datetime import UTC, datetime, timedelta

import pytest

from scan.errors import FetchError
from scan.fetch.remembered import HostMemory, Robots
from scan.fetch.robots import LONGEST, Gate
from scan.fetch.urls import Place
from scan.page import Page

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
A = Place("https", "a.example", 443)
JOBS = "https://a.example/jobs"
FORBIDS = "User-agent: *\nDisallow: /\n"


def gate(text: str | None = None, age: timedelta = timedelta(0), agent: str = "scan/1 (x)") -> Gate[str]:
    known = None if text is None else Robots(text, NOW - age)
    return Gate(HostMemory(wall=lambda: NOW, recall=lambda _: known), agent)


def answered(status: int = 200, body: bytes = b"") -> Page:
    return Page(url="https://a.example/robots.txt", status=status, body=body)


@pytest.mark.parametrize(
    ("text", "url", "allowed"),
    [
        ("", "/jobs", True),
        (FORBIDS, "/jobs", False),
        ("User-agent: *\nDisallow: /private\n", "/jobs", True),
        ("User-agent: *\nDisallow: /private\n", "/private/1", False),
        ("User-agent: *\nDisallow: /\nAllow: /jobs$\n", "/jobs", True),
        ("User-agent: *\nDisallow: /\nAllow: /jobs$\n", "/jobs/1", False),
        ("User-agent: *\nDisallow: /*?page=\n", "/jobs?page=2", False),
        ("User-agent: scan\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/jobs", False),
        ("User-agent: SCAN\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/jobs", True),
        ("User-agent: scanner\nDisallow: /\n", "/jobs", True),
        ("<html>not found</html>", "/jobs", True),
        ("User-agent: *\r\nDisallow: /j\r\n# x", "/jobs", False),
        ("Disallow /\n\0\nUser-agent\n:::", "/jobs", True),
    ],
)
def test_what_a_file_says_is_read_as_the_standard_has_it(text: str, url: str, allowed: bool) -> None:
    asked = gate(text)
    assert asked.knows(A)
    assert (asked.refuses(A, f"https://a.example{url}") is None) == allowed


def test_who_asks_is_the_first_word_of_the_user_agent() -> None:
    for agent, allowed in (("MyBot/2.0 (+https://example.org)", False), ("scan/1", True)):
        asked = gate("User-agent: mybot\nDisallow: /\n", agent=agent)
        assert asked.knows(A)
        assert (asked.refuses(A, JOBS) is None) == allowed


def test_the_first_who_wants_to_know_asks_and_the_others_wait() -> None:
    asked = gate()
    assert not asked.knows(A)

    request = asked.wait(A, "one")
    assert request is not None
    assert (request.url, asked.wait(A, "two")) == ("https://a.example/robots.txt", None)

    assert asked.learn(A, answered(body=b"\xef\xbb\xbf\0" + FORBIDS.encode())) == ["one", "two"]
    assert asked.knows(A)
    assert asked.refuses(A, JOBS) == "the host's robots.txt forbids it (robots: obey)"


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (answered(), True),
        (answered(404), True),
        (answered(403), True),
        (answered(401), True),
        (answered(301), True),
        (FetchError(JOBS, "more than 5 redirects"), True),
        (answered(429), False),
        (answered(500), False),
        (answered(503), False),
        (FetchError(JOBS, "timed out after 30 s"), False),
        (FetchError(JOBS, "the host asked to be left alone for 60 s", status=429), False),
    ],
)
def test_without_a_file_everything_is_allowed_and_without_an_answer_nothing(
    answer: Page | FetchError, allowed: bool
) -> None:
    asked = gate()
    asked.wait(A, "one")
    asked.learn(A, answer)

    refused = asked.refuses(A, JOBS)
    assert (refused is None) == allowed
    if not allowed:
        assert str(refused).startswith("the host's robots.txt cannot be read (")


def test_a_file_is_good_for_a_day_and_for_a_month_better_than_none() -> None:
    assert gate("", timedelta(hours=23)).knows(A)
    assert not gate("", timedelta(hours=25)).knows(A)
    assert not gate("", -timedelta(hours=1)).knows(A)
    for days, allowed in ((29, True), (31, False)):
        asked = gate("User-agent: *\nDisallow: /private\n", timedelta(days=days))
        asked.wait(A, "one")
        asked.learn(A, answered(503))
        assert (asked.refuses(A, JOBS) is None) == allowed
        assert asked.refuses(A, "https://a.example/private") is not None


def test_only_the_beginning_of_an_endless_file_is_read() -> None:
    asked = gate()
    asked.wait(A, "one")
    asked.learn(A, answered(body=b"# " + b"x" * LONGEST + b"\nUser-agent: *\nDisallow: /\n"))
    assert asked.refuses(A, JOBS) is None


@pytest.mark.parametrize(("delay", "seconds"), [("2", 2), ("0.5", 0.5), ("86400", 60), ("soon", 0), ("", 0)])
def test_a_crawl_delay_is_kept_to_as_far_as_it_is_bearable(delay: str, seconds: float) -> None:
    asked = gate(f"User-agent: *\nCrawl-delay: {delay}\n")
    assert asked.knows(A)
    assert asked.delay(A) == seconds
