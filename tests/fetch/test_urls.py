import pytest

from scan.fetch.urls import Place, place, wire, without_login


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Example.org/a", Place("http", "example.org", 80)),
        ("https://example.org:8443/", Place("https", "example.org", 8443)),
        ("http://user:p@ss@example.org/", Place("http", "example.org", 80)),
        ("http://[::1]:99/", Place("http", "::1", 99)),
        ("file:///etc/hosts", Place("file", "", 0)),
    ],
)
def test_an_address_leads_to_a_host_and_a_port(url: str, expected: Place) -> None:
    assert place(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/jobs",
        "ftp://example.org/",
        "http://",
        "http:///a",
        "http:////a@b",
        "http://[::1/",
        "http://a[::1]:@[8",
        "http://ü[::]b/",
        "http://[::1]b/",
        "http://a:b/",
    ],
)
def test_what_leads_nowhere_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        place(url)
    assert not url or url not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://example.org/a%20b?c=%C3%BC", "http://example.org/a%20b?c=%C3%BC"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/ü?q=ü", "http://example.org/%C3%BC?q=%C3%BC"),
        ("https://münchen.example:81/", "https://xn--mnchen-3ya.example:81/"),
        ("http://пример.рф:8080/", "http://xn--e1afmkfd.xn--p1ai:8080/"),
        ("https://ü:ü@example.org/ü", "https://%C3%BC:%C3%BC@example.org/%C3%BC"),
    ],
)
def test_an_address_is_sent_in_ascii(url: str, sent: str) -> None:
    assert wire(url) == sent


def test_a_host_that_cannot_be_written_in_ascii_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        wire(f"http://{'ü' * 80}/")
    assert str(refused.value) == "the host's name cannot be written in ASCII"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("http://user:p@ss@example.org:81/a?b=c@d#e", "http://example.org:81/a?b=c@d#e"),
        ("http://example.org/@me", "http://example.org/@me"),
    ],
)
def test_a_login_is_taken_out_of_an_address(url: str, public: str) -> None:
    assert without_login(url) == public
