import pytest

from scan.sources.paging import number_in, raised


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.org/?page=1", "https://e.org/?page=2"),
        ("https://e.org/?q=a+b%20c&page=9&x=%2f#part", "https://e.org/?q=a+b%20c&page=10&x=%2f#part"),
        ("https://e.org/?subpage=1&page=1", "https://e.org/?subpage=1&page=2"),
        ("https://e.org/?page=one", None),
        ("https://e.org/?page=", None),
        ("https://e.org/?subpage=1", None),
        ("https://e.org/page=1", None),
        ("file:///tmp/copy.json", None),
    ],
)
def test_a_number_is_raised_and_nothing_else_touched(url: str, expected: str | None) -> None:
    assert raised(url, "page", 1) == expected
    assert (number_in(url, "page") is None) == (expected is None)


def test_a_parameter_may_be_written_quoted() -> None:
    assert raised("https://e.org/?$offset=0", "$offset", 50) == "https://e.org/?$offset=50"
    assert raised("https://e.org/?%24offset=0", "$offset", 50) == "https://e.org/?%24offset=50"
