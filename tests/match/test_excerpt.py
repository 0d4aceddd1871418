import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.match.excerpt import excerpt
from scan.match.search import Search, Words
from tests.match.items import an_item, reasons_of

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"


@pytest.mark.parametrize(
    ("text", "hit", "shown"),
    [
        ("short", "short", "short"),
        (LONG, "one", "one two three four five six…"),
        (LONG, "eight", "…three four five six seven eight nine ten eleven twelve…"),
        (LONG, "sixteen", "…thirteen fourteen fifteen sixteen"),
        ("line\n\n  end", "end", "line end"),
        ("x" * 100, "x", "x" * 30 + "…"),
        ("漢" * 40 + "字" + "漢" * 40, "字", "…" + "漢" * 29 + "字" + "漢" * 29 + "…"),
        ("a " + "b" * 200, "b" * 200, "…" + "b" * 60 + "…"),
    ],
)
def test_an_excerpt_is_cut_at_word_ends(text: str, hit: str, shown: str) -> None:
    start = text.index(hit)
    assert excerpt(text, start, start + len(hit)) == shown


@given(st.text("ab \n漢", min_size=1, max_size=200), st.data())
def test_an_excerpt_is_short_and_shows_the_hit(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 60)))
    shown = excerpt(text, start, end)
    assert len(shown) <= 62
    assert " ".join(text[start:end].split()) in shown


@pytest.mark.parametrize(
    ("word", "text", "shown"),
    [
        ("strasse", "Große\n\nStraße … nach  Köln", "Große Straße … nach Köln"),
        ("end", "ﬁ ﬃ \u200b\ufdfa… The  END.", "ﬁ ﬃ \u200b\ufdfa… The END."),
        ("cafe", "Cafe\u0301 au lait", "Café au lait"),
        ("koln", "é" * 100 + "\n\n" + "… " * 50 + "Köln" + " ß" * 100, None),
    ],
)
def test_an_excerpt_shows_the_text_as_it_is_written(word: str, text: str, shown: str | None) -> None:
    reasons = reasons_of(Search(name="one", words=Words(any=(word,))), an_item(text=text))
    assert reasons
    assert reasons[0].excerpt is not None
    assert reasons[0].excerpt == shown or (shown is None and " Köln " in reasons[0].excerpt)
