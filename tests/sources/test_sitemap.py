import gzip
import zlib

import pytest

from scan.errors import ParseError
from scan.sources.sitemap import _title
from tests.sources.building import page, source

SITEMAP = source("{kind: sitemap, url: 'https://example.org/sitemap.xml'}")


def urlset(*addresses: str, more: str = "") -> bytes:
    rows = "".join(f"<url><loc>{address}</loc>{more}</url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def test_a_packed_sitemap_is_unpacked() -> None:
    (item,) = SITEMAP.parse(page(gzip.compress(urlset("https://example.org/a")))).items
    assert item.url == "https://example.org/a"


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_a_packed_sitemap_that_ends_early_is_a_parse_error(cut: int) -> None:
    with pytest.raises(ParseError):
        SITEMAP.parse(page(gzip.compress(urlset("https://example.org/a"))[:cut]))


@pytest.mark.long
def test_a_packed_sitemap_that_grows_too_large_is_a_parse_error() -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packing.compress(b" " * 2**20) for _ in range(60)) + packing.flush()
    with pytest.raises(ParseError, match="at most 52428800 bytes"):
        SITEMAP.parse(page(bomb))


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + urlset("https://example.org/&b;")
    with pytest.raises(ParseError, match="without a document type"):
        SITEMAP.parse(page(bomb))


def test_another_root_is_a_parse_error() -> None:
    with pytest.raises(ParseError, match="<urlset> or <sitemapindex>"):
        SITEMAP.parse(page(b"<rss><url><loc>https://example.org/a</loc></url></rss>"))


def test_another_date_of_change_changes_the_item_unless_told_otherwise() -> None:
    body = urlset("https://example.org/a", more="<lastmod>2026-01-01</lastmod>")
    deaf = source("{kind: sitemap, url: 'https://example.org/sitemap.xml', lastmod: false}")
    assert SITEMAP.parse(page(body)).items[0].attributes == {"lastmod": "2026-01-01"}
    assert deaf.parse(page(body)).items[0].attributes == {}
    assert deaf.parse(page(body)).items[0].updated_at == "2026-01-01"


def test_what_is_not_wanted_is_skipped() -> None:
    jobs = source("{kind: sitemap, url: 'https://example.org/s.xml', include: [/jobs/], exclude: [/jobs/old]}")
    batch = jobs.parse(page(urlset(*(f"https://example.org/{path}" for path in ("jobs/1", "jobs/old/2", "about")))))
    assert ([item.url for item in batch.items], batch.skipped) == (["https://example.org/jobs/1"], 2)


def test_a_pattern_that_does_not_compile_is_a_problem_where_it_stands() -> None:
    broken = source("{kind: sitemap, url: 'https://example.org/s.xml', include: [a, '('], maps: ['(?=a)']}")
    assert [problem.path for problem in broken.problems()] == [("include", 1), ("maps", 0)]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://e.org/jobs/Senior-Engineer/27", "Senior Engineer"),
        ("https://e.org/jobs/27", "jobs 27"),
        ("https://e.org/news/caf%C3%A9_and+bar.html?x=1", "café and bar"),
        ("https://e.org/a/b/3", None),
        ("https://e.org/", None),
        ("https://[broken/job", None),
    ],
)
def test_an_address_gives_the_title(address: str, title: str | None) -> None:
    assert _title(address) == title
