import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scan.match.fold import _fold_character, fold, fold_word, places, plain
from scan.match.reading import Reading
from tests.match.items import an_item

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \n\tİßéÉéﬁ…\u200b“ǆ㎏㍿Σς가がアｱＡ①")), max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Python", "python"),
        ("  a \r\n\t b\u00a0c ", " a b c "),
        ("Straße", "strasse"),
        ("Cafe\u0301", "cafe"),
        ("İstanbul \u0131l\u0131k", "istanbul ilik"),
        ("Łódź Tromsø Đà Nẵng", "lodz tromso da nang"),
        ("ＣＡＦÉ　\uff11\uff12", "cafe 12"),
        ("æther œuvre ﬁn", "aether oeuvre fin"),
        ("se\u00adni\u200bor", "senior"),
        ("“e\u2011mail” \u2013 O\u2019Reilly", '"e-mail" - o\'reilly'),
        ("Ёлка, мой", "елка, мой"),
        ("がぎ", "がぎ"),
        ("한국", "한국"),
        ("ΣΟΦΌΣ", "σοφοσ"),
    ],
)
def test_what_does_not_matter_is_folded_away(text: str, folded: str) -> None:
    assert fold(plain(text)) == folded


@given(TEXTS)
@example("\ufdfa")
@example("a\u0345\u0130")
@example("ÀÉÎÕÜßøłđ漢字かな가나Σς…”")  # more than a handful
def test_folding_goes_character_by_character(text: str) -> None:
    text = plain(text)
    letters = "".join(_fold_character(character) for character in text)
    while "  " in letters:
        letters = letters.replace("  ", " ")
    assert fold(text) == letters


@given(TEXTS)
def test_every_folded_character_leads_back_to_where_it_came_from(text: str) -> None:
    text = plain(text)
    folded, back = fold(text), places(text)
    assert len(back) == len(folded)
    assert list(back) == sorted(back)
    for letter, place in zip(folded, back, strict=True):
        assert letter in _fold_character(text[place])


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_word(text)
    assert fold_word(once) == once


def test_a_folded_character_folds_to_itself() -> None:
    for character in map(chr, range(0x3400)):
        folded = _fold_character(character)
        assert "".join(map(_fold_character, folded)) == folded
        assert folded.lower() == folded


def test_a_pile_of_accents_is_cut_before_it_costs_quadratic_time() -> None:
    text = plain("a" + "\u0301\u0327" * 50_000 + "b")
    assert text.startswith("\u00e1\u0327")
    assert len(text) < 35
    assert fold(text) == "ab"


def test_a_plain_text_can_be_encoded_and_has_no_separator() -> None:
    assert plain("a\0b\ud800c") == "a b?c"
    assert plain("e\u0301") == "é"


@given(TEXTS, TEXTS, st.one_of(st.none(), TEXTS), st.one_of(st.none(), TEXTS), st.one_of(st.none(), TEXTS))
@example("a\0b", "", None, None, None)
@example("a  b", "A\n\tB", None, "", "c")
def test_fields_are_folded_together_as_each_by_itself(
    title: str, text: str, organization: str | None, location: str | None, url: str | None
) -> None:
    reading = Reading(an_item(title, text=text, organization=organization, location=location, url=url))
    texts = tuple(plain(one or "") for one in (title, text, organization, location, url))
    assert reading.texts == texts
    assert reading.folded == "".join(f"\0{fold(one)}" for one in texts) + "\0"
    assert [reading.folded[start - 1] for start in reading.bounds] == ["\0"] * len(texts)
