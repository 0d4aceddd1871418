"""A web page's elements, each with what tells its like: tag, lasting classes, where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scan.guess.stability import is_stable

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST = 40_000
"""Elements looked at; real pages have some thousands."""

_SKIPPED = frozenset(("script", "style", "noscript", "svg", "template", "head", "iframe", "select", "option", "object"))
_TAG = re.compile("[a-z][a-z0-9-]*")
_AROUND_TAGS = frozenset(("nav", "footer", "header", "aside"))
_AROUND_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "menu", "menubar", "search", "complementary", "dialog")
)
_NEVER_AROUND = frozenset(("article", "li", "tr", "main", "table", "tbody", "body"))
_AROUND = re.compile(
    r"""(?xi) ^ (?! (?: has | with | no | without | show | is | page | layout ) [-_] ) (?: .* [-_] )?
      (?: nav | navbar | navigation | menu | submenu | footer | foot | header | masthead | sidebar | breadcrumbs?
      | cookies? | consent | social | share | sharing | lang | languages? | dropdown | pagination | pager | paging
      | toolbar | tabs? | filters? | facets? | widget | related | similar | recommended | popular | trending
      | newsletter | modal | popup | banner | ads? | advert | skip | login | tags? | tagcloud ) (?: [-_] .* )? $"""
)
_CONTENT = "main, article, h1"
"""Whatever encloses one of these is no surrounding, whatever it is called."""


@dataclass(frozen=True, eq=False)
class Element:
    """One element.

    Attributes:
        node: as the parser has it.
        parent: None of the outermost.
        around: it is, or stands in, what surrounds a page's content: navigation, footer, filters.
        depth: elements around it.

    """

    node: "LexborNode"
    parent: "Element | None"
    around: bool
    depth: int

    @property
    def tag(self) -> str:
        """Its name."""
        return str(self.node.tag)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Its classes, as written."""
        return tuple(dict.fromkeys((self.node.attributes.get("class") or "").split()))

    @cached_property
    def lasting(self) -> tuple[str, ...]:
        """Those of its classes that will stay."""
        return tuple(name for name in self.classes if is_stable(name))

    @property
    def form(self) -> tuple[str, tuple[str, ...]]:
        """What those of a kind have in common."""
        return self.tag, self.lasting

    def attribute(self, name: str) -> str:
        """Give an attribute's value, empty where it has none."""
        return (self.node.attributes.get(name) or "").strip()


def elements(tree: "LexborHTMLParser") -> list[Element]:
    """List a page's elements in its order, without what shows nothing."""
    return list(_walk(tree.body)) if tree.body is not None else []


def _walk(body: "LexborNode") -> Iterator[Element]:
    waiting = [Element(body, None, around=False, depth=0)]
    left = MOST
    while waiting and left:
        element = waiting.pop()
        left -= 1
        yield element
        children = [child for child in element.node.iter() if child.tag not in _SKIPPED and has_name(child)]
        waiting += [
            Element(child, element, element.around or _surrounds(child), element.depth + 1)
            for child in reversed(children)
        ]


def _surrounds(node: "LexborNode") -> bool:
    attributes = node.attributes
    if node.tag in _AROUND_TAGS:
        return node.tag != "header" or not any(one.tag == "article" for one in _ancestors(node))
    if (attributes.get("role") or "") in _AROUND_ROLES:
        return True
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return node.tag not in _NEVER_AROUND and any(map(_AROUND.match, named)) and node.css_first(_CONTENT) is None


def has_name(node: "LexborNode") -> bool:
    """Tell whether an element's name can stand in a selector: `<td<p>` is one of the name `td<p`."""
    return _TAG.fullmatch(str(node.tag)) is not None


def _ancestors(node: "LexborNode") -> Iterator["LexborNode"]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def text_of(node: "LexborNode") -> str:
    """Give an element's text on one line."""
    return " ".join(node.text(separator=" ").split())
