"""Tables, sitemaps, robots.txt, feeds, calendars: known by what they hold."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from scan.guess.dates import date_format
from scan.guess.looking import Look, look
from scan.page import Page

NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://example.org/x"


def seen(body: str | bytes, url: str = URL) -> Look:
    return look(Page(url=url, body=body.encode() if isinstance(body, str) else body), url, {}, NOW)


def keys(body: str | bytes, url: str = URL) -> dict[str, Any]:
    (guess,) = seen(body, url).guesses
    return {"kind": guess.kind, **{name: value for name, value in guess.keys.items() if name != "url"}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Grant No,Title,Link,Awarded\nG-1,Café,https://x.example/1,2026-11-02\nG-2,Garden,https://x.example/2,2026-11-03\n",
            {"key": "Grant No", "title": "Title", "url": "Link", "published_at": "Awarded"},
        ),
        (
            "Grants;;;\nof 2026;;;\n\nNr;Titel;Datum;Ort\n1;Ein Garten;24.11.2026;Berlin\n2;Ein Haus;23.11.2026;Ulm\n",
            {"key": "Nr", "title": "Titel", "published_at": "Datum", "location": "Ort"},
        ),
        ("id\tname\n1\tA garden by the park\n2\tA house\n", {"key": "id", "title": "name"}),
    ],
)
def test_a_table_is_read_by_its_headings(body: str, expected: dict[str, str]) -> None:
    found = keys(body)
    assert (found["kind"], found["fields"]) == ("csv", expected)
    assert found.get("date") == ("%d.%m.%Y" if "Datum" in body else None)


@pytest.mark.parametrize(
    "body", ["one, two\n", "Dear all,\n\nhow are you, and you?\n", "1,2\n3,4\n", "a,a\n1,2\n", "\x00\x01"]
)
def test_a_text_is_no_table(body: str) -> None:
    assert seen(body).guesses == ()


def urls(*paths: str, tag: str = "url", root: str = "urlset") -> str:
    inner = "".join(f"<{tag}><loc>https://example.org{path}</loc></{tag}>" for path in paths)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (urls("/", "/about", "/jobs/1", "/jobs/2", "/team/ann"), {"include": ["/jobs/."]}),
        (urls("/careers/", "/careers/JobDetail/a/1", "/careers/JobDetail/b/2"), {"include": ["/JobDetail/."]}),
        (urls("/a", "/b"), {}),
        (urls("/shop/a", "/shop/b", "/shop/c", "/about"), {"include": ["/shop/."]}),
        (urls("/sitemap-jobs.xml", "/sitemap-pages.xml", tag="sitemap", root="sitemapindex"), {"maps": ["jobs"]}),
        (urls("/sitemap-1.xml", "/sitemap-2.xml", tag="sitemap", root="sitemapindex"), {}),
        (gzip.compress(urls("/events/1", "/about").encode()), {"include": ["/events/."]}),
    ],
)
def test_of_a_sitemap_the_addresses_that_look_like_items_are_taken(body: str | bytes, more: dict[str, Any]) -> None:
    assert keys(body) == {"kind": "sitemap", **more}


def test_a_robots_txt_leads_to_the_sitemaps_that_it_names() -> None:
    text = "User-agent: *\nDisallow: /x\nSitemap: https://example.org/a.xml\nsitemap:/b.xml\n# Sitemap: /c.xml\n"
    found = seen(text, "https://example.org/robots.txt")
    assert [lead.url for lead in found.leads] == ["https://example.org/a.xml", "https://example.org/b.xml"]


@pytest.mark.timeout(10)
def test_a_robots_txt_of_empty_lines_is_looked_through_in_linear_time() -> None:
    assert seen("\n" * 1_000_000, "https://example.org/robots.txt").leads == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<rss version='2.0'><channel/></rss>", "feed"),
        ("\ufeff \n<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<rdf:RDF xmlns='x'/>", "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        ("<rss><channel><item><description>&lt;html></description></item></channel></rss>", "feed"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR", "ical"),
    ],
)
def test_a_feed_and_a_calendar_are_known_by_how_they_begin(body: str, kind: str) -> None:
    assert keys(body)["kind"] == kind


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "{",
        "[1",
        "<",
        "<?xml version='1.0'?><jobs/>",
        "\x1f\x8b\x08",
        "<urlset",
        b"\xff\xfe\x00",
        "<html>",
        "[]",
        "null",
    ],
)
def test_what_is_none_of_these_gives_nothing_and_no_error(body: str | bytes) -> None:
    assert seen(body).guesses == ()


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["24.11.2026", "1.2.2026"], "%d.%m.%Y"),
        (["11/24/2026", "11/02/2026"], "%m/%d/%Y"),
        (["24/11/2026", "02/11/2026"], "%d/%m/%Y"),
        (["02/11/2026", "03/11/2026"], None),  # of February, or of November
        (["24.11.2026", "soon"], None),
        (["1.2.3"], None),
        ([], None),
    ],
)
def test_a_form_of_dates_is_found_only_where_there_is_one(texts: list[str], form: str | None) -> None:
    assert date_format(texts, NOW) == form
