import contextlib
import time

import pytest

from scan.errors import ParseError
from scan.model import RawItem
from scan.sources.feed import expat, fallback
from scan.sources.feed.elements import EntryReader, Odd
from scan.sources.feed.names import ROLES
from tests.sources.building import page, source

FEED = source("{kind: feed, url: 'https://example.org/feed'}")


def items(body: bytes | str, **headers: str) -> tuple[RawItem, ...]:
    return FEED.parse(page(body, **headers)).items


def rss(inner: str, attributes: str = "") -> str:
    return f"<rss version='2.0' {attributes}><channel>{inner}</channel></rss>"


def both(body: str) -> list[RawItem]:
    """Read it the fast way, and make sure that feedparser reads the same."""
    fast = [entry.item() for entry in expat.entries(body.encode())]
    assert fast == [entry.item() for entry in fallback.entries(page(body))]
    return fast


ITEM = "<item><guid>https://e.org/1</guid><title>One</title></item>"


@pytest.mark.parametrize("before", ["\n\n", "\ufeff", "\ufeff\n ", " \t\r\n"])
def test_what_stands_before_the_declaration_does_not_matter(before: str) -> None:
    (item,) = items(before + "<?xml version='1.0' encoding='utf-8'?>" + rss(ITEM))
    assert (item.key, item.title, item.url) == ("https://e.org/1", "One", "https://e.org/1")


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "utf-16", "iso-8859-5"])
def test_a_feed_is_read_in_the_character_set_that_it_names(charset: str) -> None:
    body = f"<?xml version='1.0' encoding='{charset}'?>" + rss("<item><title>Привет</title></item>")
    assert [item.title for item in items(body.encode(charset))] == ["Привет"]


@pytest.mark.parametrize("charset", ["gb2312", "euc-jp", "shift_jis", "big5"])
def test_many_byte_character_sets_are_read_too(charset: str) -> None:
    body = f"<?xml version='1.0' encoding='{charset}'?>" + rss("<item><title>日本</title></item>")
    assert [item.title for item in items(body.encode(charset))] == ["日本"]


def test_a_character_set_that_only_the_server_names_is_used() -> None:
    body = rss("<item><title>Привет</title></item>").encode("cp1251")
    assert [item.title for item in items(body, content_type="text/xml; charset=windows-1251")] == ["Привет"]


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "zlib", "nonsense", "utf-7"])
def test_a_character_set_that_is_a_trap_is_ignored(charset: str) -> None:
    body = f"<?xml version='1.0' encoding='{charset}'?>" + rss("<item><title>A\\u0041é</title></item>")
    assert [item.title for item in items(body)] == ["A\\u0041é"]


def test_a_link_is_the_identity_where_there_is_no_id_and_nothing_is_where_there_is_no_link() -> None:
    found = both(rss("<item><title>a</title><link>https://e.org/a</link></item><item><title>b</title></item>"))
    assert [(item.key, item.url) for item in found] == [("https://e.org/a", "https://e.org/a"), (None, None)]


def test_an_id_that_is_no_address_is_no_link() -> None:
    (item,) = both(rss("<item><guid>job-7</guid><title>a</title></item>"))
    assert (item.key, item.url) == ("job-7", None)


def test_the_longest_text_is_the_description() -> None:
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    inner = "<description>short</description><itunes:summary>a longer one</itunes:summary>"
    (item,) = both(rss(f"<item>{inner}<content:encoded>&lt;p&gt;the longest of all</content:encoded></item>", spaces))
    assert item.text == "<p>the longest of all"
    (item,) = both(rss(f"<item>{inner}</item>", spaces))
    assert item.text == "a longer one"


def test_texts_that_were_encoded_twice_are_mended() -> None:
    twice = "Café".encode().decode("latin-1")
    (item,) = both(rss(f"<item><title>{twice}</title><author>\x93x</author></item>"))
    assert (item.title, item.attributes) == ("Café", {"author": "\u201cx"})


@pytest.mark.parametrize(
    "inner",
    [
        "<link href='/x'/><guid>g</guid>",
        "<guid>g</guid><link>http://e.org/?a=1&amp;amp;b;=2</link>",
        "<author>Ann a@e.org</author><author>Bo</author>",
        "<title>a</title><source url='x'>S</source><title>b</title>",
        "<foo><title>deep</title></foo><title>top</title>",
        "<category domain='d'>a</category><category>b</category><category>a</category>",
        "<description>one</description><description>two</description><summary>three</summary>",
        "<pubDate>1</pubDate><foo><pubDate>2</pubDate></foo><pubDate>3</pubDate>",
        "<description xml:base='http://e.org/'>d</description><link>http://e.org/l</link>",
    ],
)
@pytest.mark.parametrize(
    "channel", ["", "<description>d</description>", "<summary>s</summary><description>d</description>"]
)
def test_the_fast_way_follows_feedparser_into_its_corners(inner: str, channel: str) -> None:
    with contextlib.suppress(Odd):
        both(rss(f"{channel}<item>{inner}</item><item>{inner}</item>"))


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE rss>" + rss(ITEM),
        rss(ITEM.replace("One", "One &nbsp;")),
        rss(ITEM.replace("One", "<b>One</b>")),
        rss(ITEM, "xml:base='/x/'"),
        rss(ITEM.replace("<item>", "<item href='/x'>")),
        rss(ITEM.replace("https://e.org/1", "https:///e.org/1")),
        rss(ITEM, "xmlns:dc='http://example.org/not-dc'"),
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div>One</div></title></entry></feed>",
        "<rss><channel><item><title>One</title>",
        "<channel href='http://e.org/'><item><title>One</title></item></channel>",
    ],
)
def test_what_feedparser_reads_in_a_way_of_its_own_is_left_to_it(body: str) -> None:
    with pytest.raises(Odd):
        expat.entries(body.encode())
    (item,) = items(body)
    assert "One" in (item.title or "")


def test_an_empty_feed_is_no_error() -> None:
    assert items(rss("<title>Nothing yet</title>")) == ()
    assert items("<!DOCTYPE rss>" + rss("")) == ()
    assert items('{"version": "https://jsonfeed.org/version/1.1", "items": []}') == ()


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>Feed retired</body></html>",
        "<!DOCTYPE html><html></html>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" ""><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<urlset><url><loc>https://e.org/</loc></url></urlset>",
        '{"items": 3}',
        '{"jobs": []}',
        "[1, 2]",
        "not a feed at all",
    ],
)
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        items(body)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
QUADRATIC = f'<!ENTITY a "{"x" * 50_000}">'


@pytest.mark.parametrize(
    "body",
    [
        f"<!DOCTYPE rss [{LAUGHS}]>" + rss("<item><title>&l9;</title></item>"),
        f"<!DOCTYPE rss [{QUADRATIC}]>" + rss(f"<item><title>{'&a;' * 20_000}</title></item>"),
        f"<!DOCTYPE rss [{QUADRATIC}]>" + f"<item><title>{'&a;' * 20_000}",
    ],
)
@pytest.mark.timeout(10)
def test_an_entity_bomb_is_an_error_or_nothing_much_and_quick(body: str) -> None:
    started = time.process_time()
    found: tuple[RawItem, ...] = ()
    with contextlib.suppress(ParseError):
        found = items(body)
    assert sum(len(item.title or "") for item in found) < 1_000_000
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "body",
    [
        "<rss>" + "\n" * 300_000,
        "<rss>" + "<?xml " * 100_000,
        "<!DOCTYPE rss [" + "\n" * 300_000,
        "<!DOCTYPE rss [" + "\n<!ENTITY a" * 30_000,
    ],
    ids=lambda body: body[:24],
)
@pytest.mark.timeout(10)
def test_nothing_is_looked_for_in_quadratic_time(body: str) -> None:
    with contextlib.suppress(ParseError):
        assert items(body) == ()


@pytest.mark.parametrize(
    "entity", ['SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/x"', 'PUBLIC "a" "file:///etc/hostname"']
)
def test_nothing_outside_is_ever_read(entity: str) -> None:
    body = f"<!DOCTYPE rss [<!ENTITY x {entity}>]>" + rss("<item><title>[&x;]</title></item>")
    (item,) = items(body)
    assert item.title in {"[]", "[&x;]"}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("start", ["<rss>", "<!DOCTYPE rss><rss>", "<rss><br>"])
def test_deep_nesting_is_an_error_and_quick(start: str) -> None:
    with pytest.raises(ParseError, match="nested at most 512 deep"):
        items(start + "<a>" * 100_000)


def test_every_element_that_plays_a_part_has_its_method() -> None:
    assert all(hasattr(EntryReader, f"_{role}") for role in ROLES.values())


@pytest.mark.parametrize("size", [1, 1_000, 70_000, 200_000])
def test_a_feed_is_read_a_piece_at_a_time_wherever_its_entries_are_cut(size: int) -> None:
    entries = (
        f"<item><guid>{n}</guid><title>é{n}</title><description>{n:-^{size}}</description></item>" for n in "abc"
    )
    read = both(rss("<title>Feed</title>" + "".join(entries)))
    assert [(item.key, item.title, len(item.text or "")) for item in read] == [(n, f"é{n}", size) for n in "abc"]


@pytest.mark.long
def test_an_entry_that_would_fill_the_memory_is_left_to_feedparser() -> None:
    for inner in ("<item>{}</item>", "<image>{}</image>"):
        with pytest.raises(Odd, match="thousands"):
            expat.entries(rss(inner.format("<a/>" * 50_000)).encode())
    assert expat.entries(rss("<a/>" * 50_000).encode()) == []
