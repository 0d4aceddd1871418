import json
from typing import Any

import pytest

from scan.model import RawItem
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


class Filtered:
    """A large board as Workday answers for it: its filters, one of them in a group, and 2,000 jobs at most."""

    def __init__(self, jobs: dict[str, tuple[int, int]], *, lost: int | None = None) -> None:
        """Take, by country, how many jobs there are full and part time; a page from offset `lost` on is empty."""
        self.lost = lost
        self.jobs = [
            {**posting(0), "externalPath": f"/job/{country}/{time}_{number}", "country": country, "time": time}
            for country, counts in jobs.items()
            for time, count in zip(("full", "part"), counts, strict=True)
            for number in range(count)
        ]

    def __call__(self, request: Request) -> Page:
        asked = question(request)
        applied = {name: values[0] for name, values in asked["appliedFacets"].items()}
        found = [job for job in self.jobs if all(job[name] == value for name, value in applied.items())]
        offset = asked["offset"]
        shown = [] if offset == self.lost else found[offset : min(offset + 20, 2000)]
        facets = [
            {"facetParameter": "time", "values": self._values("time", found)},
            {
                "facetParameter": "locationMainGroup",
                "values": [{"facetParameter": "country", "values": self._values("country", found)}],
            },
            {"facetParameter": "odd", "values": [{"id": None, "count": 7}, "x"]},
        ]
        total = min(len(found), 2000) if not offset else 0
        return page(json.dumps({"total": total, "jobPostings": shown, "facets": facets}), url=request.url)

    @staticmethod
    def _values(name: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        ids = [job[name] for job in found]
        return [{"descriptor": one, "id": one, "count": ids.count(one)} for one in dict.fromkeys(ids)]


def test_a_board_of_more_than_is_shown_is_read_by_one_of_its_filters() -> None:
    board = Filtered({"de": (1500, 20), "fr": (700, 30), "us": (1, 0)})
    result, asked = collect(BOARD, board)
    assert {item.key for item in result.items} == {job["externalPath"] for job in board.jobs}
    assert (len(result.items), result.complete, result.truncated) == (2251, True, None)
    assert question(asked[1])["appliedFacets"] == {"country": ["de"]}
    assert len(asked) == 1 + 76 + 37 + 1


def test_a_part_that_is_still_too_large_is_read_by_another_filter() -> None:
    board = Filtered({"de": (1800, 700), "fr": (300, 0)})
    result, asked = collect(BOARD, board)
    assert {item.key for item in result.items} == {job["externalPath"] for job in board.jobs}
    assert result.complete
    applied = [question(request)["appliedFacets"] for request in asked]
    assert {"country": ["de"], "time": ["part"]} in applied or {"time": ["full"], "country": ["de"]} in applied


def test_a_board_that_no_filter_makes_small_enough_is_cut_short() -> None:
    result, _ = collect(BOARD, Filtered({"de": (2500, 0), "fr": (100, 0)}))
    assert not result.complete
    assert result.truncated == "Workday shows 2000 jobs at most; narrow it by search: or facets:"


def test_a_page_that_is_missing_from_a_part_is_noticed() -> None:
    result, _ = collect(BOARD, Filtered({"de": (1500, 0), "fr": (700, 0)}, lost=400))
    assert (result.complete, result.truncated) == (False, "400 of 1500 items")


def test_the_page_of_a_job_is_beside_the_list() -> None:
    several = RawItem(key="/job/Bonn/Job_1", attributes={"locations": 3})
    detail = BOARD.detail(several)
    assert detail is not None
    assert detail.request.url == "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/job/Bonn/Job_1"
    assert detail.gives == {"text", "published_at", "location"}
    one = BOARD.detail(RawItem(key="/job/Bonn/Job_1"))
    assert one is not None
    assert "location" not in one.gives


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
