import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.page import Page
from scan.sources.charset import codec, decode


def text(body: bytes, content_type: str = "") -> str:
    return decode(Page(url="https://x", body=body, headers={"content-type": content_type}))


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("<p>é".encode(), "", "<p>é"),
        ("<p>é".encode("cp1252"), "", "<p>é"),
        ("<p>ж".encode("cp1251"), "text/html; charset=windows-1251", "<p>ж"),
        ("<p>é".encode(), "text/html; charset=iso-8859-1", "<p>é"),
        ('<meta charset="windows-1251"><p>ж'.encode("cp1251"), "", '<meta charset="windows-1251"><p>ж'),
        ("<?xml version='1.0' encoding='koi8-r'?>ж".encode("koi8-r"), "", "<?xml version='1.0' encoding='koi8-r'?>ж"),
        (codecs.BOM_UTF8 + "é".encode(), "text/html; charset=latin-1", "é"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "", "é"),
        (codecs.BOM_UTF32_LE + "é".encode("utf-32-le"), "", "é"),
        ("<p>é".encode("utf-16-be"), "", "<p>é"),
        (b"<meta charset=iso-8859-1>\x93", "", "<meta charset=iso-8859-1>\u201c"),
        (b"<meta charset=utf-16>\xc3\xa9", "", "<meta charset=utf-16>é"),
        (b"<meta charset=gb2312>\xd6\xd0", "", "<meta charset=gb2312>中"),
    ],
)
def test_a_page_is_read_by_its_mark_its_own_word_as_utf8_or_the_servers_word(
    body: bytes, content_type: str, expected: str
) -> None:
    assert text(body, content_type) == expected


@pytest.mark.parametrize(
    "name", ["punycode", "unicode_escape", "idna", "zlib", "rot13", "raw-unicode-escape", "x" * 39]
)
def test_a_codec_that_is_a_trap_is_not_used(name: str) -> None:
    assert codec(name) is None
    assert text(f"<meta charset={name}>\\u0041".encode(), f"text/html; charset={name}").endswith("\\u0041")


def test_bytes_that_fit_nothing_become_replacement_characters() -> None:
    assert text(b"<meta charset=utf-8>a\xff") == "<meta charset=utf-8>a\ufffd"


@given(st.binary(max_size=60), st.text(max_size=20))
def test_decoding_never_fails(body: bytes, name: str) -> None:
    text(body, f"text/html; charset={name}")
    text(f"<meta charset='{name}'>".encode("utf-8", "replace") + body)
