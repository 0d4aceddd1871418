"""The selector that finds a group's elements and no others, as lasting as the page allows."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scan.guess.elements import Element
from scan.guess.groups import Group
from scan.guess.stability import is_stable
from scan.guess.texts import shared_start
from scan.guess.vocabulary import HOLDS_ITEMS, words_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_TELLING = HOLDS_ITEMS | frozenset(
    (
        *(
            "job",
            "item",
            "entry",
            "post",
            "row",
            "card",
            "result",
            "listing",
            "article",
            "event",
            "opening",
            "position",
        ),
        *(
            "vacancy",
            "offer",
            "product",
            "unit",
            "record",
            "story",
            "teaser",
            "meeting",
            "document",
            "opportunity",
            "tile",
        ),
    )
)
_PREFIX_OF_ID = re.compile(r"([A-Za-z][A-Za-z_-]*[-_])\d+")
_CONTEXT, _FEWEST_LINKS = 4, 2
_NAMED_BY = ("data-testid", "data-test", "data-qa", "itemtype", "data-automation")


def selector_of(group: Group, tree: "LexborHTMLParser") -> str | None:
    """Give the best selector of a group; None where none finds just its elements."""
    return next((one for one in _candidates(group.elements) if _finds(tree, one) == group.ids), None)


def _finds(tree: "LexborHTMLParser", selector: str) -> frozenset[int]:
    return frozenset(node.mem_id for node in tree.css(selector))


def _candidates(elements: Sequence[Element]) -> Iterator[str]:
    """Give selectors, the most lasting first: by a telling name, by an attribute, by a link, by what encloses them."""
    tag = elements[0].tag
    names = [name for name in elements[0].lasting if all(name in other.lasting for other in elements)]
    telling = [name for name in names if _TELLING & set(words_of(name))]
    own = [f"{tag}.{name}" for name in (*telling, *(name for name in names if name not in telling))]
    own += _by_attribute(elements)
    links = list(_by_link(elements))
    contexts = list(_contexts(elements))
    yield from own
    yield from (f"{one}{link}" for one in own for link in links)
    yield from (f"{tag}{link}" for link in links if tag == "a")
    yield from (f"{context}{one}" for context in contexts for one in own or [tag])
    yield from (f"{tag}{link}" for link in links)
    yield from (f"{context}{tag}{rest}" for context in contexts for rest in (*links, *_by_content(elements)))
    yield from (f"{tag}{rest}" for rest in ("", *_by_content(elements)) if tag in {"article", "tr"})


def _by_attribute(elements: Sequence[Element]) -> Iterator[str]:
    for name in _NAMED_BY:
        values = {element.attribute(name) for element in elements}
        if len(values) == 1 and (value := values.pop()) and re.fullmatch(r"[\w:/. -]+", value):
            yield f'{elements[0].tag}[{name}="{value}"]'
    prefixes = {found[1] if (found := _PREFIX_OF_ID.fullmatch(one.attribute("id"))) else "" for one in elements}
    if len(prefixes) == 1 and (prefix := prefixes.pop()):
        yield f'{elements[0].tag}[id^="{prefix}"]'


def _by_link(elements: Sequence[Element]) -> Iterator[str]:
    """Select by how all links of the elements begin, or by a part that all have."""
    links = [_first_link(element) for element in elements]
    if not all(links) or len(set(links)) < _FEWEST_LINKS:
        return
    is_link = elements[0].tag == "a"
    shared = shared_start([link.partition("#")[0] for link in links])
    shared = re.sub(r"(?<=/)[^/]*[0-9].*", "", shared[: shared.rfind("/") + 1])
    plain = re.sub(r"^https?://[^/]*", "", shared)
    for operator, part in (("^", plain if shared == plain else ""), ("*", plain)):
        if len(part) > 1 and re.fullmatch(r"[\w/.%~-]+", part):
            test = f'[href{operator}="{part}"]'
            yield test if is_link else f":has(a{test})"


def _first_link(element: Element) -> str:
    if element.tag == "a":
        return element.attribute("href")
    link = element.node.css_first("a[href]")
    return (link.attributes.get("href") or "").strip() if link else ""


def _by_content(elements: Sequence[Element]) -> Iterator[str]:
    for inner in ("td", "a", "h3", "h2", "strong", "time", "p"):
        if all(element.node.css_first(inner) is not None for element in elements):
            yield f":has({inner})"


def _contexts(elements: Sequence[Element]) -> Iterator[str]:
    """Name what encloses all elements: their parent, or something further out, by id or class."""
    parents = [element.parent for element in elements]
    between = " > "
    for _ in range(_CONTEXT):
        first = parents[0]
        if first is None:
            return
        same = all(parent is not None and parent.form == first.form for parent in parents)
        if same:
            yield from (f"{name}{between}" for name in _own_names(first, parents))
        parents = [parent.parent if parent is not None else None for parent in parents]
        between = " "


def _own_names(first: Element, parents: Sequence[Element | None]) -> Iterator[str]:
    name = first.attribute("id")
    if name and is_stable(name) and all(parent is first for parent in parents):
        yield f"#{name}"
    yield from (f"{first.tag}.{name}" for name in first.lasting)
    if first.tag in {"tbody", "main", "article", "ul", "ol", "dl", "section"}:
        yield first.tag
