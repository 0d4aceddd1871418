"""Reports in Google Sheets, written to a stand-in on this machine."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from scan.declare import SecretText
from scan.fetch import Fetcher
from scan.fetch.settings import HttpSettings
from scan.page import Page, Request
from scan.publish import Published, Publisher
from scan.reports.sheets import ITEM_HEADS, STATUS_HEADS, Sheets
from tests.publish.worlds import a_world
from tests.reports.samples import Memory, a_view, stored
from tests.sheets import EMAIL, WRITING
from tests.sheets import Sheets as Google
from tests.spreadsheet import Formula
from tests.web import Answer

pytestmark = pytest.mark.integration


@pytest.fixture
def google() -> Iterator[Google]:
    with Google() as server:
        server.share("book", {"Notes": [["mine"]]})
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(HttpSettings(retries=0, timeout=timedelta(seconds=5)), version="1") as door:
        yield door


def publish(google: Google, fetcher: Fetcher, *numbers: int, **report: Any) -> Published:
    """Publish items with these numbers; what was logged is in what comes back."""

    def ask(request: Request, within: timedelta) -> Page:
        assert within <= timedelta(minutes=1)
        return fetcher.ask(request)

    world = a_world(ask=ask, environ={"SHEETS_EMULATOR_HOST": google.root})
    options = {"sheet": "book", "credentials": SecretText(google.credentials), "items_tab": "Availability", **report}
    items = [stored(number, title=f"=Unit {number}") for number in numbers]
    return Publisher([Sheets(**options)], world).publish(a_view(Memory(items=items), "acme"))


def titles(google: Google) -> list[object]:
    return [row[1] for row in google.rows("book", "Availability")[1:]]


def test_tabs_are_made_and_each_is_written_in_one_request(google: Google, fetcher: Fetcher) -> None:
    published = publish(google, fetcher, 1, 2)

    assert published.errors == ()
    assert published.done[0].endswith("Scan Status: 4 rows, Availability: 2 rows")

    assert list(google.books["book"].tabs) == ["Notes", "Scan Status", "Availability"]
    assert google.rows("book", "Scan Status")[0] == list(STATUS_HEADS)
    assert google.rows("book", "Scan Status")[-1][:4] == ["acme", "greenhouse", "ok", 2]
    assert titles(google) == ["=Unit 1", "=Unit 2"]
    assert not any(isinstance(cell, Formula) for row in google.rows("book", "Availability") for cell in row)
    assert google.calls() == ["GET book", "POST book:batchUpdate", "POST book:batchUpdate"]
    assert list(google.tokens.values()) == [WRITING]
    assert google.rows("book", "Notes") == [["mine"]]


def test_only_what_is_there_now_is_shown(google: Google, fetcher: Fetcher) -> None:
    publish(google, fetcher, *range(1, 30))
    publish(google, fetcher, 7)
    assert titles(google) == ["=Unit 7"]
    assert google.calls()[3:5] == ["GET book", "GET book/values:batchGet"]
    assert google.calls()[5:] == ["POST book:batchUpdate"] * 2

    publish(google, fetcher)
    assert titles(google) == []
    publish(google, fetcher, *range(1, 2_000))
    assert len(titles(google)) == 1_999


def test_a_tab_that_holds_something_else_is_left_as_it_is(google: Google, fetcher: Fetcher) -> None:
    google.share("book", {"Availability": [["Name", "Site"], ["a", "b"]]})

    published = publish(google, fetcher, 1)

    (error,) = published.errors
    assert "Availability: holds something else, which begins with 'Name, Site'; empty it, or name another tab" in error
    assert "Scan Status: 4 rows" in error
    assert google.rows("book", "Availability") == [["Name", "Site"], ["a", "b"]]

    google.share("book", {"Availability": [[*ITEM_HEADS, "another", "attribute"], ["old"]]})
    assert publish(google, fetcher, 1).errors == ()
    assert titles(google) == ["=Unit 1"]


def test_one_tab_s_failure_is_not_the_other_s(google: Google, fetcher: Fetcher) -> None:
    publish(google, fetcher, 1)
    google.refuse = [None, None, Answer(status=500)]

    published = publish(google, fetcher, 2)

    assert titles(google) == ["=Unit 2"]
    assert "Scan Status: Google Sheets: HTTP 500" in published.errors[0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=500), "HTTP 500"),
        (Answer(status=429, body=b'{"error": {"message": "Quota exceeded"}}'), "HTTP 429: Quota exceeded"),
        (Answer(body=b"{}"), "an answer that is not the Sheets API's"),
        (Answer(body=b'{"sheets": [{}]}'), "an answer that is not the Sheets API's"),
    ],
)
def test_a_failure_is_told_and_writes_nothing(google: Google, fetcher: Fetcher, answer: Answer, why: str) -> None:
    google.refuse = [answer]

    (error,) = publish(google, fetcher, 1).errors

    assert why in error
    assert list(google.books["book"].tabs) == ["Notes"]


def test_a_sheet_that_may_only_be_read_is_told_with_whom_to_share(google: Google, fetcher: Fetcher) -> None:
    google.books["book"].shared_with.clear()

    (error,) = publish(google, fetcher, 1).errors

    assert f"share the spreadsheet with {EMAIL} as an editor" in error
