"""What a config picks out of an element of a page."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from scan.declare import Doc, Problem
from scan.model import RawTime
from scan.sources.fields import TIMES, attribute_of, zone_problem

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SHORT = re.compile(r"(?P<select>.*?)\s*@(?P<attr>[A-Za-z_:][\w:.-]*)", re.DOTALL)

_NOT_SHOWN = ["script", "style", "template"]


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A field's value within an item's element: the long form."""

    select: Annotated[str, Doc("CSS; empty for the item's own element", example="td.date")] = ""
    attr: Annotated[str | None, Doc("an attribute instead of the text", example="datetime")] = None
    date: Annotated[str | None, Doc("how the time is written, as for strptime", example="'%B %d, %Y'")] = None
    zone: Annotated[str | None, Doc("the IANA zone of a time without one", example="America/Chicago")] = None
    pattern: Annotated[str | None, Doc("RE2: its first group is taken, or the whole match")] = None
    fixed: Annotated[str | None, Doc("this text, the same for every item")] = None

    def problems(self, target: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't fit the field."""
        place = ("fields", target)
        if self.select and not compiles(self.select):
            yield Problem(place, f"not a CSS selector: {self.select!r}")
        if self.pattern is not None and (message := _pattern_problem(self.pattern)):
            yield Problem((*place, "pattern"), message)
        if (self.date or self.zone) and target not in TIMES:
            yield Problem(place, f"date and zone are for {' and '.join(TIMES)} only")
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem((*place, "zone"), message)


@lru_cache(maxsize=10_000)
def short(pick: str | Pick) -> Pick:
    """Read the short form: `CSS`, `CSS@attribute`, `@attribute`, `.`."""
    if isinstance(pick, Pick):
        return pick
    found = _SHORT.fullmatch(pick.strip())
    select, attr = (found["select"], found["attr"]) if found else (pick.strip(), None)
    return Pick(select="" if select == "." else select, attr=attr)


def picked(pick: Pick, element: "LexborNode", target: str) -> str | RawTime | None:
    """Give a field's value as the page has it; None where it has none.

    A description stays HTML, any other text of an item's own is escaped once, so that `normalize` reads both alike.
    """
    value = pick.fixed if pick.fixed is not None else _found(pick, element, target)
    if value is None or not value.strip():
        return None
    if target in TIMES:
        return RawTime(value=" ".join(value.split()), format=pick.date, zone=pick.zone) if _dated(pick) else value
    return value


def _dated(pick: Pick) -> bool:
    return pick.date is not None or pick.zone is not None


def _found(pick: Pick, element: "LexborNode", target: str) -> str | None:
    node = element.css_first(pick.select) if pick.select else element
    if node is None:
        return None
    if pick.attr is not None:
        return _matched(pick, node.attributes.get(pick.attr.lower()))
    if target == "text" and pick.pattern is None:
        return node.inner_html
    text = _matched(pick, text_of(node))
    plain = text is None or target in {"key", "url", *TIMES} or attribute_of(target) is not None
    return text if plain else html.escape(text or "", quote=False)


def text_of(node: "LexborNode") -> str:
    """Give the text of an element, its parts set apart by spaces."""
    if node.css_first(",".join(_NOT_SHOWN)) is not None:
        node = node.clone()
        node.strip_tags(_NOT_SHOWN)
    return node.text(separator=" ")


def _matched(pick: Pick, text: str | None) -> str | None:
    if pick.pattern is None or text is None:
        return text
    found = _pattern(pick.pattern).search(text)
    if not found:
        return None
    matched: str | None = found.group(1 if found.re.groups else 0)
    return matched


def compiles(selector: str) -> bool:
    """Tell whether this is CSS that the parser understands."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # as in html.py

    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        return False
    return True


@lru_cache(maxsize=10_000)
def _pattern(pattern: str) -> Any:
    import re2  # only patterns need it

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _pattern_problem(pattern: str) -> str | None:
    import re2  # as above

    try:
        _pattern(pattern)
    except re2.error as error:
        return f"not an RE2 pattern: {error}"
    return None
