"""What a web page names: the service it is made with, feeds, calendars, what it says of itself."""

from datetime import UTC, datetime
from typing import Self

import pytest

from scan.guess.looking import Look, look
from scan.guess.named import by_address
from scan.page import Page
from scan.sources import KINDS, Source
from scan.sources.addresses import URL
from scan.sources.marks import Marks

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def seen(markup: str, url: str = "https://www.acme.example/careers") -> Look:
    page = Page(url=url, body=f"<!doctype html><html><body>{markup}</body></html>".encode())
    return look(page, url, KINDS, NOW)


def known(markup: str) -> list[tuple[str, str]]:
    return [(one.source.kind, one.because) for one in seen(markup).known]


EMBEDS, LINKS, MADE = "what the page embeds", "where the page links to", "what the page is made of"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>', [("greenhouse", EMBEDS)]),
        ('<iframe src="//acme.applytojob.com/apply"></iframe>', [("jazzhr", EMBEDS)]),
        ('<script>fetch("https:\\/\\/api.ashbyhq.com\\/posting-api\\/job-board\\/acme")</script>', [("ashby", EMBEDS)]),
        ("<script>whr(document).ready(function(){whr_embed(4711, {})})</script>", [("workable", MADE)]),
        (
            '<a href="https://jobs.lever.co/acme/1">a</a><a href="https://jobs.lever.co/acme/2">b</a>',
            [("lever", LINKS)],
        ),
        # links to several boards, to a site as a whole, to the service itself
        ('<a href="https://jobs.lever.co/acme">A</a><a href="https://jobs.lever.co/other">B</a>', []),
        ('<a href="https://remoteok.com/">jobs</a><a href="https://www.teamtailor.com/?utm=poweredby">by</a>', []),
        ("<p>We use Greenhouse, and our name there is acme.</p>", []),
        ('<a href="http://[::1">x</a><script>"https://"</script><iframe></iframe>', []),
    ],
)
def test_a_service_is_known_by_what_a_page_loads_or_links_to(markup: str, expected: list[tuple[str, str]]) -> None:
    assert known(markup) == expected


def guesses(markup: str) -> list[tuple[str, object]]:
    return [(one.kind, one.keys.get("types", one.keys["url"])) for one in seen(markup).guesses if one.kind != "html"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<link rel="alternate" type="application/atom+xml" href="/feed">',
            [("feed", "https://www.acme.example/feed")],
        ),
        (
            '<link rel=alternate type="application/feed+json" href="f.json">',
            [("feed", "https://www.acme.example/f.json")],
        ),
        ('<a href="https://acme.example/news/rss.xml">RSS</a>', [("feed", "https://acme.example/news/rss.xml")]),
        ('<link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/c">', []),
        ('<link rel="alternate" hreflang="de" href="/de">', []),
        ('<a href="webcal://acme.example/all.ics">Subscribe</a>', [("ical", "https://acme.example/all.ics")]),
    ],
)
def test_feeds_and_calendars_are_found_where_the_page_names_them(markup: str, expected: list[tuple[str, str]]) -> None:
    assert guesses(markup) == expected


def test_what_a_page_says_of_itself_is_told_apart_by_type() -> None:
    job = '{"@type": "JobPosting", "title": "Porter"}'
    event = '{"@type": "MusicEvent", "name": "Concert"}'
    both = seen(f'<script type="application/ld+json">[{job}, {job}, {event}]</script>').guesses
    assert [(one.keys["types"], one.belief > 0.8) for one in both if one.kind == "jsonld"] == [
        (["JobPosting"], True),
        (["Event"], False),
    ]
    (one,) = seen(f'<script type="application/ld+json">{job}</script>').guesses
    assert one.keys == {"url": "https://www.acme.example/careers"}
    assert seen('<script type="application/ld+json">{"@type": "Person"}</script>').guesses == ()


class Faulty(Source, kind="faulty", item_kind="item", complete=True):
    board: str

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        raise RuntimeError(url.host)

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        raise RuntimeError(url.host, marks)


def test_a_kind_that_fails_at_it_recognizes_nothing_and_costs_the_others_nothing() -> None:
    kinds: dict[str, type[Source]] = {"faulty": Faulty, "lever": KINDS["lever"]}
    url = "https://jobs.lever.co/acme"
    assert [one.source.kind for one in by_address(url, kinds)] == ["lever"]
    page = Page(url="https://acme.example/", body=f"<iframe src='{url}'></iframe>".encode())
    assert [one.source.kind for one in look(page, page.url, kinds, NOW).known] == ["lever"]
