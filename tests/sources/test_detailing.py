from collections.abc import Callable, Generator, Sequence

import pytest

from scan.errors import FetchError, ParseError, SourceError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources import Batch, Collected, Source, walk
from scan.sources.base import Detail
from scan.sources.detailing import Details, Wanted, completed


class Board(Source, kind="board", item_kind="job", complete=True):
    """A list of names, each with a page of its own."""

    def start(self) -> Request:
        return Request(url="https://example.org/list", headers={"X-Own": "1"})

    def parse(self, page: Page) -> Batch:
        return Batch(items=tuple(RawItem(key=name, title=name) for name in page.body.decode().split()))

    def detail(self, item: RawItem) -> Detail | None:
        return Detail(request=Request(url=str(item.key)))

    def parse_detail(self, page: Page) -> RawItem:
        if page.body == b"bug":
            raise KeyError("no such thing")
        if not page.body:
            raise ParseError(page.url, "a job", "nothing")
        return RawItem(text=page.body.decode())


def choose_all(items: Sequence[RawItem]) -> list[Wanted]:
    return [Wanted(key=str(item.key), detail=Detail(request=Request(url=str(item.key)))) for item in items]


def always() -> bool:
    return True


def collect(
    names: str, pages: dict[str, Page | FetchError], *, most: int = 50, go_on: Callable[[], bool] = always
) -> tuple[Collected, list[Request]]:
    details = Details(choose=choose_all, most=most, go_on=go_on)
    talk: Generator[Request, Page | FetchError, Collected] = walk(Board(), headers={"X-More": "2"}, details=details)
    asked = [next(talk)]
    answer: Page | FetchError = Page(url="https://example.org/list", body=names.encode(), received=10)
    try:
        while True:
            asked.append(talk.send(answer))
            answer = pages[asked[-1].url]
    except StopIteration as end:
        result: Collected = end.value
        return result, asked


def text(words: str, status: int = 200, **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url="https://example.org/x", status=status, body=words.encode(), headers=named, received=5)


ONE, TWO, OTHER = "https://example.org/1", "https://example.org/2", "https://other.example/3"


def test_pages_are_read_one_after_another_and_what_they_take_is_counted() -> None:
    result, asked = collect(f"{ONE} {TWO}", {ONE: text("first"), TWO: text("second")})
    assert [request.url for request in asked[1:]] == [ONE, TWO]
    assert {told.key: told.item and told.item.text for told in result.details} == {ONE: "first", TWO: "second"}
    assert (result.received, result.pages, result.http_status) == (20, 1, 200)
    assert result.complete


def test_a_page_on_another_host_gets_none_of_our_headers_and_is_guarded() -> None:
    _, asked = collect(f"{ONE} {OTHER}", {ONE: text("a"), OTHER: text("b")})
    assert asked[1].headers == {"X-More": "2"}
    assert not asked[1].guarded
    assert (asked[2].headers, asked[2].guarded) == ({}, True)


@pytest.mark.parametrize("answer", [text("", 404), text(""), text("bug"), FetchError(ONE, "timed out after 30 s")])
def test_a_page_that_fails_costs_nothing_but_itself(answer: Page | FetchError) -> None:
    result, _ = collect(f"{ONE} {TWO}", {ONE: answer, TWO: text("second")})
    one, two = result.details
    assert isinstance(one.error, SourceError)
    assert two.item == RawItem(text="second")
    assert (len(result.items), result.error, result.complete) == (2, None, True)


def test_after_some_failures_in_a_row_the_others_are_left_alone() -> None:
    names = [f"https://example.org/{number}" for number in range(6)]
    result, asked = collect(" ".join(names), dict.fromkeys(names, text("", 500)))
    assert len(asked) == 1 + 3
    assert all(isinstance(told.error, FetchError) for told in result.details)


def test_a_server_that_asks_to_wait_is_left_alone_at_once() -> None:
    result, asked = collect(f"{ONE} {TWO}", {ONE: text("", 429, retry_after="60"), TWO: text("second")})
    assert len(asked) == 1 + 1
    assert [isinstance(told.error, FetchError) and told.error.retry_after for told in result.details] == [60, 60]


def test_no_more_are_asked_for_than_were_allowed_in_number_or_in_time() -> None:
    result, asked = collect(f"{ONE} {TWO}", {ONE: text("first")}, most=1)
    assert len(asked) == 1 + 1
    assert [(told.item is None, told.error) for told in result.details] == [(False, None), (True, None)]
    result, asked = collect(f"{ONE} {TWO}", {}, go_on=lambda: False)
    assert len(asked) == 1
    assert [(told.item, told.error) for told in result.details] == [(None, None), (None, None)]


def test_only_the_web_is_asked() -> None:
    result, asked = collect("file:///etc/passwd", {})
    assert len(asked) == 1
    assert "only http and https" in str(result.details[0].error)


def test_a_list_that_fails_has_no_pages_read() -> None:
    details = Details(choose=choose_all, most=50, go_on=always)
    talk = walk(Board(), headers={}, details=details)
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(Page(url="https://example.org/list", status=500))
    assert end.value.value.details == ()


def test_what_a_page_says_replaces_the_list_and_attributes_come_together() -> None:
    listed = RawItem(key="1", url="/1", base="https://x/", title="Job", text="short", attributes={"a": 1, "b": 1})
    page = RawItem(key="9", url="/9", text="long", markup="plain", location=("A", "B"), attributes={"b": 2, "c": 3})
    assert completed(listed, page) == RawItem(
        key="1",
        url="/1",
        base="https://x/",
        title="Job",
        text="long",
        markup="plain",
        location=("A", "B"),
        attributes={"a": 1, "b": 2, "c": 3},
    )
    assert completed(listed, RawItem()) == listed
