import pytest

from scan.match.matcher import Matcher
from scan.match.patterns import Patterns, compile_pattern
from scan.match.search import Search, Words
from tests.match.items import NOW, an_item


def test_patterns_are_found_alone_and_together() -> None:
    assert list(Patterns(["b+"]).find("abba")) == [0]
    assert list(Patterns(["x"]).find("abba")) == []
    assert sorted(Patterns(["b+", "x", "^a", "a$"]).find("abba")) == [0, 2, 3]
    assert Patterns(["b+", "x"]).locate(0, "éabba") == (2, 4)
    assert list(Patterns([]).find("abba")) == []


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(a|aa)+$", "([a-zA-Z]+)*b", "(.*a){20}b"])
def test_no_pattern_is_slow_on_a_long_text(pattern: str) -> None:
    text = "a" * 100_000 + "!"
    searches = [Search(name="one", words=Words(any=(f"re:{pattern}", "re:never"))), Search(name="two")]
    matched = Matcher(searches, now=NOW).match(an_item(text=text))
    assert [search.name for search, _ in matched] == ["two"]


def test_patterns_too_large_to_combine_are_found_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scan.match.patterns._MEMORY", 1 << 20)
    patterns = Patterns([rf"((\pL{{{count}}})|b)+c" for count in (15, 16, 17)] + ["x+"])
    assert patterns._set is None
    assert list(patterns.find("xbc")) == [0, 1, 2, 3]


def test_a_set_that_gives_up_is_not_believed() -> None:
    class Overworked:
        def Match(self, _text: str) -> list[int]:  # noqa: N802 - RE2's name
            return []

    patterns = Patterns(["b+", "x"])
    patterns._set = Overworked()
    assert list(patterns.find("abba")) == [0]


def test_a_pattern_that_does_not_compile_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="is not an RE2 pattern: missing"):
        compile_pattern("a(")
    assert capfd.readouterr() == ("", "")
