"""Boards that come in pages, whole conversations with doubles of their servers."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from scan.page import Page, Request
from tests.sources.building import page, source
from tests.sources.talking import collect

SMARTRECRUITERS = source("{kind: smartrecruiters, company: Acme1}")
TEAMTAILOR = source("{kind: teamtailor, company: acme}")


def offset_of(request: Request) -> int:
    return int(parse_qs(urlsplit(request.url).query)["offset"][0])


def postings(request: Request, count: int, most: int = 100) -> Page:
    shown = range(offset_of(request), min(count, offset_of(request) + most))
    rows = [{"id": str(number), "name": f"Job {number}"} for number in shown]
    return page(json.dumps({"totalFound": count, "content": rows}), url=request.url)


@pytest.mark.parametrize(("count", "most", "pages"), [(1, 100, 1), (100, 100, 1), (101, 100, 2), (25, 10, 3)])
def test_smartrecruiters_is_read_to_its_total_however_few_a_page_has(count: int, most: int, pages: int) -> None:
    result, asked = collect(SMARTRECRUITERS, lambda request: postings(request, count, most))
    assert (len(result.items), len(asked), result.complete) == (count, pages, True)


def test_a_list_that_ends_before_its_total_is_cut_short() -> None:
    def serve(request: Request) -> Page:
        return postings(request, 150) if not offset_of(request) else page('{"totalFound": 150, "content": []}')

    result, asked = collect(SMARTRECRUITERS, serve)
    assert (len(asked), result.complete, result.truncated) == (2, False, "100 of 150 items")


def test_a_company_that_may_be_unknown_closes_nothing() -> None:
    result, _ = collect(SMARTRECRUITERS, lambda request: postings(request, 0))
    assert (result.error, result.complete) == (None, False)
    assert "see that company: is right" in (result.truncated or "")


def jobs(request: Request, count: int) -> Page:
    offset = offset_of(request) if "offset" in request.url else 0
    shown = range(offset, min(count, offset + 100))
    items = "".join(f"<item><guid>{number}</guid><title>Job</title></item>" for number in shown)
    return page(f"<rss version='2.0'><channel>{items}</channel></rss>", url=request.url)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (99, 1), (100, 2), (101, 2), (250, 3)])
def test_teamtailor_is_read_until_a_page_is_not_full(count: int, pages: int) -> None:
    result, asked = collect(TEAMTAILOR, lambda request: jobs(request, count))
    assert (len(result.items), len(asked), result.complete) == (count, pages, True)


def test_a_feed_of_ones_own_that_cannot_be_paged_is_cut_short_where_it_is_full() -> None:
    own = source("{kind: teamtailor, company: acme, url: 'https://jobs.example.org/jobs.rss'}")
    assert collect(own, lambda request: jobs(request, 99))[0].complete
    result, asked = collect(own, lambda request: jobs(request, 120))
    assert (len(asked), result.complete) == (1, False)
    assert "no offset=0" in (result.truncated or "")


def test_an_rss_feed_without_a_channel_is_no_list() -> None:
    result, _ = collect(TEAMTAILOR, lambda request: page("<rss version='2.0'/>", url=request.url))
    assert "<channel>" in str(result.error)


def test_workables_rows_of_one_job_are_one_item_with_all_its_places() -> None:
    rows = [{"shortcode": "A", "title": "Job", "country": country} for country in ("Spain", "Portugal", "Spain")]
    board = source("{kind: workable, account: acme}")
    result, _ = collect(board, lambda _: page(json.dumps({"name": "Acme", "jobs": rows})))
    (item,) = result.items
    assert (item.location, item.organization) == (("Spain", "Portugal"), "Acme")
    assert result.complete


def test_an_account_of_personio_without_positions_is_complete_and_empty() -> None:
    board = source("{kind: personio, account: acme}")
    result, _ = collect(board, lambda _: page("<?xml version='1.0'?>\n<workzag-jobs></workzag-jobs>"))
    assert (result.items, result.complete) == ((), True)


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>Personio</body></html>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><workzag-jobs><position><id>&b;</id></position></workzag-jobs>",
        "<workzag-jobs><position>",
        "<?xml version='1.0' encoding='no-such'?><workzag-jobs/>",
    ],
)
def test_what_is_no_list_of_positions_is_an_error(body: str) -> None:
    result, _ = collect(source("{kind: personio, account: acme}"), lambda _: page(body))
    assert result.error is not None
    assert not result.complete
