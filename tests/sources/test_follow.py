import pytest

from scan.errors import ParseError
from scan.model import RawItem, RawTime
from scan.sources import Source
from tests.sources.building import page, source

LIST = "kind: html, url: 'https://example.org/list', items: li, fields: {}"
ITEM = RawItem(key="a/1", title="One", url="jobs/1?x=2", base="https://example.org/dir/list")


def followed(follow: str, rest: str = LIST) -> Source:
    return source(f"{{{rest}, follow: {follow}}}")


def test_a_list_without_follow_reads_no_pages_of_single_items() -> None:
    adapter = source(f"{{{LIST}}}")
    assert not adapter.has_details
    assert adapter.detail(ITEM) is None


@pytest.mark.parametrize(
    ("follow", "url", "accept"),
    [
        ("{html: {text: .job}}", "https://example.org/dir/jobs/1?x=2", "text/html, application/xhtml+xml"),
        ("{jsonld: true}", "https://example.org/dir/jobs/1?x=2", "text/html, application/xhtml+xml"),
        (
            "{url: 'https://api.example/{key}.json', json: {text: t}}",
            "https://api.example/a%2F1.json",
            "application/json",
        ),
    ],
)
def test_the_page_is_the_items_address_or_made_of_its_key(follow: str, url: str, accept: str) -> None:
    detail = followed(follow).detail(ITEM)
    assert detail is not None
    assert (detail.request.url, detail.request.accept) == (url, accept)


def test_an_item_without_what_its_address_is_made_of_has_no_page() -> None:
    assert followed("{html: {text: p}}").detail(RawItem(key="1", base="https://example.org/list")) is not None
    assert followed("{html: {text: p}}").detail(RawItem(key="1")) is None
    assert followed("{html: {text: p}}").detail(RawItem(url="mailto:x@y.z")) is None
    assert followed("{url: 'https://api.example/{key}', json: {text: t}}").detail(RawItem(url="/1")) is None


def test_a_web_page_is_read_by_css() -> None:
    adapter = followed("""
        {html: {text: .job, title: h1, attributes.pdf: 'a@href', attributes.pay: {select: .pay, number: true},
                published_at: time@datetime}, zone: Europe/Berlin}
    """)
    assert list(adapter.problems()) == []
    markup = """<base href=/files/><h1>Cook &amp; Baker</h1><time datetime=2026-05-01>May</time>
        <div class=job><p>Bake <b>it</b></p></div><p class=pay>$ 1,200</p><a href=ad.pdf>PDF</a>"""
    assert adapter.parse_detail(page(markup)) == RawItem(
        title="Cook &amp; Baker",
        text="<p>Bake <b>it</b></p>",
        published_at=RawTime(value="2026-05-01", zone="Europe/Berlin"),
        attributes={"pdf": "https://example.org/files/ad.pdf", "pay": 1200},
    )


def test_a_json_answer_is_read_by_jmespath() -> None:
    adapter = followed("{json: {text: job.body, attributes.beds: beds, location: places}, zone: Europe/Berlin}")
    item = adapter.parse_detail(page('{"job": {"body": "<p>x</p>"}, "beds": 2, "places": ["A", "B"]}'))
    assert item == RawItem(text="<p>x</p>", location=("A", "B"), attributes={"beds": 2})


def test_a_page_may_describe_itself() -> None:
    markup = (
        '<script type="application/ld+json">{"@graph": [{"@type": "JobPosting", "title": "T", "description": "D"}]}'
    )
    item = followed("{jsonld: true}").parse_detail(page(f"{markup}</script>"))
    assert (item.title, item.text, item.attributes) == ("T", "D", {"type": "JobPosting"})


@pytest.mark.parametrize(
    ("follow", "body"),
    [
        ("{html: {text: .job}}", "<p>Log in</p>"),
        ("{html: {text: .job}}", '{"not": "html"}'),
        ("{json: {text: a.b}}", '{"a": {}}'),
        ("{json: {text: a}}", '{"a": {"b": 1}}'),
        ("{json: {text: a}}", "<p>"),
        ("{jsonld: true}", "<p>nothing</p>"),
        ("{jsonld: true}", '<script type="application/ld+json">{"@type": "WebSite", "name": "x"}</script>'),
    ],
)
def test_a_page_with_nothing_of_what_is_wanted_is_another_page(follow: str, body: str) -> None:
    with pytest.raises(ParseError):
        followed(follow).parse_detail(page(body))


def test_what_a_page_gives_is_open_until_it_is_read() -> None:
    def gives(follow: str) -> frozenset[str]:
        detail = followed(follow).detail(ITEM)
        assert detail is not None
        return detail.gives

    assert gives("{html: {text: p, location: b, attributes.x: i}}") == {"text", "location"}
    assert gives("{jsonld: true}") == {"title", "text", "organization", "location", "published_at"}


@pytest.mark.parametrize(
    ("follow", "paths"),
    [
        ("{}", {("follow",)}),
        ("{jsonld: true, html: {text: p}}", {("follow",)}),
        ("{html: {text: 'p[', titel: b}}", {("follow", "html", "text"), ("follow", "html", "titel")}),
        ("{html: {key: p, url: 'a@href'}}", {("follow", "html", "key"), ("follow", "html", "url")}),
        ("{json: {text: 'a['}}", {("follow", "json", "text")}),
        ("{jsonld: true, url: '/x/{key}', zone: Mars}", {("follow", "url"), ("follow", "zone")}),
    ],
)
def test_what_is_wrong_with_follow_is_found_before_it_runs(follow: str, paths: set[tuple[str, ...]]) -> None:
    assert {problem.path for problem in followed(follow).problems()} == paths


@pytest.mark.parametrize(
    "rest",
    [
        "kind: json, url: 'https://example.org/api', fields: {title: t}",
        "kind: feed, url: 'https://example.org/feed'",
        "kind: sitemap, url: 'https://example.org/sitemap.xml'",
        "kind: jsonld, url: 'https://example.org/list', types: [ListItem]",
        "kind: csv, url: 'https://example.org/a.csv', fields: {title: T}",
        LIST,
    ],
)
def test_lists_of_any_kind_may_be_followed(rest: str) -> None:
    adapter = followed("{jsonld: true}", rest)
    assert list(adapter.problems()) == []
    assert adapter.has_details
