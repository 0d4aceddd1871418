"""Texts within pages: titles, descriptions, addresses, times, numbers."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from fuzz.pages import NOW
from fuzz.properties import assert_harmless, assert_line, is_harmless
from fuzz.surface import first_line, surface, text_of
from scan.channels.clean import one_line as told_line
from scan.channels.clean import web_link
from scan.fetch.addresses import is_private
from scan.fetch.urls import place, root, wire, without_login
from scan.guess.named import by_address
from scan.match.excerpt import excerpt
from scan.match.fold import fold as matched_fold
from scan.match.fold import fold_word, places
from scan.match.fold import plain as matched_plain
from scan.match.mark import mark
from scan.model import RawTime
from scan.normalize import fold
from scan.normalize.characters import cut
from scan.normalize.dates import parse_time
from scan.normalize.text import MAX_LINE, MAX_TEXT, one_line, plain
from scan.normalize.urls import MAX_URL, absolute, canonical, last_part
from scan.sources import KINDS
from scan.sources.addresses import URL
from scan.sources.cells import plain_number
from scan.sources.document import absolute as joined
from scan.sources.document import host_of
from scan.sources.jobs import interval, workplace
from scan.sources.jobs import place as placed
from scan.sources.nesting import excess
from scan.sources.numbers import currency_in, largest_in, number_in
from scan.sources.paging import number_in as parameter_in
from scan.sources.paging import raised
from scan.sources.zones import utc_text, zone_of

_LONGEST_AGO = timedelta(days=366 * 9999)


@surface(
    "Senior  Engineer <b>",
    "R&amp;amp;D &lt;b&gt; &#60;i&#62;",
    "e\u0301\u202e\x1b[31m\ud800\u2028x",
    "C++ <T> & <script>",
    "x" * 268 + "\u0301" + "\ufffd" * 30 + "xx",
)
def titles(data: bytes) -> None:
    """Titles, names and places: one line; folded for comparing; cut."""
    text = text_of(data)
    line = one_line(text)
    assert_line(line, MAX_LINE)
    assert one_line(line) == line
    told = told_line(text)
    assert_line(told, 300)
    assert told_line(told) == told
    assert fold(fold(text)) == fold(text)
    assert len(cut(line, 10)) <= 10
    assert not {"<script>", "<b>"} & set(line.split())
    assert workplace(text) in {None, "remote", "hybrid", "onsite"}
    interval(text)
    assert placed(text, None, text) is None or placed(text)


@surface(
    "<p>One<br>Two</p>",
    "<div hidden>a<div>b</div></div><script>x</script>c",
    "&lt;p&gt;R&amp;amp;D&lt;/p&gt;",
    "<![CDATA[<p>x</p>]]><!-- <p> --><p style='display:none'>y",
    "<a title='>' \x00>\ud800&#55296;&nbsp;",
)
def descriptions(data: bytes) -> None:
    """HTML to text."""
    text = text_of(data)
    for markup in ("plain", "html", "escaped"):
        lines = plain(text, markup)
        assert_harmless(lines)
        assert len(lines.encode()) <= MAX_TEXT
        assert plain(lines, "plain") == lines
        assert all(line == " ".join(line.split()) != "" for line in lines.split("\n") if lines)


@surface(
    "<div>" * 4 + "<p a=1 b='>' c>x</p><!-- --><svg><a/></svg><script></scrip></script>",
    "<?xml version='1.0'?><a><![CDATA[<b>]]></a>",
    "<select><option><option></select><textarea></textarea>",
)
def nesting(data: bytes) -> None:
    """The look at markup before a parser sees it, which must not take it for less than it is."""
    from selectolax.lexbor import LexborHTMLParser

    text = data.decode("utf-8", "replace")
    excess(text, xml=True)
    if excess(text) is None and len(text) < 5_000:
        node, depth = LexborHTMLParser(text.encode()).root, 0
        deepest = max((_depth(one) for one in node.css("*")), default=0) if node is not None else 0
        assert deepest <= 2 * 512 + depth


def _depth(node: object) -> int:
    depth = 0
    while (node := getattr(node, "parent", None)) is not None:
        depth += 1
    return depth


@surface(
    "/jobs/1?utm_source=x&id=%7e#a\nhttps://example.org/base/",
    "HTTPS://ÜBER.example:443/a/../b;jsessionid=1?&&q=ü\n",
    "//user:pw@[::1]:8080/\\evil\nhttp://127.1/",
    "javascript:alert(1)\n",
    "http://пример.рф:8080/ä\n",
    "https://boards.greenhouse.io/acme/jobs/1?gh_jid=1\n",
    "http://xn--nxasmq6b.example/?page=2#:~:text=x\n",
    "https://e.org/\u1cff\n",
    "https://e.org/" + "a" * 3984 + "%t\n",
    "http://a[::1]:@[8\n",
    "https://ü[::]b\n",
    "http:////a@b\n",
)
def addresses(data: bytes) -> None:
    """Addresses: made absolute and canonical, sent, shown, recognized as somebody's board."""
    first, rest = first_line(data)
    url, base = text_of(first), text_of(rest)
    clicked = absolute(url, base)
    if clicked is not None:
        assert_line(clicked, MAX_URL)
        assert clicked.isascii()
        assert clicked.startswith(("http://", "https://"))
        assert "@" not in urlsplit(clicked).netloc
        assert absolute(clicked) == clicked
        assert absolute(clicked, base) == clicked
        assert wire(clicked) == clicked
        assert root(place(clicked)).isascii()
        last_part(clicked)
    identity = canonical(url, base)
    assert (identity is None) == (clicked is None)
    assert identity is None or len(identity) > MAX_URL or canonical(identity) == identity  # a lone % becomes three
    for text in (url, base):
        _sent(text)
    link = web_link(url)
    assert link is None or (link == url and is_harmless(link) and " " not in link)
    joined(url, base)
    assert host_of(url) == host_of(url).lower()
    parameter_in(url, "page")
    after = raised(url, "page", 1)
    assert after is None or (parameter_in(after, "page") or 0) >= 1
    _recognized(url)


def _sent(url: str) -> None:
    """See that what is sent is ASCII, and leads where we think that it does."""
    try:
        to = place(url)
        sent = wire(url)
    except ValueError:
        return
    assert not {"\r", "\n"} & set(to.host)
    assert sent == url or sent.isascii()
    assert "@" not in urlsplit(without_login(url)).netloc
    if sent.isascii():
        assert place(sent).scheme == to.scheme
        assert place(sent).port == to.port
    is_private(to.host)


def _recognized(url: str) -> None:
    read = URL.read(url)
    assert read is None or (read.host and "@" not in read.origin)
    for known in by_address(url, KINDS):
        assert known.source.kind in KINDS
        assert list(known.source.problems()) == [] or known.source.kind == "socrata"


@surface(
    "2026-11-23T08:00:00Z\n",
    "Mon, 23 Nov 2026 08:00:00 +0100\n",
    "Posted 30+ Days Ago\n",
    "23.11.2026\n%d.%m.%Y\nEurope/Berlin",
    "1764000000000\n",
    "Nov 23rd, 2026 8 p.m. PST\n",
    "20261123T080000\n%Y%m%dT%H%M%S\nAmerica/Chicago",
    "9999-12-31T23:59:59-12:00\n",
)
def times(data: bytes) -> None:
    """Dates and times, as sources write them, with and without a format and a zone."""
    value, rest = first_line(data)
    form, zone = first_line(rest)
    texts = text_of(value)
    for written in (texts, RawTime(value=texts, format=text_of(form) or None, zone=text_of(zone) or None)):
        reading = parse_time(written, now=NOW)
        assert parse_time(written, now=NOW) == reading
        assert reading.at is None or (reading.at.tzinfo is UTC and reading.readable)
        if reading.at is not None:
            again = parse_time(reading.at.isoformat(), now=NOW)
            assert again.at == reading.at
            assert -_LONGEST_AGO < reading.at - NOW < timedelta(days=3700)
    for number in (len(texts) * 10.0**10, float(len(value)) ** 9):
        parse_time(number, now=NOW)
    found = zone_of(text_of(zone))
    assert found is None or utc_text(datetime(2026, 1, 1, tzinfo=found)).endswith("Z")


@surface("$ 1,234.50", "1.234,50 EUR", "90k - 120K zł", "1 to 20 of 1,234", "\u22125 ₹", "9" * 40)
def numbers(data: bytes) -> None:
    """Numbers and amounts of money."""
    text = text_of(data)
    number = number_in(text)
    assert number is None or abs(number) < 1e34
    largest = largest_in(text)
    assert largest is None or abs(largest) < 1e34
    currency = currency_in(text)
    assert currency is None or (len(currency) == 3 and currency.isupper())
    plain_number(text)


@surface(
    "python\nSenior Python Engineer (m/w/d)",
    "straße\nSTRASSE İstanbul ﬁn",
    "re:e+\nEngineer\ud800",
    "re:(\nx",
    "c++\nC++ and C#",
)
def excerpts(data: bytes) -> None:
    """The words of a search in a text: folded, found, shown."""
    first, rest = first_line(data)
    term, text = text_of(first), text_of(rest)
    readable = matched_plain(text)
    folded = matched_fold(readable)
    assert matched_fold(folded) == folded
    assert len(places(readable)) >= len(matched_fold(readable))
    fold_word(term)
    found = mark(term, text)
    if found is not None:
        assert "".join(found) == readable
        start, end = len(found.before), len(found.before) + len(found.hit)
        assert len(excerpt(readable, start, end)) <= 3 * 60
