"""The probe as a whole, with answers from a table."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scan.config.drafts import Drafts
from scan.errors import ConfigError
from scan.page import Page, Request
from scan.probe import Probed, probe
from scan.probe.attempts import MOST
from scan.sources import KINDS
from tests.guess.pages import BODIES, JOBS, page, page_of_jobs
from tests.probe.answering import Answers

NOW = datetime(2026, 11, 30, tzinfo=UTC)
HERE = "https://www.example.org"


def probed(address: str, answers: Any, **environ: str) -> Probed:
    fetcher: Any = answers if isinstance(answers, Answers) else Answers(answers)
    drafts = Drafts(Path("/nowhere/scan.yaml"), environ)
    return probe(address, drafts=drafts, kinds=KINDS, fetcher=fetcher, taken={"example"}, now=NOW)


def kinds(found: Probed) -> list[tuple[str, str]]:
    return [(one.kind, one.confidence) for one in found.candidates]


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
    return f"<rss><channel>{items}</channel></rss>".encode()


def test_a_named_board_is_asked_once_and_the_page_not_at_all() -> None:
    board = {"jobs": [{"id": 1, "title": "Porter"}], "meta": {"total": 1}}
    answers = Answers({"https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true": json.dumps(board).encode()})
    found = probed("https://boards.greenhouse.io/acme/jobs/1", answers)
    assert kinds(found) == [("greenhouse", "high")]
    assert found.candidates[0].entry == {"name": "acme", "kind": "greenhouse", "board": "acme"}
    assert len(answers.asked) == 1


def test_an_empty_board_is_a_board_and_a_missing_one_is_looked_at_as_a_page() -> None:
    api = "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"
    empty = probed("https://boards.greenhouse.io/acme", {api: b'{"jobs": [], "meta": {"total": 0}}'})
    assert (kinds(empty), empty.candidates[0].total) == ([("greenhouse", "medium")], 0)
    own = page_of_jobs().encode()
    missing = probed("https://boards.greenhouse.io/acme", {"https://boards.greenhouse.io/acme": own})
    assert kinds(missing) == [("html", "medium")]
    assert missing.tried[0].startswith("greenhouse, known by its address: ")
    assert "404" in missing.tried[0]


def test_a_company_that_its_service_has_never_heard_of_is_not_believed() -> None:
    api = "https://api.smartrecruiters.com/v1/companies/Nobody/postings?limit=100&offset=0"
    answer = b'{"offset": 0, "limit": 100, "totalFound": 0, "content": []}'
    assert probed("https://careers.smartrecruiters.com/Nobody", {api: answer}).candidates == ()


def test_where_an_address_leads_to_shows_its_source() -> None:
    api = "https://acme.recruitee.com/api/offers/"
    landed = Page(url="https://acme.recruitee.com/", body=b"<html></html>")
    offers = b'{"offers": [{"id": 7, "title": "Porter", "status": "published"}]}'
    assert kinds(probed(f"{HERE}/careers", {f"{HERE}/careers": landed, api: offers})) == [("recruitee", "high")]


def test_a_feed_is_worth_more_if_it_has_what_the_page_shows_and_less_if_it_has_not() -> None:
    links = [f"{HERE}/jobs/{n}" for n in range(len(JOBS))]
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    body = page_of_jobs(head).encode()
    same = probed(f"{HERE}/jobs", {f"{HERE}/jobs": body, f"{HERE}/feed": feed(*links)})
    other = probed(f"{HERE}/jobs", {f"{HERE}/jobs": body, f"{HERE}/feed": feed(f"{HERE}/news/1")})
    front = probed(f"{HERE}/", {f"{HERE}/": f"<html>{head}</html>".encode(), f"{HERE}/feed": feed(f"{HERE}/news/1")})
    assert kinds(same) == [("feed", "high"), ("html", "medium")]
    assert kinds(other) == [("html", "medium"), ("feed", "low")]
    assert kinds(front) == [("feed", "medium")]


def test_a_link_to_the_next_page_is_believed_if_it_leads_to_other_items() -> None:
    first, second = (
        page(BODIES["a blog"]),
        page(BODIES["a blog"].replace("story-", "tale-").replace("/page/2/", "/page/3/")),
    )
    works = probed(f"{HERE}/", {f"{HERE}/": first.encode(), f"{HERE}/page/2/": second.encode()}).candidates[0]
    assert (works.entry["pages"], works.total, works.goes_on) == ({"next": "a.next"}, 16, True)
    for then in (first.encode(), b"", Page(url=f"{HERE}/page/2/", status=500)):
        alone = probed(f"{HERE}/", {f"{HERE}/": first.encode(), f"{HERE}/page/2/": then}).candidates[0]
        assert ("pages" in alone.entry, alone.total) == (False, 8)


def test_a_page_number_that_has_no_effect_is_left_alone() -> None:
    rows = [{"id": n, "title": title, "url": f"/j/{n}"} for n, title in enumerate(JOBS)]
    body = json.dumps({"jobs": rows}).encode()
    ignored = probed(f"{HERE}/api?page=1", {f"{HERE}/api?page=1": body, f"{HERE}/api?page=2": body}).candidates[0]
    assert (ignored.entry["url"], "pages" in ignored.entry) == (f"{HERE}/api?page=1", False)


def test_a_service_that_answers_programs_with_json_is_asked_as_one() -> None:
    rows = [{"id": n, "title": title, "url": f"/j/{n}"} for n, title in enumerate(JOBS)]

    class Negotiating(Answers):
        def answer(self, request: Request) -> Any:
            body = json.dumps(rows).encode() if request.accept == "application/json" else b"<html>an API</html>"
            return Page(url=request.url, body=body, status=200 if request.url == f"{HERE}/api" else 404)

    assert kinds(probed(f"{HERE}/api", Negotiating({}))) == [("json", "high")]


def test_the_sitemap_that_robots_txt_names_is_the_last_resort() -> None:
    urls = "".join(f"<url><loc>{HERE}/jobs/{n}</loc></url>" for n in range(3)) + f"<url><loc>{HERE}/about</loc></url>"
    answers = {
        f"{HERE}/": b"<html><p>Hello</p></html>",
        f"{HERE}/robots.txt": f"Sitemap: {HERE}/map.xml".encode(),
        f"{HERE}/map.xml": f"<urlset>{urls}</urlset>".encode(),
    }
    (best,) = probed(f"{HERE}/", answers).candidates
    assert best.entry == {"name": "example-map", "kind": "sitemap", "url": f"{HERE}/map.xml", "include": ["/jobs/."]}
    assert (best.total, best.confidence) == (3, "medium")


def test_the_columns_of_a_dataset_are_asked_for_and_mapped() -> None:
    rows = [{"permit": f"P-{n}", "title": title, "issued": "2026-11-02"} for n, title in enumerate(JOBS)]
    api = "https://data.example.org/resource/msk6-43c6.json?$limit=1000&$offset=0&$order=:id"
    answers = Answers({api: json.dumps(rows).encode()})
    (best,) = probed("https://data.example.org/Buildings/Permits/msk6-43c6", answers).candidates
    assert (best.kind, best.total) == ("socrata", 8)
    assert best.entry["fields"] == {"title": "title", "published_at": "issued"}
    assert len(answers.asked) == 1


def test_only_what_leads_away_from_the_address_is_kept_from_private_networks() -> None:
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{link}">'
        for link in ("/feed", "https://b.example/feed")
    )
    answers = Answers({f"{HERE}/": f"<html>{head}</html>".encode()})
    probed(f"{HERE}/", answers)
    guarded = {request.url: request.guarded for request in answers.asked}
    assert guarded[f"{HERE}/"] is guarded[f"{HERE}/feed"] is False
    assert guarded["https://b.example/feed"] is True


def test_a_page_that_names_a_thousand_things_has_a_few_of_them_tried() -> None:
    frames = "".join(f'<iframe src="https://t{n}.breezy.hr/"></iframe>' for n in range(3))
    feeds = "".join(f'<link rel="alternate" type="application/rss+xml" href="/f{n}">' for n in range(1000))
    answers = Answers({f"{HERE}/": f"<html>{feeds}{frames}</html>".encode()})
    assert probed(f"{HERE}/", answers).candidates == ()
    assert len(answers.asked) <= MOST + 4


@pytest.mark.parametrize("address", ["", "example.org", "ftp://example.org/", "https://${env:NONE}/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError):
        probed(address, {})


def test_an_address_that_does_not_answer_is_told_with_what_was_tried() -> None:
    found = probed("https://jobs.lever.co/acme", {})
    assert (found.candidates, found.what) == ((), None)
    assert "404" in str(found.error)
    assert len(found.tried) == 1
