"""What a config picks out of an element of a page."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from scan.declare import Doc, Problem
from scan.model import RawTime
from scan.sources.document import absolute
from scan.sources.fields import TIMES, attribute_of
from scan.sources.refining import Refined

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SHORT = re.compile(r"(?P<select>.*?)\s*@(?P<attr>[A-Za-z_:][\w:.-]*)", re.DOTALL)

_LINKS = frozenset({"href", "src"})

_NOT_SHOWN = ["script", "style", "template"]


@dataclass(frozen=True, kw_only=True)
class Pick(Refined):
    """A field's value within an item's element: the long form."""

    select: Annotated[str, Doc("CSS; empty for the item's own element", example="td.date")] = ""
    attr: Annotated[str | None, Doc("an attribute instead of the text", example="datetime")] = None

    def problems(self, target: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't fit the field."""
        if self.select and not compiles(self.select):
            yield Problem(("fields", target), f"not a CSS selector: {self.select!r}")
        yield from super().problems(target)


@lru_cache(maxsize=10_000)
def short(pick: str | Pick) -> Pick:
    """Read the short form: `CSS`, `CSS@attribute`, `@attribute`, `.`."""
    if isinstance(pick, Pick):
        return pick
    found = _SHORT.fullmatch(pick.strip())
    select, attr = (found["select"], found["attr"]) if found else (pick.strip(), None)
    return Pick(select="" if select == "." else select, attr=attr)


def picked(pick: Pick, element: "LexborNode", target: str) -> str | float | RawTime | None:
    """Give a field's value as the page has it; None where it has none.

    A description stays HTML, any other text of an item's own is escaped once, so that `normalize` reads both alike.
    """
    return pick.finished(pick.fixed if pick.fixed is not None else _found(pick, element, target), target)


def picked_on(pick: Pick, element: "LexborNode", target: str, found_at: str) -> str | float | RawTime | None:
    """Pick a field's value; a link among the attributes is made absolute, which an item's own address becomes later."""
    value = picked(pick, element, target)
    link = (pick.attr or "").lower() in _LINKS and pick.pattern is None and pick.fixed is None
    is_attribute = attribute_of(target) is not None
    return absolute(found_at, value) if link and is_attribute and isinstance(value, str) else value


def _found(pick: Pick, element: "LexborNode", target: str) -> str | None:
    node = element.css_first(pick.select) if pick.select else element
    if node is None:
        return None
    if pick.attr is not None:
        return pick.matched(node.attributes.get(pick.attr.lower()))
    if target == "text" and pick.pattern is None:
        return node.inner_html
    text = pick.matched(text_of(node))
    plain = text is None or target in {"key", "url", *TIMES} or attribute_of(target) is not None
    return text if plain else html.escape(text or "", quote=False)


def text_of(node: "LexborNode") -> str:
    """Give the text of an element, its parts set apart by spaces."""
    if node.css_first(",".join(_NOT_SHOWN)) is not None:
        node = node.clone()
        node.strip_tags(_NOT_SHOWN)
    return node.text(separator=" ")


def compiles(selector: str) -> bool:
    """Tell whether this is CSS that the parser understands."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # as in html.py

    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        return False
    return True
