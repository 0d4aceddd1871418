"""Every recorded description becomes text that looks like text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from scan.normalize.html import unescape
from scan.normalize.text import one_line, plain

DATA = Path(__file__).parents[2] / "../shared/data"
TAG = re.compile(r"</?(?:p|div|span|br|li|ul|ol|strong|em|b|i|a|h[1-6]|table|t[rdh])(?:\s[^<>]*)?/?>", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
REFERENCE = re.compile(r"&(?:nbsp|amp|lt|gt|quot|#\d+|#x[0-9a-f]+);")

pytestmark = pytest.mark.recorded


def jobs(kind: str) -> Iterator[dict[str, str]]:
    for path in sorted((DATA / kind).glob("*.json")):
        found = json.loads(path.read_bytes())
        rows = found.get("jobs", [found]) if isinstance(found, dict) else found
        yield from (row for row in rows if isinstance(row, dict))


def descriptions() -> Iterator[tuple[str, str]]:
    """Give every description as HTML, with the title of its job."""
    for job in jobs("greenhouse"):
        yield job.get("title", ""), unescape(job.get("content") or "")
    for job in jobs("lever"):
        yield job.get("text", ""), job.get("description") or ""
        yield job.get("text", ""), job.get("additional") or ""
    for job in jobs("ashby"):
        yield job.get("title", ""), job.get("descriptionHtml") or ""


def squeezed(text: str) -> str:
    return "".join(CONTROL.sub("", text).split())


def test_no_description_keeps_markup_or_control_characters() -> None:
    seen = 0
    for title, markup in descriptions():
        text = plain(markup, "html")
        assert not TAG.search(text), title
        assert not REFERENCE.search(text), title
        assert not CONTROL.search(text), title
        seen += bool(text)
    assert seen > 300


def test_greenhouse_is_escaped_twice() -> None:
    contents = [content for job in jobs("greenhouse") if (content := job.get("content"))]
    assert len(contents) > 50
    for content in contents:
        assert plain(content, "escaped") == plain(unescape(content), "html")
        assert "&lt;" in content


def test_the_text_is_the_one_that_a_parser_finds() -> None:
    for title, markup in descriptions():
        body = LexborHTMLParser(markup).body
        assert body is not None
        for unseen in body.css("script, style"):
            unseen.decompose()
        assert squeezed(plain(markup, "html")) == squeezed(plain(body.text(), "plain")), title


def test_titles_lose_their_loose_white_space_and_nothing_else() -> None:
    titles = [title for title, _ in descriptions()]
    for title in titles:
        assert squeezed(one_line(title)) == squeezed(title.replace("&amp;", "&"))
        assert one_line(title) == one_line(title).strip()
