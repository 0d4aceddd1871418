"""What comes with a page, or before one: headers, redirects, packed bodies, robots.txt."""

from datetime import UTC, datetime
from urllib.parse import unquote

from fuzz.pages import URL
from fuzz.properties import assert_one_line
from fuzz.surface import first_line, surface
from scan.errors import FetchError
from scan.fetch.body import BadBody, decode, refuse_encoding
from scan.fetch.head import read_head, write_head
from scan.fetch.redirect import follow
from scan.fetch.remembered import HostMemory, Robots
from scan.fetch.robots import LONGEST_DELAY, Gate, text_of
from scan.fetch.urls import place, wire
from scan.page import Page, Request
from scan.sources.charset import header_charset
from scan.sources.following import linked
from scan.sources.statuses import demand_success

_YEAR = 366 * 86_400
_MAX_BODY = 50_000
_NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@surface(
    'ETag: "a"\r\nLast-Modified: Mon, 23 Nov 2026 08:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n',
    "Retry-After: 120\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\n",
    "Retry-After: Mon, 23 Nov 2026 09:00:00 GMT\r\nDate: Mon, 23 Nov 2026 08:00:00 -0000\r\n",
    'Retry-After: -1\r\nRetry-After: 1e9\r\nLink: <https://example.org/?page=2>; rel="next"\r\n',
    b"X\x00: \xff\r\nNo colon\r\n: empty\r\n",
)
def headers(data: bytes) -> None:
    """Header lines: whatever a server says can be kept, and a validator sent back to it."""
    lines = data.splitlines(keepends=True)
    said = read_head(lines)
    assert len(said) <= len(lines)
    assert all(name == name.lower() and "\n" not in value for name, value in said.items())
    for status in (200, 429, 503):
        page = Page(url=URL, status=status, headers=said)
        wait = page.retry_after
        assert wait is None or 0 <= wait <= _YEAR
        assert page.content_type == page.content_type.strip().lower()
        header_charset(page)
        try:
            demand_success(page)
        except FetchError as error:
            assert_one_line(str(error))
        if "\0" not in "".join(said.values()):
            sent = write_head(Request(url=URL, validators=page.validators))
            assert not any(b"\r" in line or b"\n" in line for line in sent)
    refused = refuse_encoding(said.get("content-encoding", ""))
    assert refused is None or len(refused) < 120
    linked(said.get("link", ""))


@surface(
    b"https://example.org/a\n/b",
    b"http://example.org/\nhttps://example.org/",
    b"https://u:p@example.org/\n//evil.example/\\@x",
    b"http://127.0.0.1/\nhttp://2130706433/",
    b"https://example.org/\nfile:///etc/passwd",
    b"https://example.org/\n\xff\xfe ?#[",
)
def redirects(data: bytes) -> None:
    """Redirects: nowhere but into the web, without a login that a server made up, with no more than it may know."""
    asked, location = first_line(data)
    url = asked.decode("latin-1")
    try:
        origin = place(url)
        if origin.scheme == "file":
            return
    except ValueError:
        return
    first = Request(url=url, headers={"Authorization": "secret"})
    page = Page(url=url, status=302, headers=read_head([b"Location: " + location.replace(b"\n", b" ")]))
    try:
        following = follow(first, first, page)
    except FetchError as error:
        assert "secret" not in str(error)
        return
    if following is None:
        return
    to = place(following.url)
    assert to.scheme in {"http", "https"}
    assert following.url.isascii() or not url.isascii()
    if url.isascii():
        sent = place(wire(following.url))
        assert (sent.scheme, unquote(sent.host), sent.port) == (to.scheme, unquote(to.host), to.port)
    if to.host != origin.host:
        assert following.guarded
        assert not following.headers
        assert "@" not in following.url.split("/")[2]


@surface(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03+\xc9\xc8,\x06\x00\x96\xd5\xb3\xb7\x04\x00\x00\x00", b"plain")
def packed(data: bytes) -> None:
    """Compressed bodies, up to a bound."""
    try:
        body = decode(data, "gzip", _MAX_BODY)
    except BadBody as error:
        assert_one_line(str(error))
        return
    assert len(body) <= _MAX_BODY
    assert decode(data, "gzip", _MAX_BODY) == body


@surface(
    "User-agent: *\nDisallow: /*?page=\nCrawl-delay: 2\n",
    "User-agent: scan\nAllow: /jobs$\nDisallow: /\n",
    b"\xef\xbb\xbf\x00Disallow /\nUser-agent\n:::\nCrawl-delay: nan\n",
    "User-agent: *\nCrawl-delay: -1e999\nRequest-rate: 1/0\n",
)
def robots(data: bytes) -> None:
    """robots.txt."""
    text = text_of(Page(url=URL, body=data))
    assert text is not None
    assert "\0" not in text
    here = place(URL)
    gate: Gate[str] = Gate(HostMemory(wall=lambda: _NOW, recall=lambda _: Robots(text, _NOW)), "scan/1")
    assert gate.knows(here)
    assert 0 <= gate.delay(here) <= LONGEST_DELAY
    for url in (URL, f"{URL}?page=2", "https://example.org/jobs"):
        refused = gate.refuses(here, url)
        assert gate.refuses(here, url) == refused
