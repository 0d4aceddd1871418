"""Pages: what servers answer, read as sources read it, down to the items that would be stored."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import yaml

from fuzz.properties import assert_harmless, assert_item, assert_one_line
from fuzz.surface import first_line, surface
from scan.config.drafts import Drafts
from scan.errors import ConfigError, ListError, ParseError
from scan.fetch.head import write_head
from scan.guess.looking import look
from scan.guess.maps import named_maps
from scan.lists.pages import of_page
from scan.lists.table import MOST_ROWS
from scan.model import RawItem
from scan.normalize import normalize
from scan.page import Page
from scan.probe.attempts import escaped
from scan.sources import KINDS, Collected, Source, walk
from scan.sources.detailing import Details, Wanted
from scan.sources.manual import example
from scan.sources.rows import EXAMPLE_LENGTH
from tests.sources.building import build

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "https://example.org/list"

IN_XML = ("personio", "teamtailor", "sitemap", "jazzhr", "weworkremotely")
IN_HTML = ("html", "jsonld", "icims")
ALONE = ("feed", "ical", "csv", "command")
IN_JSON = tuple(kind for kind in KINDS if kind not in {*IN_XML, *IN_HTML, *ALONE})
"""The others: a new kind is read as JSON until it is said to be something else."""

WITH_DETAILS = ("smartrecruiters", "workday", "bamboohr", "breezy", "rippling", "icims")
FOLLOWING: tuple[dict[str, object], ...] = (
    {
        "html": {
            "text": "div",
            "title": "h1",
            "published_at": "time@datetime",
            "attributes.pay": {"select": "b", "number": True},
        }
    },
    {"json": {"text": "body", "title": "title", "attributes.pay": "pay"}},
    {"jsonld": True},
)

_DRAFTS = Drafts(Path("/nowhere/scan.yaml"), {"HOME": "hunter2"})

_MOST_PAGES = 3

_AMPLIFIED = 64
_ALLOWANCE = 2_000_000
"""Characters of all items together: so many for each byte of a page, and the expansion of a feed's entities."""


@cache
def adapter(kind: str) -> Source:
    """Make the adapter of the manual's example."""
    (entry,) = yaml.safe_load(example(KINDS[kind]))
    return build(entry)


@cache
def moved(kind: str) -> Source:
    """Make the adapter of the manual's example, pointed elsewhere."""
    (entry,) = yaml.safe_load(example(KINDS[kind]))
    return build(entry | {"url": URL + ("?page={page}" if "pages" in entry else "?offset=0")})


@cache
def follower(number: int) -> Source:
    """Make an adapter that follows its items' addresses."""
    return build({"kind": "feed", "url": URL, "follow": FOLLOWING[number]})


def assert_read(source: Source, body: bytes) -> None:
    """Read a page, twice alike, and lead the conversation that it begins."""
    page = Page(url=URL, body=body)
    try:
        batch = source.parse(page)
    except ParseError as error:
        assert_one_line(str(error))
        return
    assert source.parse(page) == batch
    assert len(batch.items) + len(batch.rejected) + batch.skipped <= len(body) + 1
    assert sum(map(_size, batch.items)) <= _AMPLIFIED * len(body) + _ALLOWANCE
    for row in batch.rejected:
        assert len(row.example) <= EXAMPLE_LENGTH
        assert_one_line(row.example)
        assert_one_line(row.reason)
    for one in (source, moved(source.kind), follower(0)):
        assert_led(one, page)


def assert_led(source: Source, page: Page) -> None:
    """Lead a conversation with a server that gives one page for every question, and take in what comes of it."""

    def choose(items: Sequence[RawItem]) -> Sequence[Wanted]:
        found = ((item, source.detail(item)) for item in items)
        return [Wanted(key=str(item.key), detail=detail) for item, detail in found if detail is not None]

    details = Details(choose=choose, most=_MOST_PAGES, go_on=lambda: True)
    talk = walk(source, headers={"X-Secret": "x"}, max_pages=_MOST_PAGES, details=details)
    asked, first = next(talk), source.start()
    result: Collected | None = None
    for _ in range(2 * _MOST_PAGES):
        assert write_head(asked)
        assert "X-Secret" not in asked.headers or _site(asked.url) == _site(first.url)
        try:
            asked = talk.send(msgspec.structs.replace(page, url=asked.url, memo=asked.memo))
        except StopIteration as end:
            result = end.value
            break
    assert result is not None, "it has no end"
    if result.error is not None:
        assert_one_line(str(result.error))
        assert f"{source.kind} failed with" not in str(result.error), result.error.__cause__
    for told in result.details or ():
        assert f"{source.kind} failed with" not in str(told.error), told.error and told.error.__cause__
    assert_taken_in(result.items)


def _site(url: str) -> str:
    return url.split("/")[2].lower()


def assert_taken_in(items: Sequence[RawItem]) -> None:
    """Clean the items, warnings included."""
    warned: list[str] = []
    for raw in items:
        assert_item(normalize(raw, source="s", kind="item", base=URL, organization=None, now=NOW, warn=warned.append))
    for line in warned:
        assert_one_line(line)


def _size(item: RawItem) -> int:
    return sum(len(text) for text in (item.title, item.text, item.url, item.organization) if text)


def chosen(data: bytes, kinds: Sequence[str]) -> tuple[str, bytes]:
    """Let an input's first byte choose one of several kinds."""
    return kinds[data[0] % len(kinds)], data[1:]


def marked(kinds: Sequence[str]) -> dict[str, bytes]:
    """Give the byte that chooses each kind."""
    return {kind: bytes([number]) for number, kind in enumerate(kinds)}


_RSS = "<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item></channel></rss>"
_ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title type='html'>&lt;b&gt;x</title></entry></feed>"
)


@surface(
    _RSS,
    _ATOM,
    "<rss><channel><item><title>x</title><link>http://[</link></item></channel></rss>",
    "<rss><channel><item><title>x</title><link>//[</link></item></channel></rss>",
    "<!DOCTYPE r [<!ENTITY a 'x'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
    '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "title": "One"}]}',
    recorded=dict.fromkeys(("rss", "atom", "rdf", "jsonfeed", "feedparser-tests/tests"), b""),
    fixtures={"feed": b""},
)
def feed(data: bytes) -> None:
    """Feeds, by whichever of the two readers."""
    assert_read(adapter("feed"), data)


@surface(recorded=marked(IN_JSON), fixtures=marked(IN_JSON))
def boards_in_json(data: bytes) -> None:
    """Every kind that reads JSON."""
    if data:
        kind, body = chosen(data, IN_JSON)
        assert_read(adapter(kind), body)


@surface(recorded=marked(IN_XML), fixtures=marked(IN_XML))
def boards_in_xml(data: bytes) -> None:
    """Every kind that reads XML."""
    if data:
        kind, body = chosen(data, IN_XML)
        assert_read(adapter(kind), body)


@surface(
    b"\x00<table class=meetings><tr><td class=title>One<td><a href=a.pdf>x</a></table>",
    b'\x01<script type="application/ld+json">{"@type": "Event", "name": "One"}</script>',
    b'\x01<script type="application/ld+json">{"@graph": [{"@type": "JobPosting", "title": "x",}]};</script>',
    recorded={**marked(IN_HTML), "municipal": b"\x00", "other_ats": b"\x00"},
    fixtures=marked(IN_HTML),
)
def web_pages(data: bytes) -> None:
    """Every kind that reads web pages."""
    if data:
        kind, body = chosen(data, IN_HTML)
        assert_read(adapter(kind), body)


@surface(
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:One\r\nDTSTART;TZID=Europe/Berlin:20261123T080000\r\n"
    "RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    recorded={"ical": b""},
    fixtures={"ical": b""},
)
def calendars(data: bytes) -> None:
    """Calendars, iCalendar."""
    assert_read(adapter("ical"), data)


@surface(
    "Grant No,Title,Link,Awarded,Amount\n1,One,,,\n",
    "name;url\n\xa0a;'=1\n",
    recorded={"municipal": b""},
    fixtures={"csv": b""},
)
def tables(data: bytes) -> None:
    """Tables, as a source of items and as a list of sources."""
    assert_read(adapter("csv"), data)
    try:
        table = of_page(Page(url=URL, body=data))
    except ListError as error:
        assert_one_line(str(error))
        return
    assert len(table.rows) <= MOST_ROWS
    assert all(len(cells) == len(table.headings) for _, cells in table.rows)
    assert all(table.columns[name] < len(table.headings) for name in table.columns)


@surface('{"serial": "1", "model": "One"}\nnothing\n', "[]", fixtures={"command": b""})
def programs(data: bytes) -> None:
    """What programs print."""
    assert_read(adapter("command"), data)


@surface(
    *(bytes([number]) + b"<h1>x</h1><div>y</div>" for number in range(len(WITH_DETAILS) + len(FOLLOWING))),
    *(bytes([number]) + b'{"body": "x", "jobAd": {"sections": {}}}' for number in range(len(WITH_DETAILS) + 2)),
    fixtures={f"{kind}/details": mark for kind, mark in marked(WITH_DETAILS).items()},
)
def pages_of_items(data: bytes) -> None:
    """The pages of single items, of kinds that know them and by `follow:`."""
    if not data:
        return
    number = data[0] % (len(WITH_DETAILS) + len(FOLLOWING))
    beyond = number - len(WITH_DETAILS)
    source = adapter(WITH_DETAILS[number]) if beyond < 0 else follower(beyond)
    page = Page(url=URL, body=data[1:])
    try:
        item = source.parse_detail(page)
    except ParseError as error:
        assert_one_line(str(error))
        return
    assert source.parse_detail(page) == item
    assert_taken_in([item])


@surface(
    "<html><ul><li><a href=/a>One</a></li><li><a href=/b>Two</a></li><li><a href=/c>Three</a></li></ul>",
    '{"jobs": [{"id": 1, "title": "One", "url": "/1"}, {"id": 2, "title": "Two", "url": "/2"}]}',
    "<urlset><url><loc>https://example.org/jobs/1</loc></url></urlset>",
    "User-agent: *\nSitemap: https://example.org/map.xml\nSitemap: http://[\n",
    "<urlset><url><loc>http://[/jobs/</loc></url><url><loc>https://example.org/jobs/2</loc></url></urlset>",
    "<ul><li><a href='http://['>One</a><li><a href=/2>Two</a><li><a href='//[/?page=2'>Three</a><li><a rel=next href='http://['>x</a></ul>",
    "<body><ul><li><td<p class=x>One</td<p><a href=/1>1</a></li><li><td<p class=x>Two</td<p><a href=/2>2</a></li>"
    "<li><td<p class=x>Three</td<p><a href=/3>3</a></li></ul>",
    "<li><td<p class=x>One</td<p><a href=/ne</td<p><a href=/2>1</a></li><li><td<p class=x>Two</td<p>"
    "<a href=/4>2</a></li><li><td<p class=ree>xTh</td p><a href=/3>/ul>",
    "title,link\nOne,https://example.org/1\n",
    _RSS,
    recorded=dict.fromkeys(("html", "municipal", "generic_json", "other_ats", "sitemap", "jsonld"), b""),
    fixtures={"html": b"", "json": b"", "sitemap": b""},
)
def probed_pages(data: bytes) -> None:
    """What `scan probe` guesses from a page; a guess is an entry of the config, so it must be one."""
    page = Page(url=URL, body=data)
    found = look(page, URL, KINDS, NOW)
    assert look(page, URL, KINDS, NOW) == found
    assert_one_line(found.what)
    for guess in found.guesses:
        for one in (guess, *guess.otherwise):
            with suppress(ConfigError):
                draft = _DRAFTS.read({"name": "x", "kind": one.kind, **escaped(one.keys, URL)})
                assert "hunter2" not in repr(draft.entry)
                assert list(draft.entry.source.problems()) == []
    for lead in (*found.leads, *named_maps(msgspec.structs.replace(page, url="https://example.org/robots.txt"))):
        assert_harmless(lead.because)


@surface(
    "utf-8\nx", "windows-1251\n\xcf\xf0", b"shift_jis\n\x82\xa0", b"\n\xff\xfex\x00", "x\n<meta charset=utf-7>+ADw-"
)
def charsets(data: bytes) -> None:
    """Character sets, named by the server, the page or a mark."""
    from scan.sources.charset import codec, decode

    name, body = first_line(data)
    content_type = f"text/html; charset={name.decode('latin-1')}"
    page = Page(url=URL, body=body, headers={"content-type": content_type})
    text = decode(page)
    assert decode(page) == text
    assert len(text) <= len(body)
    text.encode()
    found = codec(name.decode("latin-1"))
    assert found is None or codec(found) is not None
