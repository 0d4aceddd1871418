"""HTML to text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scan.normalize.text import plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One  <b>J</b>ohn</p>\n<p>Two</p>", "One John\nTwo"),
        ("a<br>b<BR/>c<Br />d", "a\nb\nc\nd"),
        ("<ul>\n<li>one\n<li>two</ul>after", "one\ntwo\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>", "a b\nc"),
        ("<h2>Head</h2>body<hr>foot", "Head\nbody\nfoot"),
        ("<p title='a > b' data-x=\"<p>\">x</p>", "x"),
        ("1 < 2 &lt; 3 <4", "1 < 2 < 3 <4"),
        ("a<!-- <p>no</p> -->b<!-->c<!--->d<!doctype x>e<?php f ?>g</>h", "abcdegh"),
        ("<script>if (a<b) '</p>'</script>x<STYLE>p{}</STYLE >y", "xy"),
        ("x<script>never closed", "x"),
        ("<template><p>a<template>b</template>c</template>d<noscript><img>e</noscript>f", "df"),
        ("<iframe src=x>a</iframe><title>b</title>c", "c"),
        ("<div hidden>a<div>b</div>c</div>d", "d"),
        ("<div class='hidden' data-hidden=1 title='not hidden at all'>a</div>", "a"),
        ("<p style='color:red; DISPLAY : none'>a<p>b", "b"),
        ("<p hidden>a</p>b<input type=hidden>c", "bc"),
        ("<input hidden>a<br hidden>b", "a\nb"),
        ("The word hidden, display: none, stays", "The word hidden, display: none, stays"),
        ("<span aria-hidden=true>★</span> seen", "★ seen"),
        ("no tag\nat all &amp; two lines", "no tag\nat all & two lines"),
        ("<p>white\nspace\r\nfolds</p>", "white space folds"),
        ("<![CDATA[<p>wrapped</p>]]>", "wrapped"),
        ("a&#0;b&#x1b;c&#55296;d&#" + "9" * 5000 + ";e&nbsp;f&zwnj;g", "a\ufffdbc\ufffdd\ufffde fg"),
        ("&eacute;&notin;&amp;lt;", "é∉&lt;"),
        ("cut <a href='", "cut"),
        ("\x00<p>nul", "nul"),
    ],
)
def test_html_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup, "html") == text


@pytest.mark.long
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 50_000,
        "<div></span>" * 20_000,
        "<b>" * 75_000,
        "<p hidden>" * 25_000,
        "<div hidden>" * 20_000 + "</div>",
        '<a "' * 62_500,
        "<a '" * 62_500,
        "<!--" * 62_500,
        "<!" * 125_000,
        "<script>" * 30_000,
        "<script></scrip>" * 15_000,
        "<div hidden " + "style= " * 35_000,
        "<p " + "hidden" * 40_000,
        "&" * 250_000,
        "&#" * 125_000,
        "&#" + "9" * 250_000,
        "&amp;" * 50_000,
        " \n" * 125_000,
        "<" * 250_000,
        "<![CDATA[" * 25_000,
        "\ud800" * 250_000,
    ],
    ids=lambda markup: markup[:12],
)
def test_250_kb_of_hostile_markup_take_half_a_second_at_most(markup: str) -> None:
    started = time.process_time()
    for kind in ("html", "escaped"):
        plain(markup, kind)
    assert time.process_time() - started < 1


PIECES = ["a", " ", "&amp;", "&lt;", "&eacute;", "<", ">", "é", "\n", "'", '"', "=", "/", "!", "-", "hidden"]
TAGS = """<p>|</p>|<b>|</b>|<br>|<li>|<div class='x'>|</div>|<a href="/?a>b">|</a>|<!-- c -->|<!x>|</>|<P >|<i/>|<x-y>
|<script>a<b</script>|<style>p</style>|<template>t</template>|<td>|</tr>|<input type=hidden>|<b id="hidden">"""


@given(st.lists(st.sampled_from([*PIECES, *TAGS.split("|")]), max_size=30).map("".join))
def test_no_text_is_seen_that_a_parser_does_not_see(markup: str) -> None:
    markup += "<i>"  # so that there is a tag, and the text no plain one
    body = LexborHTMLParser(f"<body>{markup}").body
    assert body is not None
    for unseen in body.css("script, style, template"):
        unseen.decompose()
    assert squeezed(plain(markup, "html")) == squeezed(body.text())


def squeezed(text: str) -> str:
    return "".join(text.split())
