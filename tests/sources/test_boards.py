from urllib.parse import urlsplit

import pytest

from scan.sources import KINDS, Source
from scan.sources.jobs import headed, interval, place, salary, units, workplace
from scan.sources.subdomain import label_problem
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
        ("{kind: workable, account: acme}", "https://apply.workable.com/api/v1/widget/accounts/acme?details=true"),
        (
            "{kind: smartrecruiters, company: Acme1}",
            "https://api.smartrecruiters.com/v1/companies/Acme1/postings?limit=100&offset=0",
        ),
        ("{kind: recruitee, company: acme}", "https://acme.recruitee.com/api/offers/"),
        ("{kind: personio, account: acme}", "https://acme.jobs.personio.de/xml?language=en"),
        (
            "{kind: personio, account: acme, domain: com, language: de}",
            "https://acme.jobs.personio.com/xml?language=de",
        ),
        ("{kind: teamtailor, company: acme}", "https://acme.teamtailor.com/jobs.rss?per_page=100&offset=0"),
        (
            "{kind: teamtailor, company: acme, na: true}",
            "https://acme.na.teamtailor.com/jobs.rss?per_page=100&offset=0",
        ),
        (
            "{kind: workday, tenant: acme, instance: wd5, site: External}",
            "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs",
        ),
        (
            "{kind: workday, tenant: acme, instance: wd5, site: External, domain: myworkdaysite.com}",
            "https://wd5.myworkdaysite.com/wday/cxs/acme/External/jobs",
        ),
    ],
)
def test_a_board_is_asked_for_by_its_name(entry: str, url: str) -> None:
    request = source(entry).start()
    assert request.url == url
    assert request.accept.startswith("application/")


@pytest.mark.parametrize("name", ["evil.example/", "a.b", "-a", "a_b", "", "ä", 5, None])
def test_a_name_that_becomes_part_of_a_host_can_lead_to_no_other(name: object) -> None:
    assert "is no part of a host's name" in (label_problem(name) or "")
    request = KINDS["recruitee"](company=str(name)).start()  # type: ignore[call-arg] # the kind is known here only
    assert (urlsplit(request.url).hostname or "").endswith(".recruitee.com")


@pytest.mark.parametrize("name", ["acme", "Acme-1", "a", "1"])
def test_a_name_that_fits_a_host_is_fine(name: str) -> None:
    assert label_problem(name) is None


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


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 2, (1, 2)),
        ("52000.0", None, (52000, None)),
        (0, 0, None),
        (None, 1050.5, (None, 1050.5)),
        ("on request", True, None),
        (float("nan"), float("inf"), None),
    ],
)
def test_a_salary_is_numbers_or_nothing(low: object, high: object, expected: tuple[object, object] | None) -> None:
    found = salary(low, high, "EUR", "year")
    assert (found.get("salary_min"), found.get("salary_max")) == (expected or (None, None))
    assert bool(found) == (expected is not None)


def test_a_place_is_written_without_its_gaps() -> None:
    assert place("Remote", " ", None, "United States") == "Remote, United States"
    assert place("Berlin", "Berlin", "Germany") == "Berlin, Germany"
    assert place(None, "") is None


def test_a_description_has_its_headings_and_nothing_for_what_is_empty() -> None:
    assert headed([(None, "<p>a</p>"), ("B & C", "<p>b</p>"), ("D", None)]) == "<p>a</p>\n<h3>B &amp; C</h3>\n<p>b</p>"
    assert headed([("A", "")]) is None
