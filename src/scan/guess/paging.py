"""How a JSON list goes on, as its answer and its address show."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from scan.guess.arrays import joined
from scan.guess.vocabulary import words_of
from scan.page import Page
from scan.sources.following import linked

Pages = Mapping[str, Any]

_NUMBERS = frozenset(("page", "p", "pg", "pagenumber", "pageno", "page_number", "pageindex", "currentpage"))
_OFFSETS = frozenset(
    ("offset", "start", "skip", "from", "startindex", "start_index", "$offset", "$skip", "jobs_offset")
)
_CURSORS = frozenset(("cursor", "after", "page_token", "pagetoken", "continuation", "next_cursor"))
_TOTALS = frozenset(("total", "totalcount", "count", "totalfound", "found", "numfound", "totalresults", "recordstotal"))
_TOTALS_LESS_SURE = frozenset(("totalhits", "totalitems", "totalelements", "nbhits", "resultcount", "totaljobs"))
_DEPTH = 3


def pages_of(page: Page, answer: object, rows: int) -> tuple[str | None, Pages] | None:
    """Guess how a list goes on.

    Returns the address with its placeholder, None where it stays as it is, and the `pages:` of an entry.

    """
    total = _total(answer, rows)
    counted = {"total": total} if total else {}
    if linked(page.headers.get("link", "")):
        return None, {"link": True}
    if path := _pointer(answer, page.url):
        return None, {"next": path, **counted}
    for name, value in _parameters(page.url):
        plain = name.lower()
        if plain in _NUMBERS and value.isdecimal():
            return _with_placeholder(page.url, name, "{page}"), {"start": int(value), **counted}
        if plain in _OFFSETS and value.isdecimal() and rows > 1:
            return _with_placeholder(page.url, name, "{page}"), {"start": int(value), "step": rows, **counted}
        if plain in _CURSORS and (path := _cursor(answer)):
            return _with_placeholder(page.url, name, "{cursor}"), {"cursor": path, **counted}
    return None


def _parameters(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def _with_placeholder(url: str, name: str, placeholder: str) -> str:
    """Put a placeholder where a parameter's value stands."""
    names = "|".join(re.escape(form) for form in dict.fromkeys((name, quote(name, safe=""))))
    return re.sub(rf"([?&](?:{names})=)[^&#]*", lambda found: found[1] + placeholder, url, count=1)


def _scalars(answer: object, path: str = "", depth: int = 0) -> Iterator[tuple[str, tuple[str, ...], object]]:
    """Give what stands beside the lists, with its path and the words of its name and those above."""
    if isinstance(answer, dict) and depth < _DEPTH:
        for name, value in answer.items():
            place = joined(path, name)
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                yield place, words_of(place), value
            yield from _scalars(value, place, depth + 1)


def _pointer(answer: object, url: str) -> str | None:
    """Find the address of the next page: absolute, of a path, or a query alone."""
    for path, words, value in _scalars(answer):
        about_next = "next" in words and not {"prev", "previous", "cursor", "token"} & set(words)
        if (
            about_next
            and isinstance(value, str)
            and value.startswith(("http://", "https://", "/", "?"))
            and value != url
        ):
            return path
    return None


def _cursor(answer: object) -> str | None:
    return next(
        (
            path
            for path, words, value in _scalars(answer)
            if isinstance(value, str) and value and ("next" in words or words[-1:] == ("cursor",))
        ),
        None,
    )


def _total(answer: object, rows: int) -> str | None:
    """Find how many rows there are in all: a number that is called so and is no less than the rows."""
    found = [
        (path, "".join(words[-2:]), "".join(words[-1:]))
        for path, words, value in _scalars(answer)
        if isinstance(value, int) and value >= rows
    ]
    for names in (_TOTALS, _TOTALS_LESS_SURE):
        for path, both, last in found:
            if last in names or both in names:
                return path
    return None
