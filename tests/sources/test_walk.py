"""A conversation, led by hand: what is asked, what is answered, what comes of it."""

import json
from collections.abc import Generator, Sequence
from typing import ClassVar

import pytest

from scan.declare import Address
from scan.errors import FetchError, ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Request, Validators
from scan.sources import Batch, Collected, Source, walk
from scan.sources.lever import Lever
from scan.sources.walk import digest
from tests.sources.building import source

HEADERS = {"Authorization": "Bearer s3cret"}
BOARD = source("{kind: greenhouse, board: acme}")
PAGED = source("""
kind: json
url: "https://example.org/units?page={page}"
fields: {key: id, title: name}
pages: {start: 1, max: 4}
""")


def talk(
    conversation: Generator[Request, Page | FetchError, Collected], answers: Sequence[Page | FetchError]
) -> tuple[Collected, list[Request]]:
    """Answer each request in turn; every answer must be asked for."""
    asked = [next(conversation)]
    for number, answer in enumerate(answers):
        try:
            asked.append(conversation.send(answer))
        except StopIteration as end:
            assert number == len(answers) - 1, "an answer was never asked for"
            result: Collected = end.value
            return result, asked
    raise AssertionError(f"one more request: {asked[-1]}")


def units(*ids: int, url: str = "https://example.org/units?page=1", received: int = 0) -> Page:
    rows = [{"id": number, "name": f"Unit {number}"} for number in ids]
    return Page(url=url, body=json.dumps(rows).encode(), received=received)


def jobs(*ids: int, total: int | None = None, **headers: str) -> Page:
    body = {"jobs": [{"id": number, "title": "Job"} for number in ids], "meta": {"total": total}}
    return Page(url="https://boards-api.greenhouse.io/x", body=json.dumps(body).encode(), headers=headers)


def test_one_page_is_a_complete_result_with_all_that_spares_the_next_run_the_work() -> None:
    answer = jobs(1, 2, total=2, etag='"v1"')
    result, (asked,) = talk(walk(BOARD, headers=HEADERS), [answer])
    assert [item.key for item in result.items] == [1, 2]
    assert result.complete
    assert (result.truncated, result.error, result.unchanged) == (None, None, False)
    assert result.validators == Validators(etag='"v1"')
    assert result.body_hash == digest(answer.body)
    assert (result.http_status, result.pages) == (200, 1)
    assert asked.headers == HEADERS
    assert asked.validators == Validators()
    assert not asked.guarded


def test_a_request_is_conditional_where_there_is_something_to_go_by() -> None:
    known = Validators(etag='"v1"', last_modified="Tue, 06 Oct 2026 09:30:00 GMT")
    asked = next(walk(BOARD, headers={}, validators=known))
    assert asked.validators == known


def test_not_modified_is_unchanged_and_keeps_what_was_known() -> None:
    known = Validators(etag='"v1"')
    answer = Page(url="https://x", status=304, received=12)
    result, _ = talk(walk(BOARD, headers={}, validators=known, body_hash=b"h"), [answer])
    assert result.unchanged
    assert not result.complete
    assert result.error is None
    assert (result.validators, result.body_hash, result.received) == (known, b"h", 12)


def test_not_modified_that_nobody_asked_for_is_a_failure() -> None:
    result, _ = talk(walk(BOARD, headers={}), [Page(url="https://x", status=304)])
    assert isinstance(result.error, FetchError)
    assert not result.unchanged


def test_the_same_body_as_last_time_is_unchanged_without_being_parsed() -> None:
    answer = Page(url="https://x", body=b"not even JSON", headers={"etag": "new"})
    result, _ = talk(walk(BOARD, headers={}, body_hash=digest(answer.body)), [answer])
    assert result.unchanged
    assert result.validators == Validators(etag="new")
    assert result.body_hash == digest(answer.body)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "gone (HTTP 404)"),
        (410, "gone (HTTP 410)"),
        (401, "credentials"),
        (403, "refused (HTTP 403)"),
        (429, "asked too often"),
        (418, "refused (HTTP 418)"),
        (503, "the server failed (HTTP 503)"),
        (302, "no answer to work with (HTTP 302)"),
    ],
)
def test_an_http_error_is_a_failure_in_plain_words_never_an_empty_list(status: int, words: str) -> None:
    answer = Page(url="https://x/board", status=status, body=b'{"jobs": []}', headers={"retry-after": "120"})
    result, _ = talk(walk(BOARD, headers={}), [answer])
    assert isinstance(result.error, FetchError)
    assert words in str(result.error)
    assert (result.error.status, result.error.retry_after, result.error.url) == (status, 120, "https://x/board")
    assert (result.complete, result.items, result.body_hash, result.http_status) == (False, (), None, status)
    assert result.validators == Validators()


def test_no_answer_is_the_fetchers_own_error() -> None:
    error = FetchError("https://x", "timed out after 30 s")
    result, _ = talk(walk(BOARD, headers={}), [error])
    assert result.error is error
    assert (result.http_status, result.pages) == (None, 0)


def test_a_login_page_is_a_parse_error() -> None:
    page = Page(url="https://x/login", body=b"<html>Log in</html>", headers={"content-type": "text/html"})
    result, _ = talk(walk(BOARD, headers={}), [page])
    assert isinstance(result.error, ParseError)
    assert "<html>Log in</html>" in str(result.error)


def test_pages_are_asked_for_until_one_is_empty() -> None:
    answers = [units(1, 2, received=10), units(3, url="https://example.org/units?page=2", received=5)]
    last = units(url="https://example.org/units?page=3", received=1)
    result, asked = talk(walk(PAGED, headers=HEADERS), [*answers, last])
    assert [request.url[-1] for request in asked] == ["1", "2", "3"]
    assert all(request.headers == HEADERS and not request.guarded for request in asked)
    assert [item.key for item in result.items] == ["1", "2", "3"]
    assert result.complete
    assert (result.pages, result.received) == (3, 16)
    assert (result.validators, result.body_hash) == (Validators(), None)


def test_a_page_that_repeats_is_the_end_and_truncated() -> None:
    again = units(1, 2, url="https://example.org/units?page=2")
    result, _ = talk(walk(PAGED, headers={}), [units(1, 2), again])
    assert result.truncated == "page 2 repeats page 1"
    assert len(result.items) == 2
    assert not result.complete


def test_the_same_rows_in_another_body_repeat_too() -> None:
    again = Page(url="https://example.org/units?page=2", body=units(1, 2).body + b"  ")
    result, _ = talk(walk(PAGED, headers={}), [units(1, 2), again])
    assert result.truncated == "page 2 repeats page 1"


def test_reaching_the_configs_last_page_is_truncated() -> None:
    answers = [units(number, url=f"https://example.org/units?page={number}") for number in range(1, 5)]
    result, _ = talk(walk(PAGED, headers={}), answers)
    assert result.truncated == "stopped after 4 pages"
    assert not result.complete


def test_reaching_the_last_page_allowed_is_truncated() -> None:
    answers = [units(number, url=f"https://example.org/units?page={number}") for number in range(1, 3)]
    result, _ = talk(walk(PAGED, headers={}, max_pages=2), answers)
    assert result.truncated == "stopped after 2 pages"


def test_more_items_than_allowed_are_cut_and_truncated() -> None:
    result, _ = talk(walk(BOARD, headers={}, max_items=2), [jobs(1, 2, 3)])
    assert len(result.items) == 2
    assert result.truncated == "more than 2 items"
    assert (result.complete, result.body_hash) == (False, None)


def test_fewer_items_than_announced_are_truncated() -> None:
    result, _ = talk(walk(BOARD, headers={}), [jobs(1, 2, total=40)])
    assert result.truncated == "2 of 40 items"
    assert (result.complete, result.body_hash, result.validators) == (False, None, Validators())


def test_an_empty_page_with_a_positive_total_is_truncated() -> None:
    result, _ = talk(walk(BOARD, headers={}), [jobs(total=3)])
    assert result.truncated == "0 of 3 items"


def test_an_odd_row_leaves_the_result_incomplete_but_not_truncated() -> None:
    body = b'{"jobs": [{"id": 1, "title": "Job"}, {"id": 2}], "meta": {"total": 2}}'
    result, _ = talk(walk(BOARD, headers={}), [Page(url="https://x", body=body)])
    assert (len(result.items), len(result.rejected)) == (1, 1)
    assert (result.truncated, result.error, result.complete) == (None, None, False)
    assert result.body_hash is not None


def test_a_feed_is_never_complete_but_its_validators_are_kept() -> None:
    feed = source("{kind: feed, url: 'https://example.org/feed'}")
    answer = Page(url="https://x", body=b"<rss><channel></channel></rss>", headers={"etag": "e"})
    result, _ = talk(walk(feed, headers={}), [answer])
    assert (result.complete, result.truncated, result.error) == (False, None, None)
    assert result.validators == Validators(etag="e")


def test_a_failure_on_a_later_page_fails_the_source_and_shows_what_there_was() -> None:
    gone = Page(url="https://example.org/units?page=2", status=500)
    result, _ = talk(walk(PAGED, headers={}), [units(1), gone])
    assert isinstance(result.error, FetchError)
    assert len(result.items) == 1
    assert not result.complete


class Linked(Source, kind="linked", item_kind="item", complete=True):
    """A page that links to whatever it was told to."""

    links: tuple[str, ...] = ()
    sent: ClassVar[list[str]] = []

    def start(self) -> Request:
        return Request(url="https://example.org/a", headers={"X-Own": "1"})

    def parse(self, page: Page) -> Batch:
        item = RawItem(title=page.url, key=page.body.decode())
        follow = tuple(Request(url=link) for link in self.links) if page.url.endswith("/a") else ()
        return Batch(items=(item,), follow=follow)


def at(url: str) -> Page:
    return Page(url=url, body=url.encode())


def test_headers_go_to_the_first_host_only_and_links_elsewhere_are_guarded() -> None:
    links = ("b?page=2", "https://other.example/c", "http://example.org/d", "https://user@example.org/e")
    answers = [at(f"https://example.org/{name}") for name in "abcde"]
    result, asked = talk(walk(Linked(links=links), headers=HEADERS), answers)
    assert [request.url for request in asked] == ["https://example.org/a", "https://example.org/b?page=2", *links[1:]]
    assert [bool(request.headers) for request in asked] == [True, True, False, False, True]
    assert [request.guarded for request in asked] == [False, False, True, True, False]
    assert asked[0].headers == {"X-Own": "1", **HEADERS}
    assert result.complete


@pytest.mark.parametrize("link", ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)"])
def test_a_link_to_anything_but_the_web_is_not_followed(link: str) -> None:
    result, asked = talk(walk(Linked(links=(link,)), headers={}), [at("https://example.org/a")])
    assert len(asked) == 1
    assert link in (result.truncated or "")
    assert not result.complete


class Broken(Source, kind="broken", item_kind="item", complete=True):
    """An adapter with a bug."""

    def start(self) -> Request:
        return Request(url="https://example.org/a")

    def parse(self, page: Page) -> Batch:
        raise KeyError("no such thing", page.status)


def test_a_bug_of_an_adapter_fails_its_source_and_keeps_its_cause() -> None:
    result, _ = talk(walk(Broken(), headers={}), [at("https://example.org/a")])
    assert "broken failed with KeyError" in str(result.error)
    assert isinstance(result.error.__cause__ if result.error else None, KeyError)


class Rows(Source, kind="rows", item_kind="job", complete=True):
    """Items as they were given."""

    rows: tuple[RawItem, ...] = ()
    odd: tuple[Rejected, ...] = ()

    def start(self) -> Request:
        return Request(url="https://example.org/a")

    def parse(self, page: Page) -> Batch:
        return Batch(items=self.rows, rejected=self.odd, total=3 if page.body else None)


def test_rows_with_one_key_are_merged_after_they_were_counted() -> None:
    rows = (
        RawItem(key="1", title="first", location="Paris"),
        RawItem(key=1, title="again", location=("Lyon", "Paris")),
        RawItem(title="no key"),
    )
    result, _ = talk(walk(Rows(rows=rows), headers={}), [at("https://example.org/a")])
    assert result.items == (RawItem(key="1", title="first", location=("Paris", "Lyon")), RawItem(title="no key"))
    assert result.truncated is None


class Index(Source, kind="index", item_kind="item", complete=True):
    """A page that lists pages, each of which holds what its address ends with."""

    def start(self) -> Request:
        return Request(url="https://example.org/index")

    def parse(self, page: Page) -> Batch:
        if page.url.endswith("index"):
            links = [link for link in page.body.decode().split() if link]
            return Batch(follow=tuple(Request(url=link) for link in links), skipped=len(links))
        held = page.body.decode().split()
        return Batch(items=tuple(RawItem(key=key, title=key) for key in held), total=None)


def test_an_empty_page_of_an_index_ends_nothing_but_itself() -> None:
    pages = [
        Page(url="https://example.org/index", body=b"a b c d/index"),
        Page(url="https://example.org/a", body=b""),
        Page(url="https://example.org/b", body=b""),
        Page(url="https://example.org/c", body=b"1 2"),
        Page(url="https://example.org/d/index", body=b"e"),
        Page(url="https://example.org/d/e", body=b"3"),
    ]
    result, asked = talk(walk(Index(), headers={}), pages)
    assert [request.url for request in asked] == [page.url for page in pages]
    assert [item.key for item in result.items] == ["1", "2", "3"]
    assert (result.complete, result.truncated) == (True, None)


def test_a_page_of_an_index_that_repeats_another_is_truncated() -> None:
    pages = [
        Page(url="https://example.org/index", body=b"a b c"),
        Page(url="https://example.org/a", body=b"1"),
        Page(url="https://example.org/b", body=b"1"),
    ]
    result, _ = talk(walk(Index(), headers={}), pages)
    assert result.truncated == "page 3 repeats page 2"


def test_an_index_that_lists_itself_is_read_once_more_at_most() -> None:
    index = Page(url="https://example.org/index", body=b"a index")
    held = Page(url="https://example.org/a", body=b"1 2")
    result, asked = talk(walk(Index(), headers={}), [index, held, index])
    assert len(asked) == 3
    assert (len(result.items), result.complete) == (2, True)


def test_a_service_s_limit_goes_with_what_it_is_asked_itself_and_with_no_mirror() -> None:
    service = next(walk(Lever(site="acme"), headers={}))
    mirror = next(walk(Lever(site="acme", url=Address("https://mirror.example/acme")), headers={}))

    assert (service.limit, mirror.limit) == (Lever.limit, None)
    assert service.limit is not None
