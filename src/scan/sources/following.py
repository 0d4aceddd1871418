"""How a configured list goes on after a page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Protocol

import msgspec

from scan.declare import Doc, Problem
from scan.errors import ParseError
from scan.page import Page, Request
from scan.sources.asking import Ask
from scan.sources.base import Batch
from scan.sources.numbers import largest_in

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s;,<=]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,<\"]+))?)*)")
_NEXT = re.compile(r";\s*rel\s*=\s*(?:next\b|\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\")", re.IGNORECASE)


class Look(Protocol):
    """One page, asked by the expressions of its config: JMESPath, or CSS."""

    def value(self, expression: str) -> object:
        """Give what an expression leads to; None for nothing."""

    def link(self, expression: str) -> object:
        """Give the address that an expression leads to; None for nothing."""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """How a list goes on. What is called a path is JMESPath into a JSON answer, and CSS on a web page."""

    start: Annotated[int, Doc("what {page} is first")] = 1
    step: Annotated[int, Doc("what {page} grows by: 1 counts pages, a page's size counts rows")] = 1
    next: Annotated[str | None, Doc("path to the next page's address", example="links.next")] = None
    cursor: Annotated[str | None, Doc("path to what {cursor} is next", example="meta.cursor")] = None
    link: Annotated[bool, Doc("the Link header says where the next page is")] = False
    total: Annotated[str | None, Doc("path to how many rows there are in all", example="meta.total")] = None
    until_empty: Annotated[bool, Doc("an empty page is the end; reaching max before it means cut short")] = True
    until_repeated: Annotated[bool, Doc("the last page given once more is the end; else it means cut short")] = False
    max: Annotated[int, Doc("pages read at most", within=("1", "1000"))] = 50

    def problems(self, template: str, check: Callable[[str], str | None]) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't go together.

        Args:
            template: all that a request sends.
            check: says what is wrong with a path.

        """
        for name in ("next", "cursor", "total"):
            path = getattr(self, name)
            if path is not None and (message := check(path)):
                yield Problem(("pages", name), message)
        ways = {
            "{page}": "{page}" in template,
            "next": self.next is not None,
            "cursor": self.cursor is not None,
            "link": self.link,
        }
        chosen = [way for way, taken in ways.items() if taken]
        if len(chosen) > 1:
            yield Problem(("pages",), f"{' and '.join(chosen)} are two ways to go on; choose one")
        elif not chosen:
            message = "nothing says how to go on; put {page} where a page's number belongs, or set next, cursor or link"
            yield Problem(("pages",), message)
        if self.cursor is not None and "{cursor}" not in template:
            yield Problem(("pages", "cursor"), "there is no {cursor} to fill; put it into the address or the body")
        if not self.step:
            yield Problem(("pages", "step"), "a step of 0 asks for the same page for ever")

    def first(self, ask: Ask) -> Request:
        """Ask for the first page."""
        return ask.request({"page": self.start, "cursor": ""})

    def continued(self, batch: Batch, page: Page, look: Look, ask: Ask) -> Batch:
        """Add to what a page holds how the list goes on after it: not at all after an empty one.

        Raises:
            ParseError: where the total, or the next page, should be, is something else.

        """
        following = self._next(page, look, ask) if batch.items or batch.rejected else None
        last = page.number >= self.max
        return msgspec.structs.replace(
            batch,
            follow=(following,) if following and not last else (),
            total=self._total(page, look),
            truncated=f"stopped after {page.number} pages" if following and last and self.until_empty else None,
            last_may_repeat=self.until_repeated,
        )

    def _next(self, page: Page, look: Look, ask: Ask) -> Request | None:
        if "{page}" in ask.template:
            return ask.request({"page": self.start + self.step * page.number, "cursor": ""})
        pointed = self._pointed(page, look)
        if pointed is None:
            return None
        return ask.request({"cursor": pointed}) if self.cursor is not None else ask.at(pointed)

    def _pointed(self, page: Page, look: Look) -> str | None:
        """Give the next page's address or cursor, as the page has it; None at the end."""
        if self.link:
            return linked(page.headers.get("link", ""))
        found = look.link(self.next) if self.next is not None else look.value(self.cursor or "")
        if found is None or found is False or found == "":
            return None
        if isinstance(found, bool) or not isinstance(found, (str, int)):
            raise ParseError(page.url, f"a text at {self.next or self.cursor!r}", page.body[:400])
        return str(found)

    def _total(self, page: Page, look: Look) -> int | None:
        """Read how many rows there are in all; later pages need not say it."""
        if self.total is None:
            return None
        found = look.value(self.total)
        if isinstance(found, str):
            found = largest_in(found)
        if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
            return found if found or page.number == 1 else None
        if page.number == 1:
            raise ParseError(page.url, f"a number at {self.total!r}", page.body[:400])
        return None


def place_problem(template: str, pages: Pages | None) -> Iterable[Problem]:
    """Find a place for a page's number that nothing fills."""
    if pages is None and "{page}" in template:
        yield Problem(("url",), "{page} counts up only with pages; add pages: {start: 1, max: 50}")


def linked(header: str) -> str | None:
    """Read where a `Link` header (RFC 8288) says the next page is."""
    return next((link[1] for link in _LINK.finditer(header) if _NEXT.search(link[2])), None)
