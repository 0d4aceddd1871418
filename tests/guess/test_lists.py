"""Web pages that list things: which of their parts are the items, and what is what in them."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from scan.guess.lists import guess_lists
from scan.model import RawItem, RawTime
from scan.page import Page
from scan.sources.document import document
from scan.sources.following import Pages
from scan.sources.html import Html
from scan.sources.picks import Pick
from tests.guess.pages import BODIES, JOBS, each, page

NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://example.org/dir/page"


def best(markup: str, url: str = URL) -> dict[str, Any]:
    """Give the keys of the best guess, its paged form where there is one."""
    answer = Page(url=url, body=markup.encode())
    guesses = guess_lists(answer, document(answer), url, NOW)
    return dict(guesses[0].keys) if guesses else {}


def items(markup: str, url: str = URL) -> tuple[RawItem, ...]:
    """Read a page with the best guess for it."""
    keys = best(markup, url)
    fields = {name: Pick(**one) if isinstance(one, dict) else one for name, one in keys["fields"].items()}
    pages = {"pages": Pages(**keys["pages"])} if "pages" in keys else {}
    source = Html(**{**keys, "fields": fields, **pages})
    assert list(source.problems()) == []
    return source.parse(Page(url=url, body=markup.encode())).items


FOUND: dict[str, dict[str, object]] = {
    "cards": {
        "items": "div.card",
        "title": "h5.card-title",
        "url": "a.btn@href",
        "text": "p.card-text",
        "attributes.price": {"select": "p.price", "number": True},
    },
    "a blog": {
        "items": "article.post",
        "title": "h2.entry-title",
        "url": "h2.entry-title a@href",
        "published_at": "time.entry-date@datetime",
        "text": "div.entry-summary p",
        "pages": {"next": "a.next"},
    },
    "a table": {
        "items": "tbody > tr",
        "title": "td:nth-child(2)",
        "url": "td a@href",
        "published_at": "td:nth-child(1)",
        "location": "td:nth-child(3)",
    },
    "rows that are numbered by their classes": {
        "items": "div.views-row",
        "title": "div.views-field-title",
        "url": "span.field-content a@href",
        "published_at": {"select": "div.views-field-created", "date": "%d/%m/%Y"},
        "pages": {"next": "li.pager-next a"},
    },
    "two rows an item": {
        "items": "tr.athing",
        "title": "span.titleline a",
        "url": "span.titleline a@href",
        "pages": {"next": "a[rel~=next]"},
    },
    "sections": {
        "items": "li.event",
        "title": "a",
        "url": "a@href",
        "published_at": "span.date",
        "location": "span.venue",
    },
    "a longer list of what is only related": {
        "items": "div.results > div.result",
        "title": "h2",
        "url": "h2 a@href",
        "organization": "p.company",
        "location": "p.location",
    },
    "names that a build made": {"items": 'a[href^="/o/"]', "title": ".", "url": "@href"},
    "names of styles only": {
        "items": 'a[href^="/careers/"]',
        "title": "h3",
        "url": "@href",
        "location": "i.fa-map-marker-alt + span",
    },
    "names for programs": {
        "items": 'div[data-testid="job-tile"]',
        "title": '[itemprop="title"]',
        "url": "a@href",
        "location": '[itemprop="jobLocation"]',
    },
    "a plain list": {"items": "main li", "title": "a", "url": "a@href"},
    "things without links": {
        "items": "tbody > tr:has(td)",
        "title": "td:nth-child(1)",
        "attributes.beds": {"select": "td:nth-child(2)", "number": True},
        "attributes.rent": {"select": "td:nth-child(3)", "number": True},
    },
}


@pytest.mark.parametrize("name", BODIES)
def test_the_items_of_a_page_are_found_and_what_is_what_in_them(name: str) -> None:
    keys = best(page(BODIES[name]))
    found = {"items": keys["items"], **keys["fields"], **({"pages": keys["pages"]} if "pages" in keys else {})}
    assert found == FOUND[name]


@pytest.mark.parametrize(
    ("name", "count", "title", "url"),
    [
        ("cards", 8, JOBS[0], "/flats/0/details"),
        ("a blog", 8, JOBS[0], "https://example.org/2026/11/10/story-0/"),
        ("a table", 8, JOBS[0], "/files/agenda-0.pdf"),
        ("rows that are numbered by their classes", 8, JOBS[0], "/node/510"),
        ("two rows an item", 8, JOBS[0], "https://site0.example/0"),
        ("sections", 6, JOBS[0], "/events/October-0"),
        ("a longer list of what is only related", 4, JOBS[0], "/job/0"),
        ("names that a build made", 8, JOBS[0], "/o/job-0"),
        ("names of styles only", 8, JOBS[0], "/careers/3010"),
        ("a plain list", 8, f"Minutes: {JOBS[0]}", "/files/2026-10.pdf"),
        ("things without links", 8, "#110", None),
    ],
)
def test_the_entry_reads_all_items_and_nothing_else(name: str, count: int, title: str, url: str | None) -> None:
    found = items(page(BODIES[name]))
    assert (len(found), found[0].title, found[0].url) == (count, title, url)
    assert len({item.title for item in found}) >= 3


def test_a_date_that_only_its_form_makes_readable_gets_it() -> None:
    first = items(page(BODIES["rows that are numbered by their classes"]))[0]
    assert first.published_at == RawTime(value="10/11/2026", format="%d/%m/%Y")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<h1>About us</h1>" + "<p>We make tools for gardeners, and have done so since 1920, in the old mill.</p>" * 3,
        "".join(f"<div class=part><h3>Part {n}</h3><p>What part {n} says of itself.</p></div>" for n in range(4)),
        "<table></table><ul></ul><div></div>",
    ],
)
def test_a_page_without_a_list_gives_nothing_that_would_be_believed(body: str) -> None:
    answer = Page(url=URL, body=page(body).encode())
    assert all(guess.belief < 0.35 for guess in guess_lists(answer, document(answer), URL, NOW))


def test_a_link_to_share_the_page_is_no_next_page() -> None:
    body = BODIES["a plain list"]
    for link in ("https://social.example/share?next", "#", "javascript:void(0)", URL, "mailto:a@example.org"):
        assert "pages" not in best(page(f'{body}<a class="next" href="{link}">Next</a>')), link
    assert best(page(f'{body}<a href="?p=2">Weiter</a>'))["pages"] == {"next": 'a:lexbor-contains("Weiter" i)'}


def test_a_large_page_is_looked_at_in_bounded_time_and_an_odd_one_without_an_error() -> None:
    rows = each("<li><a href='/x/{n}'>{title} {n}</a></li>", [f"Number {n}" for n in range(3000)])
    assert best(page(f"<ul>{rows}</ul>"))["items"] == "main li"
    for odd in ("<", "<p", "<a href='http://[::1'>x</a>" * 3, "<div class='a\x00b \ufffd'>x</div>" * 3, "<tr>" * 100):
        best(odd)


def test_guesses_are_values() -> None:
    answer = Page(url=URL, body=page(BODIES["a blog"]).encode())
    (first, *_), (again, *_) = (guess_lists(answer, document(answer), URL, NOW) for _ in range(2))
    assert first == again == dataclasses.replace(first)
    assert "pages" not in first.otherwise[0].keys
