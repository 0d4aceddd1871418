"""Addresses, to be followed and to be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.normalize.urls import absolute, both, canonical, last_part

BASE = "https://jobs.example.com/board/list?page=2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("/jobs/1", "https://jobs.example.com/jobs/1"),
        ("1.html", "https://jobs.example.com/board/1.html"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("?page=3", "https://jobs.example.com/board/list?page=3"),
        ("#item-3", "https://jobs.example.com/board/list?page=2#item-3"),
        ("HTTPS://A.Example:443", "https://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("https://a.example/b/../c/./d", "https://a.example/c/d"),
        ("https://a.example/../../c/..", "https://a.example/"),
        ("https://user:secret@a.example/x", "https://a.example/x"),
        ("https://a.example/a b/ü?q=ä ö", "https://a.example/a%20b/%C3%BC?q=%C3%A4%20%C3%B6"),
        ("https://München.example/", "https://xn--mnchen-3ya.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://a.example/x\n\ty", "https://a.example/xy"),
        ("  https://a.example/x\u200b ", "https://a.example/x"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example\\x", "https://a.example/x"),
        ("https://good.example\\@evil.example/", "https://good.example/@evil.example/"),
        ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
        ("https://a.example/?utm_source=x#!/jobs/1", "https://a.example/?utm_source=x#!/jobs/1"),
    ],
)
def test_an_address_becomes_absolute(url: str, expected: str) -> None:
    assert absolute(url, BASE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "mailto:a@b.example",
        "file:///etc/passwd", "ftp://a.example/", "http://", "http:///x", "http://a b.example/", "http://[::1/",
        "http://a.example:99999/", "http://a.example:x/", "http://%41/", "http://a..b/", "#", " ", "http://<b>/",
        "https://a.example/" + "x" * 5000, "http://\ud800/",
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_no_address(url: str) -> None:
    assert absolute(url, BASE) is None
    assert canonical(url, BASE) is None


def test_a_relative_address_without_a_base_is_none() -> None:
    assert absolute("/jobs/1") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?utm_source=feed&id=1&gclid=2", "https://a.example/x?id=1"),
        ("https://a.example/x?fbclid=2", "https://a.example/x"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://a.example/%7euser/%c3%bc", "https://a.example/~user/ü"),
        ("https://a.example/%2e%2e/x", "https://a.example/x"),
        ("https://a.example/x;jsessionid=ABC?y=1", "https://a.example/x?y=1"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/x#utm_campaign=1", "https://a.example/x"),
        ("https://a.example/x#:~:text=y", "https://a.example/x"),
        ("https://boards.example/1?gh_jid=1&gh_src=abc", "https://boards.example/1?gh_jid=1"),
        ("HTTP://A.EXAMPLE:80/x", "http://a.example/x"),
    ],
)
def test_two_spellings_are_one_address(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/x?gid=1", "https://a.example/x?gid=2"),
        ("https://a.example/x?ref=1", "https://a.example/x?ref=2"),
        ("https://a.example/X", "https://a.example/x"),
        ("https://a.example/x%2Fy", "https://a.example/x/y"),
        ("https://a.example/changelog#v1", "https://a.example/changelog#v2"),
        ("https://a.example/#!/1", "https://a.example/#!/2"),
    ],
)
def test_two_addresses_stay_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_an_address_is_named_by_its_last_part_or_its_host() -> None:
    assert last_part("https://a.example/news/Senior%20Engineer/") == "Senior Engineer"
    assert last_part("https://a.example/") == "a.example"


ADDRESSES = st.one_of(
    st.text(),
    st.from_regex(
        r"(https?:)?(//)?[a-zA-Zü0-9.@:\[\]%-]{0,12}(/[a-z0-9%.~;=ü -]{0,8}){0,3}(\?[a-z_0-9=&%;]{0,20})?(#.{0,9})?"
    ),
    st.builds("https://a.example/{}?{}".format, st.text(), st.sampled_from(["utm_id=1&x", "%75tm_id=1", "&&a=%"])),
)


@given(ADDRESSES, st.sampled_from(["", BASE, "http://[", "nonsense"]))
def test_making_an_address_never_raises_and_again_changes_nothing(url: str, base: str) -> None:
    for make in (absolute, canonical):
        made = make(url, base)
        if made is not None:
            assert make(made) == made
            assert made.isascii()
            assert made.isprintable()
            assert " " not in made
            assert made.startswith(("http://", "https://"))


@given(ADDRESSES)
def test_the_canonical_form_of_what_people_click_is_the_canonical_form(url: str) -> None:
    followed = absolute(url, BASE)
    assert canonical(url, BASE) == (followed and canonical(followed))


@given(
    st.lists(
        st.sampled_from(
            ("https://", "HTTP://", "e.org", "E.org:443", "/", "a", "é", "?", "&", "=", "utm_source", "#", "..", "%2f")
        )
    ).map("".join)
)
def test_both_forms_at_once_are_one_after_the_other(url: str) -> None:
    whole = absolute(url, BASE)
    assert both(url, BASE) == (whole, canonical(whole) if whole else None)
