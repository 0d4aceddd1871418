import pytest

from scan.errors import ConfigError, FetchError, ParseError, ScanError, SourceError


@pytest.mark.parametrize(
    "error",
    [
        SourceError("row \ud800\x00\x1b[2J\u202e"),
        FetchError("https://e.org/\ud800", "\x00"),
        ParseError("https://e.org/", "a \x1b", "\ud800\x00"),
    ],
)
def test_what_a_message_quotes_can_be_stored_and_shown(error: ScanError) -> None:
    assert str(error).isprintable()
    assert "\\ud800" in str(error)


def test_the_problems_of_a_config_are_a_line_each() -> None:
    error = ConfigError("a: wrong", "b: wrong\x1b\u06dd")
    assert str(error) == "a: wrong\nb: wrong\\x1b\\u06dd"
    assert error.problems == ("a: wrong", "b: wrong\\x1b\\u06dd")
