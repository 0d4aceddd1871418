"""The fetcher against real servers on this machine, kind ones and others."""

import contextlib
import gzip
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pycurl
import pytest
import trustme

from scan.errors import FetchError
from scan.fetch import Conversation, Fetcher, transfer
from scan.fetch.settings import HttpSettings
from scan.page import Page, Request, Validators
from tests.web import Answer, Asked, Web

pytestmark = pytest.mark.integration

NOTHING_LISTENS = "http://127.0.0.1:1/"


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Web]:
    """Another host."""
    with Web(address="127.0.0.2") as server:
        yield server


def fetcher(*, ca_file: str | None = None, **settings: Any) -> Fetcher:
    """Make one that neither retries nor waits for long, unless told to."""
    quick: dict[str, Any] = {"retries": 0, "timeout": timedelta(seconds=5), "per_host": 32} | settings
    return Fetcher(HttpSettings(**quick), version="1.2", ca_file=ca_file, random=lambda: 0.01)


def one(request: Request) -> Conversation[Page | FetchError]:
    return (yield request)


def fetch(*requests: Request | str, **settings: Any) -> list[Page | FetchError]:
    """Ask everything at once; the answers in the order of the requests."""
    made = [Request(url=request) if isinstance(request, str) else request for request in requests]
    with fetcher(**settings) as door:
        answers = dict(door.drive(enumerate(map(one, made))))
    return [answers[number] for number in range(len(made))]


def page(request: Request | str, **settings: Any) -> Page:
    (answer,) = fetch(request, **settings)
    assert isinstance(answer, Page), answer
    return answer


def reason(request: Request | str, **settings: Any) -> str:
    (answer,) = fetch(request, **settings)
    assert isinstance(answer, FetchError), answer
    return answer.reason


# What is asked, and what comes back


def test_an_answer_is_a_page(web: Web) -> None:
    url = web.serve("/a", Answer(body=b"hello " * 100, gzip=True, headers=[("X-A", "1"), ("x-a", "2")]))
    answer = page(url)
    assert (answer.url, answer.status, answer.body, answer.headers["x-a"]) == (url, 200, b"hello " * 100, "1, 2")
    assert 0 < answer.received < 600


@pytest.mark.parametrize("status", [204, 404, 500])
def test_any_status_is_a_page(web: Web, status: int) -> None:
    assert page(web.serve("/a", Answer(status=status))).status == status


def test_a_request_says_who_asks_and_what_for(web: Web) -> None:
    page(Request(url=web.url("/a"), accept="text/html", headers={"X-Key": "k"}))
    assert web.requests[0].headers == {
        "host": f"127.0.0.1:{web.port}",
        "user-agent": "scan/1.2 (watches for new items; libcurl)",
        "accept": "text/html",
        "accept-encoding": "gzip",
        "x-key": "k",
    }


def test_a_body_is_sent_as_it_is(web: Web) -> None:
    url = web.serve("/echo", lambda asked: Answer(body=f"{asked.method} ".encode() + asked.body))
    headers = {"Content-Type": "application/json"}
    large = b"{" * 3_000_000
    requests = [
        Request(url=url, method="POST", body=b"\x00{}", headers=headers),
        Request(url=url, method="PUT", body=large, headers=headers),
        Request(url=url, method="POST"),
        Request(url=url),
    ]
    answers = [answer.body for answer in fetch(*requests, concurrency=1) if isinstance(answer, Page)]
    assert answers == [b"POST \x00{}", b"PUT " + large, b"POST ", b"GET "]
    assert [asked.headers.get("content-type") for asked in web.requests] == ["application/json"] * 2 + [None] * 2


def test_a_login_in_the_address_is_sent_and_seen_no_more(web: Web, other: Web) -> None:
    url = web.url("/a").replace("://", "://user:s3cret@")
    answer = page(url)
    assert web.requests[0].headers["authorization"] == "Basic dXNlcjpzM2NyZXQ="
    assert answer.url == web.url("/a")
    assert "s3cret" not in reason(other.serve("/", Answer(drop=True)).replace("://", "://user:s3cret@"))


@pytest.mark.parametrize("url", ["http://[::1/", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://exa mple/", "jobs"])
def test_what_is_no_address_is_an_error(url: str) -> None:
    assert "address" in reason(url)


def test_validators_go_back_byte_for_byte(web: Web) -> None:
    etag, date = 'W/"a:\xfc,"', "Sunday, 06-Nov-94 08:49:37 GMT"
    url = web.serve("/a", Answer(body=b"[]", etag=etag, last_modified=date))
    first = page(url)
    assert first.validators == Validators(etag=etag, last_modified=date)
    assert page(Request(url=url, validators=first.validators)).status == 304
    assert page(Request(url=url, validators=Validators(last_modified=date))).status == 304
    assert page(Request(url=url, validators=Validators(etag='"b"', last_modified=date))).status == 200


def test_files_are_pages_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert page(f"file://{tmp_path}/a").body == b"x"
    assert reason(f"file://{tmp_path}/b") == "No such file or directory"
    assert "never followed" in reason(Request(url=f"file://{tmp_path}/a", guarded=True))


def test_nothing_is_taken_from_the_environment(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login u password p\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOTHING_LISTENS)
    web.serve("/a", Answer(headers={"Set-Cookie": "a=b"}))
    answers = fetch(web.url("/a"), web.url("/a"), concurrency=1)
    assert [answer.status for answer in answers if isinstance(answer, Page)] == [200, 200]
    assert not {"authorization", "cookie"} & web.requests[-1].headers.keys()


def test_a_configured_proxy_is_asked_and_trusted(web: Web) -> None:
    web.serve("http://jobs.example/a", Answer(body=b"by proxy"))
    asked = Request(url="http://jobs.example/a", guarded=True)
    assert page(asked, proxy=web.url()).body == b"by proxy"


# Faults


def test_a_refused_connection_is_an_error_in_plain_words() -> None:
    assert reason(NOTHING_LISTENS) == "connection refused"


def test_an_unknown_host_is_an_error_in_plain_words() -> None:
    assert reason("http://nobody.invalid/") == "no such host"


def test_a_server_that_never_answers_is_given_up(web: Web) -> None:
    assert reason(web.serve("/", Answer(hang=True)), timeout=timedelta(seconds=0.2)) == "timed out after 0.2 s"


def test_a_host_that_lets_nobody_in_is_given_up_earlier() -> None:
    with socket.socket() as full, contextlib.ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # a full queue drops who knocks
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        assert reason(url, connect_timeout=timedelta(seconds=0.2)) == "no connection within 0.2 s"


def test_no_more_than_four_addresses_of_a_host_are_tried(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def pretend(*addresses: str) -> None:
        """Have the name server give these."""

        def options(*arguments: Any) -> list[tuple[int, object]]:
            return [*real(*arguments), (pycurl.RESOLVE, [f"many.example:{web.port}:{','.join(addresses)}"])]

        monkeypatch.setattr(transfer, "_options", options)

    real, url = transfer._options, web.serve("/", Answer()).replace(web.address, "many.example")
    nobody = [f"127.0.{number // 250}.{number % 250 + 2}" for number in range(999)]
    pretend(*nobody[:3], web.address)
    assert page(url).status == 200
    pretend(*nobody, web.address)
    assert reason(url) == "none of the first 4 of the host's addresses lets anybody in"
    assert web.connections == 1


def test_a_server_that_drips_is_given_up_when_its_time_is_over(web: Web) -> None:
    began = time.monotonic()
    url = web.serve("/", Answer(body=b"x" * 1000, drip=0.02))
    assert reason(url, timeout=timedelta(seconds=0.3)) == "timed out after 0.3 s"
    assert time.monotonic() - began < 1


def test_redirects_do_not_buy_more_time(web: Web) -> None:
    web.serve("/", Answer(status=302, headers={"Location": "/"}, delay=0.15))
    began = time.monotonic()
    assert "timed out after 0.4 s" in reason(web.url(), timeout=timedelta(seconds=0.4), max_redirects=50)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(stream=itertools.repeat(b"x" * 10_000)),
        Answer(body=b"\0" * 10_000_000, gzip=True),
        Answer(headers={"Content-Length": "10000000000"}),
        Answer(body=b"x" * 100_001),
    ],
    ids=["endless", "gzip bomb", "announced", "one byte too many"],
)
def test_a_body_above_the_limit_is_an_error(web: Web, answer: Answer) -> None:
    assert reason(web.serve("/", answer), max_body=100_000) == "larger than 100000 bytes"


def test_a_body_as_large_as_the_limit_is_a_page(web: Web) -> None:
    assert len(page(web.serve("/", Answer(body=b"x" * 100_000, gzip=True)), max_body=100_000).body) == 100_000


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "made-up"])
def test_an_encoding_nobody_asked_for_is_an_error(web: Web, encoding: str) -> None:
    answer = Answer(body=gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": encoding})
    assert encoding in reason(web.serve("/", answer))


def test_gzip_in_gzip_by_two_headers_is_an_error(web: Web) -> None:
    answer = Answer(body=gzip.compress(b"x"), gzip=True, headers={"Content-Encoding": "gzip"})
    assert "gzip, gzip" in reason(web.serve("/", answer))


def test_a_body_that_ends_before_its_length_is_an_error(web: Web) -> None:
    assert reason(web.serve("/", Answer(body=b"[1, 2", cut=True))) == "the body ends early"


def test_a_chunked_body_without_its_end_is_an_error(web: Web) -> None:
    def parts() -> Iterator[bytes]:
        yield b"[1, 2"
        raise ConnectionAbortedError

    url = web.serve("/", lambda _: Answer(stream=parts()))
    assert reason(url) in {"the body ends early", "the connection broke while receiving"}


def test_a_compressed_body_without_its_end_is_an_error(web: Web) -> None:
    answer = Answer(body=gzip.compress(b"[1, 2]" * 99)[:-9], headers={"Content-Encoding": "gzip"})
    assert reason(web.serve("/", answer)) == "the body ends early"


@pytest.mark.parametrize(
    "headers",
    [{"X": "v" * 300_000}, {f"X-{number}": "v" for number in range(1_100)}, {f"X-{n}": "v" * 9_000 for n in range(32)}],
    ids=["a long line", "many lines", "many long lines"],
)
def test_headers_above_the_limit_are_an_error(web: Web, headers: dict[str, str]) -> None:
    assert reason(web.serve("/", Answer(headers=headers))) == "the answer's headers are too large"


# Redirects, and where they may not lead


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": to})


def test_a_redirect_is_followed(web: Web) -> None:
    web.serve("/a", redirect("b?c"))
    web.serve("/b", Answer(body=b"here"))
    answer = page(web.url("/a"))
    assert (answer.url, answer.body) == (web.url("/b?c"), b"here")


def test_a_redirect_loop_ends(web: Web) -> None:
    web.serve("/a", redirect("/a"))
    assert reason(web.url("/a"), max_redirects=3) == "more than 3 redirects"
    assert len(web.requests) == 4


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "dict://127.0.0.1/"])
def test_a_redirect_out_of_the_web_is_refused(web: Web, to: str) -> None:
    assert reason(web.serve("/a", redirect(to))).startswith("redirected to")


PRIVATE_FORMS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "localhost",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "[::]",
    "0",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",  # noqa: RUF001  # full-width digits, which IDNA folds
    "user@127.0.0.1",
]


@pytest.mark.parametrize("host", PRIVATE_FORMS)
def test_a_redirect_into_a_private_network_reaches_nobody(web: Web, other: Web, host: str) -> None:
    web.serve("/secret", Answer(body=b"secret"))
    to = f"http://{host}:{web.port}/secret".encode().decode("latin-1")
    (answer,) = fetch(other.serve("/a", redirect(to)))
    assert isinstance(answer, FetchError)
    assert (web.requests, web.connections) == ([], 0)


def test_a_redirect_into_a_private_network_says_why_it_is_refused(web: Web, other: Web) -> None:
    said = reason(other.serve("/a", redirect(web.url("/secret"))))
    assert said == "after a redirect: led into a private network"


def test_a_redirect_into_a_private_network_can_be_allowed(web: Web, other: Web) -> None:
    web.serve("/b", Answer(body=b"intranet"))
    assert page(other.serve("/a", redirect(web.url("/b"))), allow_private=True).body == b"intranet"


def test_a_guarded_request_into_a_private_network_is_refused(web: Web) -> None:
    assert reason(Request(url=web.url("/a"), guarded=True)) == "led into a private network"
    assert page(Request(url=web.url("/a"), guarded=True), allow_private=True).status == 404


def test_a_connection_that_stands_already_is_no_way_around_the_guard(web: Web) -> None:
    with fetcher() as door:
        assert door.ask(Request(url=web.url("/a"))).status == 404
        with pytest.raises(FetchError, match="private network"):
            door.ask(Request(url=web.url("/a"), guarded=True))
        assert door.ask(Request(url=web.url("/a"))).status == 404
    assert len(web.requests) == 2


def test_a_redirect_on_the_configured_host_may_stay_private(web: Web) -> None:
    web.serve("/a", redirect(web.url("/b")))
    assert page(web.url("/a")).status == 404


def test_headers_and_validators_stay_with_their_host(web: Web, other: Web) -> None:
    request = Request(
        url=web.serve("/a", redirect("/b")), headers={"X-Key": "s3cret"}, validators=Validators(etag='"1"')
    )
    web.serve("/b", redirect(other.url("/c")))
    page(request, allow_private=True)
    assert [asked.headers.get("x-key") for asked in web.requests] == ["s3cret", "s3cret"]
    assert not {"x-key", "if-none-match", "authorization"} & other.requests[0].headers.keys()


# Retries


def test_a_busy_server_is_asked_again(web: Web) -> None:
    url = web.serve("/a", [Answer(status=503), Answer(drop=True), Answer(body=b"at last")])
    assert page(url, retries=2).body == b"at last"
    assert len(web.requests) == 3


def test_after_the_last_try_the_answer_is_what_it_is(web: Web) -> None:
    assert page(web.serve("/a", Answer(status=503, body=b"no")), retries=2).status == 503
    assert len(web.requests) == 3


def test_retry_after_is_kept_by_the_whole_host_while_others_go_on(web: Web, other: Web) -> None:
    busy = web.serve("/busy", [Answer(status=429, headers={"Retry-After": "1"}), Answer()])
    fetch(busy, web.url("/same-host"), other.url("/a"), retries=1, per_host=1)
    first, *later = [asked.at for asked in web.requests]
    assert len(later) == 2
    assert all(0.95 <= at - first < 2 for at in later)
    assert other.requests[0].at - first < 0.5


def test_a_long_retry_after_is_handed_on_and_its_host_left_alone(web: Web) -> None:
    url = web.serve("/a", Answer(status=503, headers={"Retry-After": "3600"}))
    first, *others = fetch(*[url] * 5, retries=2, per_host=1)
    assert isinstance(first, Page)
    assert first.retry_after == 3600
    assert len(web.requests) == 1
    for answer in others:
        assert isinstance(answer, FetchError)
        assert answer.status == 503
        assert answer.retry_after == pytest.approx(3600, abs=2)


def test_retry_after_as_a_date_is_understood(web: Web) -> None:
    now = datetime.now(UTC)
    written = "%a, %d %b %Y %H:%M:%S GMT"
    date = {"Retry-After": (now + timedelta(hours=1)).strftime(written), "Date": now.strftime(written)}
    assert page(web.serve("/a", Answer(status=503, headers=date)), retries=2).retry_after == 3600
    assert len(web.requests) == 1


@pytest.mark.parametrize("wish", ["-1", "garbage", "1e9"])
def test_a_senseless_retry_after_is_passed_over(web: Web, wish: str) -> None:
    url = web.serve("/a", [Answer(status=429, headers={"Retry-After": wish}), Answer(body=b"ok")])
    assert page(url, retries=1).body == b"ok"


# Many at once


def slow(_asked: Asked) -> Answer:
    return Answer(delay=0.05)


def test_no_more_than_so_many_requests_run_at_once_to_one_host(web: Web) -> None:
    web.serve("/a", slow)
    fetch(*[web.url("/a")] * 12, per_host=3)
    assert web.busiest == 3


def test_no_more_than_so_many_requests_run_at_once_in_all(web: Web, other: Web) -> None:
    lock = threading.Lock()
    running: list[int] = [0, 0]

    def counted(_asked: Asked) -> Answer:
        with lock:
            running[0] += 1
            running[1] = max(running)
        time.sleep(0.03)
        with lock:
            running[0] -= 1
        return Answer()

    urls = [web.serve("/a", counted), other.serve("/a", counted)]
    fetch(*urls * 8, concurrency=3)
    assert running == [0, 3]


def test_a_host_with_much_to_ask_does_not_hold_up_the_others(web: Web, other: Web) -> None:
    web.serve("/a", slow)
    many = [(f"big {number}", one(Request(url=web.url("/a")))) for number in range(30)]
    with fetcher(concurrency=2, per_host=2) as door:
        order = [key for key, _ in door.drive([*many, ("small", one(Request(url=other.url("/a"))))])]
    assert order.index("small") < 4


def test_requests_to_one_host_keep_their_distance(web: Web, other: Web) -> None:
    fetch(*[web.url("/a")] * 4, other.url("/a"), min_interval=timedelta(seconds=0.1))
    times = [asked.at for asked in web.requests]
    assert all(later - earlier > 0.05 for earlier, later in itertools.pairwise(times))
    assert other.requests[0].at < times[1]


def test_nothing_starts_while_too_much_is_in_memory(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scan.fetch.loop.BUFFERED", 1)
    web.serve("/large", Answer(body=b"x" * 10, drip=0.03))
    web.serve("/1", Answer(delay=0.1))

    def two() -> Conversation[None]:
        yield Request(url=web.url("/1"))
        yield Request(url=web.url("/2"))

    with fetcher() as door:
        order = [key for key, _ in door.drive([("two", two()), ("large", one(Request(url=web.url("/large"))))])]
    assert order == ["large", "two"]


def test_a_host_that_sends_much_and_slowly_does_not_hold_up_the_others(
    web: Web, other: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scan.fetch.loop.BUFFERED", 1000)
    monkeypatch.setattr("scan.fetch.loop.LARGE", 100)
    sent = threading.Event()

    def much() -> Iterator[bytes]:
        yield b"x" * 1500
        sent.wait(10)

    def few() -> Conversation[None]:
        for _ in range(9):
            yield Request(url=other.url("/a"))
        sent.set()

    large = one(Request(url=web.serve("/large", Answer(stream=much()))))
    with fetcher() as door:
        assert [key for key, _ in door.drive([("few", few()), ("large", large)])] == ["few", "large"]
    assert sent.is_set()


def test_connections_are_used_again(web: Web) -> None:
    fetch(*[web.url("/a")] * 20, per_host=2)
    assert (len(web.requests), web.connections) == (20, 2)


def test_a_conversation_goes_on_from_page_to_page(web: Web) -> None:
    def pages() -> Conversation[list[bytes]]:
        bodies: list[bytes] = []
        for number in range(3):
            answer = yield Request(url=web.serve(f"/{number}", Answer(body=b"%d" % number)))
            assert isinstance(answer, Page)
            bodies.append(answer.body)
        return bodies

    with fetcher() as door:
        assert dict(door.drive([("a", pages()), ("b", pages())])) == {"a": [b"0", b"1", b"2"], "b": [b"0", b"1", b"2"]}


def test_a_conversation_that_asks_nothing_has_its_result() -> None:
    def silent() -> Conversation[int]:
        return 7
        yield  # type: ignore[unreachable]  # makes it a generator

    with fetcher() as door:
        assert list(door.drive([("a", silent())])) == [("a", 7)]


def test_what_a_conversation_raises_comes_through_and_closes_the_others(web: Web) -> None:
    def broken() -> Conversation[int]:
        yield Request(url=web.url("/a"))
        raise ZeroDivisionError

    waiting = one(Request(url=web.serve("/hang", Answer(hang=True))))
    with fetcher() as door, pytest.raises(ZeroDivisionError):
        list(door.drive([("broken", broken()), ("waiting", waiting)]))
    assert waiting.gi_frame is None  # type: ignore[attr-defined]  # it is a generator's own


def test_transfers_move_on_while_a_result_is_worked_on(web: Web, other: Web) -> None:
    web.serve("/slow", Answer(delay=0.1, body=b"x" * 1_000_000))
    with fetcher() as door:
        results = door.drive([("fast", one(Request(url=other.url("/")))), ("slow", one(Request(url=web.url("/slow"))))])
        assert next(results)[0] == "fast"
        assert next(results)[0] == "slow"


def test_one_question_can_be_asked_within_a_drive(web: Web) -> None:
    with fetcher() as door:
        for _ in door.drive([(n, one(Request(url=web.url("/a")))) for n in range(3)]):
            assert door.ask(Request(url=web.url("/hook"), method="POST")).status == 404
    assert len(web.asked("/hook")) == 3


def test_a_drive_that_is_left_before_its_end_ends_with_the_fetcher(web: Web, other: Web) -> None:
    waiting = one(Request(url=web.serve("/hang", Answer(hang=True))))
    with fetcher() as door:
        results = door.drive([("fast", one(Request(url=other.url("/")))), ("waiting", waiting)])
        assert next(results)[0] == "fast"
    assert list(results) == []
    assert waiting.gi_frame is None  # type: ignore[attr-defined]  # it is a generator's own


def test_what_is_sent_once_is_not_sent_again_where_a_standing_connection_has_died(web: Web) -> None:
    web.serve("/hook", Answer(drop=True))
    with fetcher() as door:
        assert door.ask(Request(url=web.url("/"))).status == 404
        with pytest.raises(FetchError) as caught:
            door.ask(Request(url=web.url("/hook"), method="POST", body=b"{}", once=True))
    assert caught.value.in_doubt
    assert len(web.asked("/hook")) == 1


# Stopping


def test_stopping_does_not_wait_for_what_hangs(web: Web) -> None:
    url = web.serve("/hang", Answer(hang=True))
    began = time.monotonic()
    waiting = [one(Request(url=url)) for _ in range(5)]
    with fetcher(per_host=2) as door:
        results = list(door.drive(enumerate(waiting), stop=lambda: time.monotonic() > began + 0.2))
    assert results == []
    assert time.monotonic() - began < 1
    assert len(web.requests) == 2
    assert all(conversation.gi_frame is None for conversation in waiting)  # type: ignore[attr-defined]  # see above


def test_a_deadline_stops_what_is_left_and_keeps_what_came(web: Web) -> None:
    url = web.serve("/hang", Answer(hang=True))
    with fetcher() as door:
        requests = {"fine": web.url("/a"), "hanging": url}
        conversations = [(key, one(Request(url=url))) for key, url in requests.items()]
        assert [key for key, _ in door.drive(conversations, deadline=time.monotonic() + 0.2)] == ["fine"]


def test_a_deadline_in_the_past_asks_nothing(web: Web) -> None:
    with fetcher() as door:
        assert list(door.drive([("a", one(Request(url=web.url())))], deadline=time.monotonic() - 1)) == []
    assert web.requests == []


def test_a_drive_that_is_left_lets_go_of_everything(web: Web) -> None:
    web.serve("/hang", Answer(hang=True))
    hanging = one(Request(url=web.url("/hang")))
    with fetcher() as door:
        results = door.drive([("a", one(Request(url=web.url("/a")))), ("hanging", hanging)])
        next(results)
        results.close()  # type: ignore[attr-defined]  # it is a generator
        assert hanging.gi_frame is None  # type: ignore[attr-defined]  # see above
        assert door.ask(Request(url=web.url("/a"))).status == 404


# One question


def test_one_question_is_asked_once(web: Web) -> None:
    web.serve("/hook", Answer(status=503))
    with fetcher(retries=3) as door:
        assert door.ask(Request(url=web.url("/hook"), method="POST", body=b"{}")).status == 503
    assert len(web.requests) == 1


def test_an_error_tells_whether_the_server_may_have_acted(web: Web) -> None:
    with fetcher() as door:
        with pytest.raises(FetchError) as nobody:
            door.ask(Request(url=NOTHING_LISTENS, method="POST", body=b"{}"))
        with pytest.raises(FetchError) as silence:
            door.ask(Request(url=web.serve("/", Answer(drop=True)), method="POST", body=b"{}"))
    assert (nobody.value.in_doubt, silence.value.in_doubt) == (False, True)


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def served_with(certificate: trustme.LeafCert) -> Web:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return Web(tls=context)


def trusted(authority: trustme.CA, folder: Path) -> str:
    authority.cert_pem.write_to_path(folder / "ca.pem")
    return str(folder / "ca.pem")


def test_a_certificate_of_a_trusted_authority_is_accepted(authority: trustme.CA, tmp_path: Path) -> None:
    with served_with(authority.issue_cert("127.0.0.1")) as web:
        assert page(web.serve("/", Answer(body=b"ok")), ca_file=trusted(authority, tmp_path)).body == b"ok"


def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    with served_with(authority.issue_cert("127.0.0.1")) as web:
        assert reason(web.url()) == "certificate is from an unknown authority"
    assert web.requests == []


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    with served_with(authority.issue_cert("example.org")) as web:
        assert reason(web.url(), ca_file=trusted(authority, tmp_path)) == "certificate is for another host"
    assert web.requests == []


def test_an_expired_certificate_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    expired = authority.issue_cert("127.0.0.1", not_after=datetime(2001, 1, 1, tzinfo=UTC))
    with served_with(expired) as web:
        assert reason(web.url(), ca_file=trusted(authority, tmp_path)) == "certificate has expired"
    assert web.requests == []


def test_a_server_that_speaks_no_tls_is_an_error(web: Web) -> None:
    assert reason(web.url().replace("http:", "https:")) == "no secure connection"
