"""How a configured list goes on after a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from scan.declare import Doc, Problem
from scan.errors import ParseError
from scan.page import Page
from scan.sources.paths import compiled, path_problem, searched

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s;,<=]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,<\"]+))?)*)")
_NEXT = re.compile(r";\s*rel\s*=\s*(?:next\b|\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\")", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """How a list goes on."""

    start: Annotated[int, Doc("what {page} is first")] = 1
    step: Annotated[int, Doc("what {page} grows by: 1 counts pages, a page's size counts rows")] = 1
    next: Annotated[str | None, Doc("JMESPath to the next page's address", example="links.next")] = None
    cursor: Annotated[str | None, Doc("JMESPath to what {cursor} is next", example="meta.cursor")] = None
    link: Annotated[bool, Doc("the Link header says where the next page is")] = False
    total: Annotated[str | None, Doc("JMESPath to how many rows there are in all", example="meta.total")] = None
    until_empty: Annotated[bool, Doc("an empty page is the end; reaching max before it means cut short")] = True
    max: Annotated[int, Doc("pages read at most")] = 50

    def problems(self, template: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't go together; `template` is all that a request sends."""
        for name in ("next", "cursor", "total"):
            path = getattr(self, name)
            if path is not None and (message := path_problem(path)):
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

    def total_in(self, page: Page, answer: object) -> int | None:
        """Read how many rows there are in all; later pages need not say it.

        Raises:
            ParseError: the first page has no such number.

        """
        if self.total is None:
            return None
        found = searched(compiled(self.total), answer)
        if isinstance(found, str) and found.isascii() and found.isdecimal():
            found = int(found[:18])
        if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
            return found if found or page.number == 1 else None
        if page.number == 1:
            raise ParseError(page.url, f"a number at {self.total!r}", page.body[:400])
        return None

    def number_after(self, page: Page) -> int:
        """Give what {page} is on the next page."""
        return self.start + self.step * page.number

    def pointed(self, page: Page, answer: object) -> str | None:
        """Give the next page's address or cursor, as the answer has it; None at the end.

        Raises:
            ParseError: there is something, and it is no text.

        """
        if self.link:
            return linked(page.headers.get("link", ""))
        path = self.next if self.next is not None else self.cursor
        found = searched(compiled(path), answer) if path is not None else None
        if found is None or found is False or found == "":
            return None
        if isinstance(found, bool) or not isinstance(found, (str, int)):
            raise ParseError(page.url, f"a text at {path!r}", page.body[:400])
        return str(found)


def linked(header: str) -> str | None:
    """Read where a `Link` header (RFC 8288) says the next page is."""
    return next((link[1] for link in _LINK.finditer(header) if _NEXT.search(link[2])), None)
