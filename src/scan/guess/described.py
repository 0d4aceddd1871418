"""Entries that may read what a page says of itself in schema.org's words."""

from typing import TYPE_CHECKING

from scan.errors import ParseError
from scan.guess.guesses import Guess
from scan.page import Page
from scan.sources.structured import scripts, things

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_TYPES = {"JobPosting": 0.75, "Event": 0.7, "Product": 0.4, "Article": 0.3}
"""With how likely one alone is what is wanted: an article alone is the page itself."""

_SEVERAL = 0.88


def guess_described(page: Page, tree: "LexborHTMLParser", url: str) -> list[Guess]:
    """Guess entries of kind jsonld, one for each type of thing that the page describes."""
    try:
        values, _ = scripts(page, tree)
    except ParseError:
        return []
    names = {one: (one, "BlogPosting") if one == "Article" else (one,) for one in _TYPES}
    counts = {one: len(things(values, names[one])) for one in _TYPES}
    there = [one for one in _TYPES if counts[one]]
    return [
        Guess(
            kind="jsonld",
            keys={"url": url, **({"types": [one]} if len(there) > 1 else {})},
            because=f"what the page says of itself ({counts[one]} {one})",
            belief=_SEVERAL if counts[one] > 1 else _TYPES[one],
        )
        for one in there
    ]
