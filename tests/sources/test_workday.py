import json
from typing import Any

import pytest

from scan.page import Page, Request
from scan.sources import Source
from tests.sources.building import page, source
from tests.sources.talking import collect

BOARD: Source = source("{kind: workday, tenant: acme, instance: wd5, site: External}")


def posting(number: int) -> dict[str, Any]:
    return {"title": f"Job {number}", "externalPath": f"/job/Bonn/Job_{number}", "locationsText": "Bonn"}


def question(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.body or b"")
    return found


class Board:
    """Answers as Workday does: twenty at a time, the total on the first page only, 2,000 at most."""

    def __init__(self, jobs: int, *, total_everywhere: bool = False) -> None:
        self.jobs, self.total_everywhere = jobs, total_everywhere

    def __call__(self, request: Request) -> Page:
        offset = question(request)["offset"] % 2000
        shown = range(offset, min(self.jobs, offset + 20, 2000))
        total = min(self.jobs, 2000) if self.total_everywhere or not offset else 0
        body = {"total": total, "jobPostings": [posting(number) for number in shown]}
        return page(json.dumps(body), url=request.url)


@pytest.mark.parametrize("total_everywhere", [False, True])
@pytest.mark.parametrize(("jobs", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (145, 8)])
def test_a_board_is_read_to_its_end(jobs: int, pages: int, *, total_everywhere: bool) -> None:
    result, asked = collect(BOARD, Board(jobs, total_everywhere=total_everywhere))
    assert len(result.items) == jobs
    assert result.complete
    assert len(asked) == pages
    assert [question(request)["offset"] for request in asked] == list(range(0, pages * 20, 20))


def test_a_board_of_more_than_is_shown_is_cut_short() -> None:
    result, asked = collect(BOARD, Board(2345))
    assert (len(result.items), len(asked)) == (2000, 100)
    assert not result.complete
    assert result.truncated == "Workday shows 2000 jobs at most; narrow it by search: or facets:"


def test_an_empty_page_of_a_board_that_has_jobs_proves_nothing() -> None:
    result, _ = collect(BOARD, lambda request: page('{"total": 1963, "jobPostings": []}', url=request.url))
    assert (result.complete, result.truncated) == (False, "0 of 1963 items")


def test_a_page_that_ends_early_is_cut_short() -> None:
    def serve(request: Request) -> Page:
        return Board(60)(request) if not question(request)["offset"] else page('{"total": 0, "jobPostings": []}')

    result, _ = collect(BOARD, serve)
    assert (len(result.items), result.complete, result.truncated) == (20, False, "20 of 60 items")


def test_the_question_says_what_is_wanted() -> None:
    adapter = source("""
        {kind: workday, tenant: acme, instance: wd5, site: External, search: ingénieur, facets: {country: [a, b]}}
    """)
    request = adapter.start()
    assert (request.method, request.headers) == ("POST", {"Content-Type": "application/json"})
    wanted = {"appliedFacets": {"country": ["a", "b"]}, "limit": 20, "offset": 0, "searchText": "ingénieur"}
    assert question(request) == wanted
    _, asked = collect(adapter, Board(30))
    assert question(asked[1]) == wanted | {"offset": 20}


def test_a_board_on_the_other_domain_has_its_jobs_there() -> None:
    adapter = source("{kind: workday, tenant: acme, instance: wd5, site: External, domain: myworkdaysite.com}")
    (item,) = adapter.parse(page(json.dumps({"total": 1, "jobPostings": [posting(1)]}))).items
    assert item.url == "https://wd5.myworkdaysite.com/recruiting/acme/External/job/Bonn/Job_1"
