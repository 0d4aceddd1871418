import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.match.fold import plain
from scan.match.mark import mark
from scan.match.search import Search, Words
from tests.match.items import an_item, reasons_of


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("python", "We write Python.", "Python"),
        ("java", "JavaScript, then Java", "Java"),
        ("koln", "nach Köln", "Köln"),
        ("strasse", "Große Straße 3", "Straße"),
        ("site reliability", "a Site  Reliability engineer", "Site  Reliability"),
        ("c++", "C, C++ and C#", "C++"),
        ("re:dev\\w+", "a Developer", "Developer"),
        ("cafe", "Cafe\u0301 au lait", "Café"),
    ],
)
def test_a_hit_is_shown_as_it_is_written(term: str, text: str, hit: str) -> None:
    marked = mark(term, text)
    assert marked is not None
    assert marked.hit == hit


@pytest.mark.parametrize("term", ["java", "re:^found", "re:x*", "re:(", "re:", ""])
def test_what_is_not_there_is_not_marked(term: str) -> None:
    assert mark(term, "…not found in JavaScript…") is None


@given(st.text("aä ß.'&\u0301\0漢", max_size=30), st.text("aä ß.'&\u0301漢", max_size=3))
def test_the_parts_are_the_text(text: str, term: str) -> None:
    marked = mark(term, text)
    if marked is not None:
        assert "".join(marked) == plain(text)
        assert marked.hit


@pytest.mark.parametrize("term", ["python", "re:py\\w+", "remote first"])
def test_what_the_engine_found_is_found_in_its_excerpt(term: str) -> None:
    text = "word " * 40 + "we are a Remote  first Python shop " + "word " * 40
    reasons = reasons_of(Search(name="one", words=Words(any=(term,))), an_item(text=text))
    assert reasons
    assert reasons[0].excerpt is not None
    marked = mark(term, reasons[0].excerpt)
    assert marked is not None
    assert "".join(marked) == reasons[0].excerpt
