"""Texts as people read them: markup, entities, odd characters and loose white space gone."""

import html.entities
import re
from typing import Literal

from scan.normalize.characters import clean, cut, cut_bytes, fold_lines
from scan.normalize.html import html_lines, unescape

MAX_LINE = 300
"""Characters of a title; folding one of 100,000 into a mail header takes seconds."""

MAX_TEXT = 100_000
"""Bytes of UTF-8 of a description."""

_READ = 1_000_000
_PASSES = 5
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCK = "br|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul"
_TAGS = re.compile(
    r"</?(?:(?i:abbr|big|blink|cite|code|del|em|font|img|ins|kbd|mark|marquee|nobr|script|small|span|strike|strong|style"
    rf"|sub|sup|svg|tt|wbr|(?P<block>{_BLOCK}))|(?-i:[abipqsu]))(?:[\s/][^<>]*)?>|<!--[^<>]*-->"
)
_NO_MARKUP = str.maketrans("", "", "<>&")


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """Give a title, a name, a place as one line of plain text, at most `limit` characters long.

    Doing it again changes nothing. Of tags, only those go that HTML has and titles use: `C++ <T>` stays.
    """
    if text.isascii() and text.isprintable() and "&" not in text and "<" not in text:
        return cut(" ".join(text.split()), limit)
    text = text[: 16 * limit]
    if "&" not in text and "<" not in text:
        return cut(_decoded(text), limit)
    for _ in range(_PASSES):
        line = _decoded(text)
        if line == text:
            return cut(line, limit)
        text = line
    # References within references within references: nobody writes that, and every pass would cost as much again.
    return cut(_decoded(text.translate(_NO_MARKUP)), limit)


def plain(text: str, markup: Literal["plain", "html", "escaped"]) -> str:
    r"""Give a description as lines of plain text, at most 100 KB of UTF-8, its blocks divided by one `\n` each."""
    text = text[:_READ]
    if markup == "escaped":
        text = unescape(text)
    if markup != "plain" and ("<" in text or "&" in text):
        text = html_lines(text)
    return cut_bytes(fold_lines(text), MAX_TEXT)


def _decoded(text: str) -> str:
    if "&" in text:
        text = _REFERENCE.sub(_character, text)
    if "<" in text:
        text = _TAGS.sub(lambda tag: " " if tag["block"] else "", text)
    return " ".join(clean(text).split())


def _character(reference: re.Match[str]) -> str:
    """Decode one reference; unlike in HTML, only a whole one that exists: `&notes;` is no `¬es;`."""
    written = reference[0]
    return html.unescape(written) if written[1] == "#" or written[1:] in html.entities.html5 else written
