"""Where the boards and aggregators of the third tier are asked, and how their lists go on."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from scan.model import RawItem
from scan.sources import Source
from tests.sources.building import page, source


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("{kind: bamboohr, tenant: acme}", "https://acme.bamboohr.com/careers/list"),
        ("{kind: breezy, company: acme}", "https://acme.breezy.hr/json"),
        ("{kind: rippling, board: a/b}", "https://api.rippling.com/platform/api/ats/v1/board/a%2Fb/jobs"),
        ("{kind: pinpoint, company: acme}", "https://acme.pinpointhq.com/postings.json"),
        ("{kind: jazzhr, tenant: acme}", "https://app.jazz.co/feeds/export/jobs/acme"),
        ("{kind: icims, site: acme}", "https://careers-acme.icims.com/jobs/search?ss=1&pr=0&in_iframe=1"),
        ("{kind: icims, site: jobs.acme.org}", "https://jobs.acme.org/jobs/search?ss=1&pr=0&in_iframe=1"),
        ("{kind: remoteok}", "https://remoteok.com/api"),
        ("{kind: remotive}", "https://remotive.com/api/remote-jobs"),
        (
            "{kind: remotive, category: software-dev, search: a&b}",
            "https://remotive.com/api/remote-jobs?category=software-dev&search=a%26b",
        ),
        ("{kind: arbeitnow}", "https://www.arbeitnow.com/api/job-board-api?page=1"),
        ("{kind: himalayas}", "https://himalayas.app/jobs/api?limit=20&offset=0"),
        ("{kind: jobicy}", "https://jobicy.com/api/v2/remote-jobs?count=100"),
        (
            "{kind: jobicy, tag: python, industry: engineering, geo: europe}",
            "https://jobicy.com/api/v2/remote-jobs?count=100&tag=python&industry=engineering&geo=europe",
        ),
        ("{kind: weworkremotely}", "https://weworkremotely.com/remote-jobs.rss"),
        ("{kind: weworkremotely, category: a-b}", "https://weworkremotely.com/categories/a-b.rss"),
        (
            "{kind: hn_hiring}",
            "https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=6",
        ),
        (
            "{kind: socrata, domain: data.example.org, dataset: a-b, fields: {title: t}, where: a > 'b&c'}",
            "https://data.example.org/resource/a-b.json?$limit=1000&$offset=0&$order=:id&$where=a%20%3E%20%27b%26c%27",
        ),
        (
            "{kind: legistar, client: nyc, token: a+b}",
            "https://webapi.legistar.com/v1/nyc/events?$orderby=EventDate%20desc&$top=200&token=a%2Bb",
        ),
    ],
)
def test_a_list_is_asked_for_by_its_name(entry: str, url: str) -> None:
    assert source(entry).start().url == url


def test_a_search_on_usajobs_goes_with_the_key_in_its_headers_on_every_page() -> None:
    jobs = source("{kind: usajobs, email: me@example.org, key: not-a-key, keyword: cook, location: 'Boise, Idaho'}")
    first = jobs.start()
    assert dict(parse_qsl(urlsplit(first.url).query)) == {
        "Keyword": "cook",
        "LocationName": "Boise, Idaho",
        "ResultsPerPage": "500",
        "Page": "1",
    }
    answer = {"SearchResult": {"SearchResultItems": [], "UserArea": {"NumberOfPages": 2}}}
    (second,) = jobs.parse(page(json.dumps(answer), url=first.url)).follow
    assert second.headers == first.headers == {"User-Agent": "me@example.org", "Authorization-Key": "not-a-key"}
    assert "not-a-key" not in first.url
    assert jobs.parse(page(json.dumps(answer), url=second.url)).follow == ()


def test_an_app_token_goes_in_a_header() -> None:
    permits = source("{kind: socrata, domain: d.org, dataset: a-b, fields: {title: t}, token: not-a-token}")
    assert permits.start().headers == {"X-App-Token": "not-a-token"}
    assert "not-a-token" not in permits.start().url


@pytest.mark.parametrize("portal", ["https://data.example.org", "data.example.org?x", "a@b", "", "a b"])
def test_a_portal_that_is_no_host_is_refused(portal: str) -> None:
    from scan.sources.ckan import _portal_problem

    assert "is no portal" in (_portal_problem(portal) or "")
    assert _portal_problem("data.example.org/city") is None


def rows(count: int, **row: object) -> list[dict[str, object]]:
    return [{**row, "id": str(number), "guid": str(number), "slug": str(number)} for number in range(count)]


def followed(entry: str, answer: object, url: str = "") -> list[str]:
    adapter: Source = source(entry)
    return [request.url for request in adapter.parse(page(json.dumps(answer), url=url or adapter.start().url)).follow]


def test_arbeitnow_is_read_until_an_empty_page_or_the_most() -> None:
    entry, api = "{kind: arbeitnow, most_pages: 3}", "https://www.arbeitnow.com/api/job-board-api?page="
    full = {"data": rows(2, title="Job"), "links": {"next": "https://elsewhere.example"}}
    assert followed(entry, full) == [f"{api}2"]
    assert followed(entry, full, f"{api}2") == [f"{api}3"]
    assert followed(entry, full, f"{api}3") == []
    assert followed(entry, {"data": []}, f"{api}2") == []


@pytest.mark.parametrize(
    ("count", "offset", "following"), [(20, 0, "20"), (20, 20, None), (19, 0, None), (20, 40, None)]
)
def test_himalayas_is_read_twenty_at_a_time_up_to_the_most(count: int, offset: int, following: str | None) -> None:
    url = f"https://himalayas.app/jobs/api?limit=20&offset={offset}"
    wanted = [f"https://himalayas.app/jobs/api?limit=20&offset={following}"] if following else []
    found = followed("{kind: himalayas, most_pages: 2}", {"jobs": rows(count, title="Job"), "totalCount": 99999}, url)
    assert found == wanted


def test_a_newest_list_never_announces_a_total_that_it_would_fall_short_of() -> None:
    himalayas = source("{kind: himalayas}")
    batch = himalayas.parse(page(json.dumps({"jobs": [], "totalCount": 99999})))
    assert (batch.total, himalayas.complete) == (None, False)


@pytest.mark.parametrize(("number", "following"), [(0, "1"), (1, None)])
def test_rippling_s_newer_list_goes_on_to_its_last_page(number: int, following: str | None) -> None:
    url = "https://api.rippling.com/platform/api/ats/v2/board/acme/jobs?page="
    answer = {"items": rows(1, name="Job"), "page": number, "totalPages": 2, "totalItems": 2}
    wanted = [f"{url}{following}"] if following else []
    assert followed("{kind: rippling, board: acme}", answer, f"{url}{number}") == wanted


@pytest.mark.parametrize(("count", "following"), [(1000, ["1000"]), (999, [])])
def test_a_full_page_of_a_socrata_dataset_is_followed_by_the_next(count: int, following: list[str]) -> None:
    base = "https://d.org/resource/a-b.json?$limit=1000&$offset={}&$order=:id"
    entry = "{kind: socrata, domain: d.org, dataset: a-b, fields: {key: id, title: slug}}"
    assert followed(entry, rows(count)) == [base.format(offset) for offset in following]


def test_a_ckan_portal_that_says_no_is_a_failure() -> None:
    from scan.errors import ParseError

    portal = source("{kind: ckan, portal: data.example.org}")
    with pytest.raises(ParseError, match='"result" with a list'):
        portal.parse(page('{"success": false, "result": {"results": []}}'))


def test_an_empty_page_of_icims_is_empty_and_a_job_s_page_is_no_list() -> None:
    from scan.errors import ParseError

    board = source("{kind: icims, site: acme}")
    assert board.parse(page("<div class='iCIMS_MainWrapper iCIMS_ListingsPage'></div>")).items == ()
    with pytest.raises(ParseError, match="a list of jobs"):
        board.parse(page("<div class='iCIMS_JobContainer'><h1>Cook</h1></div>"))


def test_a_job_of_icims_whose_address_cannot_be_read_is_odd() -> None:
    card = b"<ul><li class=iCIMS_JobCardItem><a class=iCIMS_Anchor href='//[x/jobs/1/one/job'></a>"
    title = b"<div class=title><h3>One</h3></div></li></ul>"
    batch = source("{kind: icims, site: acme}").parse(page(card + title))
    assert (batch.items, len(batch.rejected)) == ((), 1)


def test_a_list_of_icims_that_cannot_be_followed_is_cut_short() -> None:
    batch = source("{kind: icims, site: acme}").parse(
        page("<h2 class='iCIMS_SubHeader_Jobs'>Page 1 of 2</h2><ul class=iCIMS_SearchResultsHeader></ul>")
    )
    assert "no pr=0 in the address" in (batch.truncated or "")


THREADS = "https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=6"


def test_a_search_that_finds_no_thread_is_no_empty_list() -> None:
    hiring = source("{kind: hn_hiring}")
    other = {"hits": [{"objectID": "1", "title": "Ask HN: Who wants to be hired?"}]}
    batch = hiring.parse(page(json.dumps(other), url=THREADS))
    assert (batch.items, batch.truncated) == ((), 'no thread "Who is hiring?" was found')


def test_answers_to_comments_are_no_items() -> None:
    def comment(number: int, parent: int) -> dict[str, object]:
        return {"objectID": str(number), "comment_text": "Acme | Cook", "parent_id": parent, "story_id": 1}

    answer = {"hits": [comment(2, 1), comment(3, 2), comment(4, 1)], "page": 0, "nbPages": 1}
    batch = source("{kind: hn_hiring}").parse(page(json.dumps(answer)))
    assert ([item.key for item in batch.items], batch.skipped, batch.follow) == (["2", "4"], 1, ())
    assert batch.items[0].organization == "Acme"


def test_a_job_of_rippling_s_newer_list_has_its_page_where_the_older_one_s_is() -> None:
    newer = "https://api.rippling.com/platform/api/ats/v2/board/acme/jobs?page=0"
    detail = source(f"{{kind: rippling, board: acme, url: '{newer}'}}").detail(RawItem(key="a b"))
    assert detail is not None
    assert detail.request.url == "https://api.rippling.com/platform/api/ats/v1/board/acme/jobs/a%20b"
