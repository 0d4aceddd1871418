import pytest

from scan.sources import Source
from scan.sources.jobs import interval, units, workplace
from tests.sources.building import page, source


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("{kind: greenhouse, board: acme}", "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"),
        ("{kind: lever, site: acme}", "https://api.lever.co/v0/postings/acme?mode=json&skip=0&limit=100"),
        ("{kind: lever, site: acme, eu: true}", "https://api.eu.lever.co/v0/postings/acme?mode=json&skip=0&limit=100"),
        (
            "{kind: ashby, board: Acme Inc.}",
            "https://api.ashbyhq.com/posting-api/job-board/Acme%20Inc.?includeCompensation=true",
        ),
        (
            "{kind: greenhouse, board: '../x?y'}",
            "https://boards-api.greenhouse.io/v1/boards/..%2Fx%3Fy/jobs?content=true",
        ),
    ],
)
def test_a_board_is_asked_for_by_its_name(entry: str, url: str) -> None:
    request = source(entry).start()
    assert (request.url, request.accept) == (url, "application/json")


LEVER: Source = source("{kind: lever, site: acme}")


def postings(count: int, odd: int = 0) -> str:
    rows = [f'{{"id": "{number}", "text": "Job"}}' for number in range(count)] + ['{"id": 1}'] * odd
    return f"[{','.join(rows)}]"


@pytest.mark.parametrize(("count", "odd", "skip"), [(100, 0, "100"), (99, 1, "100"), (99, 0, None), (0, 0, None)])
def test_a_full_page_of_lever_is_followed_by_the_next(count: int, odd: int, skip: str | None) -> None:
    follow = LEVER.parse(page(postings(count, odd), url=LEVER.start().url)).follow
    wanted = [f"https://api.lever.co/v0/postings/acme?mode=json&skip={skip}&limit=100"] if skip else []
    assert [request.url for request in follow] == wanted


@pytest.mark.parametrize("url", ["file:///tmp/lever.json", "https://mirror.example/all.json", "https://e.org/?skip=x"])
def test_a_copy_that_is_not_in_pages_is_not_followed(url: str) -> None:
    assert LEVER.parse(page(postings(150), url=url)).follow == ()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("per-year-salary", "year"),
        ("per-hour-wage", "hour"),
        ("1 YEAR", "year"),
        ("1 HOUR", "hour"),
        ("6 MONTH", "6 MONTH"),
        ("bi-week-salary", "bi-week-salary"),
        ("NONE", None),
        (None, None),
    ],
)
def test_intervals_are_said_in_one_way(words: str | None, expected: str | None) -> None:
    assert interval(words) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Remote", "remote"), ("on-site", "onsite"), ("OnSite", "onsite"), ("Hybrid", "hybrid"), ("unspecified", None)],
)
def test_workplaces_are_said_in_one_way(word: str, expected: str | None) -> None:
    assert workplace(word) == expected


def test_hundredths_become_units() -> None:
    assert [units(cents) for cents in (8_000_000, 1050, None)] == [80_000, 10.5, None]
    assert isinstance(units(100), int)
