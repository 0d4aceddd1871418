"""Signs of life: which address is asked, with what."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from scan.declare import SecretText
from scan.outcome import RunOutcome, SourceRun
from scan.page import Request
from scan.reports.ping import LONGEST_BODY, Ping
from tests.reports.samples import RUN
from tests.test_outcome import outcome

CHECK = "https://hc-ping.com/0b7e8b32-7c1d-4d34-a5b8-6a3f7c1f2d11"


def a_ping(url: str = CHECK, **keys: Any) -> Ping:
    return Ping(url=SecretText(url), **keys)


def ended(status: str = "success", **changed: Any) -> RunOutcome:
    return msgspec.structs.replace(outcome(), run_id=RUN, status=status, **changed)


def place(request: Request) -> tuple[str, dict[str, str]]:
    parts = urlsplit(request.url)
    return parts.path.rpartition("/")[2], dict(parse_qsl(parts.query))


def test_a_run_that_begins_says_so_with_its_id() -> None:
    request = a_ping().start(RUN)
    assert request.url == f"{CHECK}/start?rid={RUN}"
    assert (request.method, request.body, request.once) == ("POST", b"", True)


@pytest.mark.parametrize(
    ("status", "exit_status", "signal"),
    [("success", 0, "0"), ("failure", 1, "1"), ("partial_failure", 3, "3"), ("partial_failure", 75, "75"),
     ("interrupted", 0, "log")],
)  # fmt: skip
def test_a_run_that_ends_says_how(status: str, exit_status: int, signal: str) -> None:
    assert place(a_ping().end(ended(status), exit_status, ())) == (signal, {"rid": RUN})


def test_a_partial_failure_may_be_taken_for_a_success() -> None:
    ping = a_ping(partial_failure="success")
    assert place(ping.end(ended("partial_failure"), 3, ()))[0] == "0"
    assert place(ping.end(ended("failure"), 1, ()))[0] == "1"


def test_an_error_that_ends_a_run_is_told() -> None:
    request = a_ping().broken(RUN, "scan.db: the disk is full", ("a line",))
    assert place(request)[0] == "fail"
    assert request.body == b"scan.db: the disk is full\n\na line\n"


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://hc.example.org/ping/key/slug?create=1", "https://hc.example.org/ping/key/slug/start?create=1&rid="),
        ("http://127.0.0.1:8000/x/", "http://127.0.0.1:8000/x/start?rid="),
        ("https://hc.example.org/x#part", "https://hc.example.org/x/start?rid="),
    ],
)
def test_any_address_of_a_check_will_do(url: str, start: str) -> None:
    assert a_ping(url).start(RUN).url == start + RUN


def test_the_body_sums_up_and_ends_with_the_end_of_the_log() -> None:
    failed = SourceRun(source="acme", kind="html", status="failed", error="answered 500")
    run = ended("partial_failure", by_source=(failed,), errors=("report csv: no",))
    body = (a_ping().end(run, 3, ("first", "second")).body or b"").decode()
    lines = body.splitlines()
    assert lines[0].startswith("scan: partial_failure: ")
    assert lines[1:] == ["failed: acme: answered 500", "report csv: no", "", "first", "second"]


def test_the_body_is_never_longer_than_what_is_kept() -> None:
    log = [f"line {number} é" for number in range(2000)]
    body = a_ping().end(ended(), 0, log).body or b""
    assert LONGEST_BODY - 50 < len(body) <= LONGEST_BODY
    assert body.endswith("line 1999 é\n".encode())
    errors = tuple(f"{number} é went wrong" for number in range(2000))
    body = a_ping().end(ended(errors=errors), 0, log).body or b""
    assert len(body) <= LONGEST_BODY
    body.decode()


def test_its_name_is_its_host_and_no_more() -> None:
    assert a_ping().label == "ping hc-ping.com"
    assert CHECK not in repr(a_ping())


@pytest.mark.parametrize("url", ["hc-ping.com/x", "ftp://hc-ping.com/x", "https://", "https://a b/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert [problem.path for problem in a_ping(url).problems()] == [("url",)]


def test_it_is_short_of_patience() -> None:
    assert a_ping().timeout == timedelta(seconds=5)
