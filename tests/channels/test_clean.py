import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.channels.clean import one_line, web_link


@given(st.text(st.characters(codec=None), max_size=60), st.integers(2, 40))
def test_a_line_is_one_line_of_bounded_length_that_can_be_encoded(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    line.encode()


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nBcc: x", "a Bcc: x"),
        ("a\u2028b\x85c\x0bd\x1ce", "a b c d e"),
        ("nul\0", "nul"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\x1b[31mred", "[31mred"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("👩\u200d🔬 Forscherin", "👩\u200d🔬 Forscherin"),
    ],
)
def test_what_could_forge_or_mislead_goes_and_the_rest_stays(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert one_line("x" * 100_000, 10) == "xxxxxxxxx…"
    assert one_line("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("url", ["https://acme.test/a?b=c&d=é", "http://127.0.0.1:8080/"])
def test_a_web_address_is_passed_on(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https:relative",
        "https://[",
        "https://a.test/ b",
        "https://a.test/\nb",
        "\x01https://a.test/",
        "https://a.test/" + "x" * 2000,
    ],
)
def test_anything_else_is_no_link(url: str | None) -> None:
    assert web_link(url) is None
