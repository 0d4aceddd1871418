"""Texts as people read them."""

import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scan.normalize.characters import cut_bytes
from scan.normalize.fold import fold
from scan.normalize.html import html_lines, unescape
from scan.normalize.text import MAX_LINE, MAX_TEXT, one_line, plain

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
INVISIBLE = "\x00\x07\x1b\x7f\x9b\xad\u200b\u200d\u2060\ufeff\u202e\u2066\u200f\u061c\U000e0041"

hostile = st.text(st.one_of(st.characters(), st.sampled_from(f"<>&;#/!-\"'= ab{LINE_BREAKS}{INVISIBLE}\ud800\u037e")))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Senior  Engineer ", "Senior Engineer"),  # 11.5 % of Greenhouse's titles
        ("C++ & C# <T>", "C++ & C# <T>"),
        ("List<String> x < y && y > z", "List<String> x < y && y > z"),
        ("R&D; R&amp;D; R&amp;amp;D; &notes; &copy2", "R&D; R&D; R&D; &notes; &copy2"),
        ("Caf&eacute; &#8211; K&#xf6;ln &#60;b&#62;now&#60;/b&#62;", "Café \u2013 Köln now"),
        ("<b>Bold</b> and <em class='x'>em</em>phatic<br/>next", "Bold and emphatic next"),
        ("a<!-- hidden -->b <script>", "ab"),
        ("<<b>b>nested", "nested"),
        ("Delivery\u200b", "Delivery"),  # Recruitee
        ("one\ntwo\r\nthree\u2028four\x85five\vsix\fseven", "one two three four five six seven"),
        ("\x1b[31mred\x07 \u202eevil\u202c \x00nul", "[31mred evil nul"),
        ("\ud83d\ude00 \ud800 \udc00x", "😀 \ufffd \ufffdx"),
        ("e\u0301te\u0301", "été"),
        ("Ã¤ remains mojibake", "Ã¤ remains mojibake"),
        ("\u00a0\u2003", ""),
    ],
)
def test_a_title_becomes_one_clean_line(written: str, read: str) -> None:
    assert one_line(written) == read


def test_a_long_title_is_cut_with_an_ellipsis() -> None:
    assert one_line("x" * MAX_LINE) == "x" * MAX_LINE
    assert one_line("x" * 100_000) == "x" * (MAX_LINE - 1) + "…"
    assert one_line("ü" * 100_000) == "ü" * (MAX_LINE - 1) + "…"


def test_references_within_references_come_to_an_end() -> None:
    assert "<" not in one_line("&" + "amp;" * 1000 + "lt;b&gt;")
    assert one_line("<" * 1000 + "b>" * 1000) == "b" * (MAX_LINE - 1) + "…"


@given(hostile)
@example("&lt\u037e b")
@example("&\u200blt;b>")
@example("x" * 268 + "\u0301" + "\ufffd" * 30 + "xx")
def test_one_line_is_one_line_and_again_changes_nothing(text: str) -> None:
    line = one_line(text)
    assert_clean(line)
    assert "\n" not in line
    assert len(line) <= MAX_LINE
    assert one_line(line) == line


@given(hostile, st.sampled_from(["plain", "html", "escaped"]))
def test_a_description_is_clean_lines_and_again_changes_nothing(text: str, markup: str) -> None:
    lines = plain(text, markup)  # type: ignore[arg-type]  # hypothesis gives any of the three as str
    assert_clean(lines)
    assert plain(lines, "plain") == lines


@given(st.text(st.sampled_from("a \t\xa0\n\u2003ö\u0301")))
def test_the_short_way_through_printable_text_gives_what_the_long_way_gives(text: str) -> None:
    assert plain(text, "plain") == plain(f"\u200b{text}", "plain")


def assert_clean(text: str) -> None:
    assert text == unicodedata.normalize("NFC", text)
    assert all(line == " ".join(line.split()) != "" for line in text.split("\n") if text)
    assert not set(text) & set(INVISIBLE)
    assert {unicodedata.category(character) for character in text.replace("\n", " ")}.isdisjoint({"Cc", "Cs"})


def test_a_plain_description_keeps_its_lines_and_its_angle_brackets() -> None:
    assert plain("one \r\n\r\n  two\t<b> &amp;\rthree", "plain") == "one\ntwo <b> &amp;\nthree"


def test_an_escaped_description_is_unescaped_once_more() -> None:
    greenhouse = "&lt;p&gt;R&amp;amp;D &amp;lt;b&amp;gt;&lt;/p&gt;&lt;p&gt;it&#39;s&amp;nbsp;so&lt;/p&gt;"
    assert plain(greenhouse, "escaped") == "R&D <b>\nit's so"
    assert plain("&lt;p&gt;&eacute;&#60;br&#62;x&lt;/p&gt;", "escaped") == "é\nx"


@given(st.text(st.sampled_from("<p>&amp;lt;'\"é x")))
def test_escaping_html_once_more_changes_nothing(markup: str) -> None:
    assert plain(html.escape(markup), "escaped") == plain(markup, "html")


def test_a_long_description_is_cut_between_two_characters() -> None:
    assert plain("x" * 200_000, "html") == "x" * MAX_TEXT
    assert len(plain("ü" * 200_000, "html").encode()) == MAX_TEXT
    assert len(plain("x" + "ü" * 200_000, "html").encode()) == MAX_TEXT - 1
    assert cut_bytes("€uro", 4) == "€u"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Plain", "plain"), ("ÀÉÎ", "aei"), ("Straße", "strasse"), ("İstanbul", "istanbul"), ("ﬁn", "fin"),
        ("한국어", "한국어"), ("", ""), ("Ångström", "angstrom"),
    ],
)  # fmt: skip
def test_case_and_accents_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_pile_of_accents_is_no_burden_and_ordinary_signs_in_a_row_stay() -> None:
    # Sorting 100,000 marks on one letter took Python 11 s.
    assert len(one_line("a" + "\u0301\u0327" * 50_000)) <= 31
    assert one_line("—" * 50) == "—" * 50


@given(
    st.lists(
        st.sampled_from(("&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x27;", "&nbsp;", "&copy", "&", "amp;", "lt;"))
    ).map("".join)
)
def test_the_usual_references_are_decoded_as_all_are(text: str) -> None:
    assert unescape(text).replace("\xa0", " ") == html.unescape(text).replace("\xa0", " ")
    assert html_lines(text).replace("\xa0", " ") == html.unescape(text).replace("\xa0", " ")
