"""Every recorded answer of the kinds there are, with the counts written down, and counted once more in another way."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scan.errors import ParseError
from scan.page import Page
from scan.sources import Source, merge
from scan.sources.feed import expat, fallback
from scan.sources.feed.elements import Odd
from tests.sources.building import RECORDED, build, read, source

pytestmark = pytest.mark.recorded

FEEDS = {
    "rss/CRE.xml": 30,
    "rss/RSSWithComments.xml": 30,
    "rss/TechCrunch.xml": 20,
    "rss/huginn_onethingwell.rss": 20,
    "rss/itunes_feedburner.xml": 3,
    "rss/miniflux_encoding_WINDOWS-1251.xml": 50,
    "rss/nextcloud_Nextcloud.rss": 10,
    "rss/r2e_tumblr_feed.rss": 20,
    "atom/DuplicateContentAtomFeed.xml": 10,
    "atom/GoogleDocsList.xml": 2,
    "atom/TypePadNews.xml": 10,
    "atom/huginn_github_rss.atom": 20,
    "atom/huginn_youtube.xml": 15,
    "atom/miniflux_small_atom.xml": 20,
    "atom/pet_atom.xml": 10,
    "atom/r2e_allthingsrss_feed.atom": 3,
    "atom/r2e_quiltville_feed.atom": 25,
    "rdf/miniflux_rdf_UTF8.xml": 60,
    "jsonfeed/feedio_sample.json": 4,
    "jsonfeed/json_feed.json": 20,
    "weworkremotely/wwr.xml": 4,
    "teamtailor/jobs_json_feed11.json": 2,
    "teamtailor/jobs_rss_openroles.xml": 2,
    "teamtailor/jobs_rss_upcloud.rss": 2,
}
READ = ("key", "title", "url", "text", "published_at")
MISSING = {  # in the feeds themselves
    "atom/GoogleDocsList.xml": {"text": 2},
    "atom/huginn_youtube.xml": {"text": 15},
    "rdf/miniflux_rdf_UTF8.xml": {"published_at": 60},
    "jsonfeed/feedio_sample.json": {"url": 3},
    "teamtailor/jobs_json_feed11.json": {"text": 2},
}
TO_FEEDPARSER = {  # why the fast way leaves them
    "atom/DuplicateContentAtomFeed.xml": "DOCTYPE",
    "atom/GoogleDocsList.xml": "mode or src",
    "atom/TypePadNews.xml": "namespace None=http://www.w3.org/1999/xhtml",
    "atom/pet_atom.xml": "namespace None=http://www.w3.org/1999/xhtml",
    "atom/r2e_quiltville_feed.atom": "markup in a text",
}
BOARDS = {
    "greenhouse/board_449_nocontent.json": 449,
    "greenhouse/board_canonical.json": 303,
    "greenhouse/board_catawiki_content.json": 50,
    "greenhouse/board_gitlab.json": 200,
    "greenhouse/gitlab3_content.json": 3,
    "greenhouse/two_content_careerkit.json": 2,
    "greenhouse/empty_board.json": 0,
    "lever/aaron_2.json": 2,
    "lever/careerkit_2.json": 2,
    "lever/ehddd_6.json": 6,
    "lever/kern_3.json": 3,
    "lever/matchgroup_2_salary.json": 2,
    "lever/palantir2_atspolling.json": 2,
    "lever/recruitai_4_salary.json": 4,
    "ashby/board_112_2026.json": 112,
    "ashby/board_54_jobfinder.json": 54,
    "ashby/board_9fin.json": 30,
    "ashby/board_roadsurfer.com.json": 66,
    "ashby/ehddd_6_2026.json": 6,
    "ashby/notion_3_2026.json": 3,
    "ashby/truelogic_3_2026.json": 3,
    "ashby/empty_board_anara.json": 0,
    "workable/widget_details_1.json": 1,
    "workable/widget_vasion_2.json": 2,
    "workable/widget_zaelab_dup_rows.json": 2,
    "smartrecruiters/page0_michael.json": 3,
    "smartrecruiters/page1_michael.json": 1,
    "recruitee/offers_2_ehddd.json": 2,
    "recruitee/offers_3_mali.json": 3,
    "workday/list_4_facets_kern.json": 4,
    "workday/nvidia_3_postedon_forms.json": 3,
}
ROWS = {"smartrecruiters": "content", "recruitee": "offers", "workday": "jobPostings"}
"""Where the rows are, if not in "jobs"."""
KEYS = {"workable": "shortcode", "workday": "externalPath"}
"""What the id is called, if not "id"."""
XML_BOARDS = {
    "personio/jobs_example.xml": 3,
    "personio/two_positions.xml": 2,
    "teamtailor/jobs_rss_openroles.xml": 2,
    "teamtailor/jobs_rss_upcloud.rss": 2,
}
JSON_LD = {
    "jsonld/direct_job_jsonld.html": "Senior Backend Engineer",
    "jsonld/jsonld_meta_software_engineer.html": "Software Engineer, Infrastructure",
    "jsonld/page_0028-cedar-com-careers.html": "Join Cedar's Mission",
    "jsonld/page_0049-careers-moove-io-jobs-8041975-director-head-of-fleet-vehicle.html": (
        "Director/Head of Fleet Vehicle Procurement &amp; Strategic Sourcing"
    ),
    "icims/job_jobwatch.html": "Senior Platform Engineer",
    "icims/job_page_jsonld_kern.html": "Trading System Engineering Internship: Summer 2027",
}
NOT_BOARDS = {  # other endpoints, and an error's body
    "greenhouse/departments_67.json",
    "greenhouse/detail_stripe_8026689.json",
    "lever/detail_palantir.json",
    "lever/notfound_404_body.json",
    "smartrecruiters/detail_kern_23k.json",
    "smartrecruiters/pages_and_details.json",
    "recruitee/greatminds_21_reshaped.json",
    "personio/positions_faulty.xml",
    "workday/detail_kern.json",
    "workday/pages_mirror.json",
}
NOT_LISTS = {  # pages of one job; no calendar
    "icims/job_jobwatch.html": "{kind: icims, site: initech}",
    "icims/job_page_jsonld_kern.html": "{kind: icims, site: sig}",
    "ical/issue_178_component_with_invalid_name_represented.ics": "{kind: ical, url: 'https://example.org/'}",
}
AGGREGATORS = ("remoteok", "remotive", "arbeitnow", "himalayas", "jobicy")
LISTS = ("bamboohr", "breezy", "rippling", "pinpoint", "jazzhr", "icims")
CONFIGURED = read((Path(__file__).parent / "recorded.yaml").read_text(encoding="utf-8"))

feed = source("{kind: feed, url: 'https://example.org/feed'}")
board = {
    "greenhouse": source("{kind: greenhouse, board: acme}"),
    "lever": source("{kind: lever, site: acme}"),
    "ashby": source("{kind: ashby, board: acme}"),
    "workable": source("{kind: workable, account: acme}"),
    "smartrecruiters": source("{kind: smartrecruiters, company: acme}"),
    "recruitee": source("{kind: recruitee, company: acme}"),
    "personio": source("{kind: personio, account: acme}"),
    "workday": source("{kind: workday, tenant: acme, instance: wd5, site: External}"),
    "teamtailor": source("{kind: teamtailor, company: acme}"),
}
jsonld = source("{kind: jsonld, url: 'https://example.org/dir/page'}")


def recorded(name: str) -> Page:
    return Page(url="https://example.org/dir/page", body=(RECORDED / name).read_bytes())


def in_folders(*folders: str) -> set[str]:
    return {f"{folder}/{path.name}" for folder in folders for path in (RECORDED / folder).iterdir() if path.is_file()}


def test_every_recorded_answer_is_in_a_table() -> None:
    assert in_folders("rss", "atom", "rdf", "jsonfeed", "weworkremotely", "teamtailor") == FEEDS.keys()
    assert in_folders(*board.keys() - {"teamtailor"}) == BOARDS.keys() | NOT_BOARDS | of("personio", XML_BOARDS)
    assert in_folders("teamtailor") >= of("teamtailor", XML_BOARDS)
    assert in_folders("jsonld") == of("jsonld", JSON_LD)
    configured = in_folders("generic_json", "html", "municipal", "sitemap", "ical", *AGGREGATORS, *LISTS)
    assert configured == CONFIGURED.keys() | NOT_LISTS.keys()


def of(folder: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if name.startswith(f"{folder}/")}


@pytest.mark.parametrize("name", FEEDS)
def test_every_entry_of_a_feed_is_read(name: str) -> None:
    answer = recorded(name)
    batch = feed.parse(answer)
    assert len(batch.items) == FEEDS[name] == counted_entries(answer.body)
    assert batch.rejected == ()
    missing = {field: sum(not getattr(item, field) for item in batch.items) for field in READ}
    assert {field: count for field, count in missing.items() if count} == MISSING.get(name, {})


def counted_entries(body: bytes) -> int:
    if body.lstrip().startswith(b"{"):
        return len(json.loads(body)["items"])
    return len(re.findall(rb"<(?:item|entry)[\s>]", body))


@pytest.mark.parametrize("name", [name for name in FEEDS if not name.endswith(".json")])
def test_the_fast_way_reads_a_feed_as_feedparser_does_or_leaves_it(name: str) -> None:
    answer = recorded(name)
    if name in TO_FEEDPARSER:
        with pytest.raises(Odd, match=TO_FEEDPARSER[name]):
            expat.entries(answer.body.lstrip())
    else:
        assert items(expat.entries, answer.body.lstrip()) == items(fallback.entries, answer)


def items(read: Callable[[Any], Any], what: object) -> list[object]:
    return [entry.item() for entry in read(what)]


@pytest.mark.timeout(120)
def test_the_fast_way_agrees_with_feedparser_on_its_whole_corpus() -> None:
    read = agreed = left = refused = 0
    for path in sorted((RECORDED / "feedparser-tests/tests").rglob("*.xml")):
        answer = Page(url="https://example.org/feed", body=path.read_bytes())
        try:
            fast = items(expat.entries, answer.body.lstrip(b"\xef\xbb\xbf \t\r\n"))
        except Odd:
            left += 1
            try:
                feed.parse(answer)
            except ParseError:
                refused += 1
            continue
        read += 1
        agreed += fast == items(fallback.entries, answer)
    assert (read, agreed, left, refused) == (956, 956, 1150, 13)


@pytest.mark.parametrize("name", BOARDS)
def test_every_job_of_a_board_is_read(name: str) -> None:
    answer = recorded(name)
    kind = name.partition("/")[0]
    rows = json.loads(answer.body)
    rows = rows if isinstance(rows, list) else rows[ROWS.get(kind, "jobs")]
    batch = board[kind].parse(answer)
    assert len(batch.items) == BOARDS[name] == len(rows)
    assert batch.rejected == ()
    assert [item.key for item in batch.items] == [row[KEYS.get(kind, "id")] for row in rows]
    assert all(item.title and item.url and item.published_at for item in batch.items)


@pytest.mark.parametrize("name", XML_BOARDS)
def test_every_job_of_a_board_in_xml_is_read(name: str) -> None:
    answer = recorded(name)
    batch = board[name.partition("/")[0]].parse(answer)
    assert len(batch.items) == XML_BOARDS[name] == len(re.findall(rb"<(?:position|item)>", answer.body))
    assert batch.rejected == ()
    assert all(item.key and item.title and item.url and item.text and item.published_at for item in batch.items)
    assert all(item.location for item in batch.items)


@pytest.mark.parametrize("name", JSON_LD)
def test_the_posting_on_a_page_is_found(name: str) -> None:
    batch = jsonld.parse(recorded(name))
    (item,) = batch.items
    assert batch.rejected == ()
    assert item.title == JSON_LD[name]
    assert all((item.organization, item.location, item.url, item.text))


def test_what_workday_writes_for_a_time_is_given_as_it_is() -> None:
    items = board["workday"].parse(recorded("workday/nvidia_3_postedon_forms.json")).items
    assert [item.published_at for item in items] == ["Posted Today", "Posted Yesterday", "Posted 2 Days Ago"]
    assert [item.location for item in items] == ["Israel, Yokneam", "US, CA, Santa Clara", "US CA Santa Clara"]


def recorded_pages() -> Iterator[tuple[str, bytes, str]]:
    """Give the recorded pages of single items: the kind, the page, and words of its description."""
    yield "smartrecruiters", (RECORDED / "smartrecruiters/detail_kern_23k.json").read_bytes(), "AI-driven data economy"
    yield "workday", (RECORDED / "workday/detail_kern.json").read_bytes(), "Business Leadership Program"
    yield "icims", (RECORDED / "icims/job_jobwatch.html").read_bytes(), "build tooling for widgets"
    yield "icims", (RECORDED / "icims/job_page_jsonld_kern.html").read_bytes(), "trading system engineering"
    for kind, words in (("smartrecruiters", ""), ("workday", "<p>")):
        name = "pages_and_details.json" if kind == "smartrecruiters" else "pages_mirror.json"
        for each in json.loads((RECORDED / kind / name).read_bytes())["details"].values():
            yield kind, json.dumps(each).encode(), words


def test_the_recorded_pages_of_single_items_are_read() -> None:
    adapters = {**board, "icims": source("{kind: icims, site: acme}")}
    pages = list(recorded_pages())
    assert len(pages) == 4 + 3 + 4
    items = [adapters[kind].parse_detail(Page(url="https://example.org/1", body=body)) for kind, body, _ in pages]
    for item, (_, _, words) in zip(items, pages, strict=True):
        assert words in (item.text or "")
        assert (item.key, item.title, item.url) == (None, None, None)
    assert sum(item.text is None for item in items) == 1, "one recorded posting has no description at all"


def test_what_is_paid_and_where_is_on_the_page_of_a_job() -> None:
    paid = board["smartrecruiters"].parse_detail(recorded("smartrecruiters/detail_kern_23k.json"))
    assert paid.attributes == {"salary_min": 34, "salary_max": 47, "currency": "USD", "salary_interval": "hour"}
    mirror = json.loads((RECORDED / "workday/pages_mirror.json").read_bytes())["details"]
    body = mirror["/job/US-CA-Santa-Clara/Senior-HPC-Architect_JR-1999579"]
    item = board["workday"].parse_detail(Page(url="https://example.org/", body=json.dumps(body).encode()))
    assert isinstance(item.location, tuple)
    assert item.location[:2] == ("US, CA, Santa Clara", "US, TX, Remote")
    assert item.published_at == "2026-06-30"


def test_the_places_of_a_job_are_one_items() -> None:
    batch = board["workable"].parse(recorded("workable/widget_zaelab_dup_rows.json"))
    (item,) = merge(batch.items)
    assert item.location == ("Spain", "Portugal")
    assert item.organization == "Zaelab"


def test_a_board_that_was_trimmed_says_how_many_jobs_there_were() -> None:
    batch = board["greenhouse"].parse(recorded("greenhouse/two_content_careerkit.json"))
    assert (len(batch.items), batch.total) == (2, 37)


@pytest.mark.parametrize("name", sorted(NOT_BOARDS))
def test_what_is_no_board_is_refused(name: str) -> None:
    with pytest.raises(ParseError):
        board[name.partition("/")[0]].parse(recorded(name))


def test_the_timelines_of_two_boards_are_read_whole() -> None:
    paths = sorted((RECORDED / "greenhouse/timeline").rglob("*.json"))
    assert len(paths) == 32
    for path in paths:
        body = path.read_bytes()
        batch = board["greenhouse"].parse(Page(url="https://example.org/", body=body))
        assert len(batch.items) == len(json.loads(body)["jobs"]) == batch.total
        assert batch.rejected == ()


@pytest.mark.parametrize("name", CONFIGURED)
def test_a_configured_page_gives_its_rows(name: str) -> None:
    expected, answer = CONFIGURED[name], recorded(name)
    adapter: Source = build({"url": "https://example.org/dir/page", **expected["entry"]})
    assert list(adapter.problems()) == []
    batch = adapter.parse(answer)
    assert len(batch.items) == expected["count"] == counted_rows(adapter, answer, expected.get("counted"))
    assert len(batch.rejected) == expected.get("rejected", 0)
    first = batch.items[0].title or "" if batch.items else ""
    assert " ".join(first.split()) == (expected["title"] or "")


@pytest.mark.parametrize("name", NOT_LISTS)
def test_what_is_no_list_is_refused(name: str) -> None:
    with pytest.raises(ParseError):
        source(NOT_LISTS[name]).parse(recorded(name))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("municipal/ckan_package_search.json", "{kind: ckan, portal: legado.dados.gov.br}"),
        ("municipal/ckan_package_search_offset.json", "{kind: ckan, portal: legado.dados.gov.br}"),
        (
            "municipal/socrata_bike_counts_page1.json",
            "{kind: socrata, domain: data.example.org, dataset: x, fields: {title: id, published_at: date}}",
        ),
    ],
)
def test_what_json_reads_with_a_config_is_read_by_its_own_kind_alike(name: str, kind: str) -> None:
    configured = build({"url": "https://example.org/", **CONFIGURED[name]["entry"]}).parse(recorded(name)).items
    own = source(kind).parse(recorded(name)).items
    assert [(item.key, item.title) for item in own] == [(item.key, item.title) for item in configured]


def test_we_work_remotely_tells_more_than_its_feed() -> None:
    answer = recorded("weworkremotely/wwr.xml")
    own, entries = source("{kind: weworkremotely}").parse(answer).items, feed.parse(answer).items
    assert [(item.key, f"{item.organization}: {item.title}") for item in own] == [(e.key, e.title) for e in entries]
    assert {item.location for item in own} == {"Anywhere in the World"}


def test_the_places_of_a_job_that_comes_twice_are_merged() -> None:
    batch = source("{kind: rippling, board: acme}").parse(recorded("rippling/list_dup_rows.json"))
    (job,) = merge(batch.items)
    assert job.location == ("Remote (New Jersey, US)", "New York, NY")


def test_a_text_whose_utf8_was_taken_for_latin1_is_put_right() -> None:
    batch = source("{kind: remoteok}").parse(recorded("remoteok/api_4.json"))
    texts = " ".join(item.text or "" for item in batch.items)
    assert "you\u2019ll" in texts
    assert "\xe2\x80" not in texts


def counted_rows(adapter: Source, answer: Page, pattern: str | None) -> int:
    if pattern is not None:
        return len(re.findall(pattern, answer.body.decode()))
    found = json.loads(answer.body)
    for key in getattr(adapter, "items", "@").split("."):
        found = found if key == "@" else found[key]
    return len(found)
