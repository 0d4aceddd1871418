"""What a group's elements hold, as columns: each a selector that finds something in most of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scan.guess.columns import Column
from scan.guess.elements import Element, has_name, text_of
from scan.guess.stability import is_stable
from scan.guess.vocabulary import NAMES, naming, words_of
from scan.sources.document import absolute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SAMPLE = 30
_LOOKED_INTO, _MOST_INSIDE, _MOST_SELECTORS = 8, 80, 70
_FEWEST_SHARE = 0.4
_MEANINGS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5"), ("title",)),
    "time": ("date",),
    "address": ("location",),
    "p": ("text",),
}
_OWN_TEXT = {"a": ("name",), **dict.fromkeys(("li", "h2", "h3", "h4", "p"), ("caption",))}
_ICONS = {
    **dict.fromkeys(("marker", "map", "pin", "location", "geo"), ("location",)),
    **dict.fromkeys(("clock", "calendar"), ("date",)),
    **dict.fromkeys(("building", "company", "industry"), ("company",)),
}
_NAMED_BY = ("itemprop", "data-testid", "data-test", "data-qa", "data-automation", "data-label")
_NO_PAGE = re.compile(r"(?i)#|javascript:|mailto:|tel:|data:")
_VALUE = re.compile(r"[A-Za-z][\w. -]{0,60}")
_HIDDEN = frozenset(("script", "style", "noscript", "svg", "template", "img", "input", "button", "path", "select"))


def columns_of(group: Sequence[Element], headings: Sequence[str], base: str) -> list[Column]:
    """Find what the elements of a group hold.

    Args:
        group: of which the first are looked at.
        headings: of the columns, if the group is a table's rows.
        base: what links are relative to.

    """
    nodes = [element.node for element in group[:SAMPLE]]
    found: dict[tuple[object, ...], Column] = {}
    for selector, words in _selectors(nodes, headings):
        column = Column(selector, words, tuple(_value(node, selector, base) for node in nodes))
        if column.filled >= _FEWEST_SHARE:
            before = found.get(column.values)
            if before is None or _telling(column) > _telling(before):
                found[column.values] = column
    return list(found.values())


def _telling(column: Column) -> float:
    return max(naming(column.words, target) for target in NAMES)


def _value(node: "LexborNode", selector: str, base: str) -> str | None:
    """Find what a selector as an entry has it leads to; a link, absolute."""
    css, _, attribute = selector.partition("@")
    inner = node if css in {"", "."} else node.css_first(css)
    if inner is None:
        return None
    if attribute == "href":
        link = (inner.attributes.get("href") or "").strip()
        return absolute(base, link) if link and not _NO_PAGE.match(link) else None
    return (inner.attributes.get(attribute) if attribute else text_of(inner)) or None


def _selectors(nodes: Sequence["LexborNode"], headings: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give selectors to try, with the words that say what they find; the surest first."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes[:_LOOKED_INTO]:
        if node.tag == "a":
            found.setdefault("@href", ("url",))
        for number, inner in enumerate(node.css("*")):
            if number >= _MOST_INSIDE:
                break
            if inner.tag not in _HIDDEN and has_name(inner) and inner.mem_id != node.mem_id:
                for selector, words in _of(inner, node, headings):
                    found.setdefault(selector, words)
    found.setdefault(".", _OWN_TEXT.get(str(nodes[0].tag), ()))
    yield from list(found.items())[:_MOST_SELECTORS]


def _of(inner: "LexborNode", item: "LexborNode", headings: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    tag, attributes = str(inner.tag), inner.attributes
    own = list(_names(inner))
    by_name = [(f"{tag}.{name}", words_of(name)) for name in own] + list(_by_attribute(inner))
    if tag in {"td", "th"} and inner.parent is not None:
        at = 1 + sum(1 for sibling in _before(inner) if sibling.tag in {"td", "th"})
        heading = headings[at - 1] if at <= len(headings) else ""
        by_name.append((f"{tag}:nth-child({at})", words_of(heading)))
    if icon := _icon_before(inner):
        by_name.append(icon)
    meaning = _MEANINGS.get(tag, ())
    places = by_name or [(f"{parent}{tag}", meaning) for parent in _parents(inner, item)]
    holds_others = tag not in _MEANINGS and inner.css_first("h1, h2, h3, h4, h5") is not None
    for selector, words in places:
        if tag == "a":
            yield f"{selector}@href", (*words, "url")
        if holds_others:
            continue
        if tag == "a":
            yield selector, words or ("name",)
        elif tag == "time" and attributes.get("datetime"):
            yield f"{selector}@datetime", ("published", "date")
        else:
            yield selector, (*words, *meaning) if meaning and not words else words


def _names(node: "LexborNode") -> Iterable[str]:
    return [name for name in (node.attributes.get("class") or "").split() if is_stable(name)][:3]


def _by_attribute(node: "LexborNode") -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in _NAMED_BY:
        value = node.attributes.get(name) or ""
        if _VALUE.fullmatch(value) and not any(map(str.isdigit, value)):
            yield f'[{name}="{value}"]', words_of(value)


def _parents(inner: "LexborNode", item: "LexborNode") -> list[str]:
    """Give what may stand before an element's tag: its nearest parent with a name, else nothing."""
    parent = inner.parent
    while parent is not None and parent.mem_id != item.mem_id:
        names = list(_names(parent))
        if names and has_name(parent):
            return [f"{parent.tag}.{names[0]} "]
        if parent.tag in _MEANINGS or parent.tag in {"td", "th", "dd"}:
            return [f"{parent.tag} "]
        parent = parent.parent
    return [""]


def _icon_before(node: "LexborNode") -> tuple[str, tuple[str, ...]] | None:
    """Name an element by the icon in front of it: `i.fa-map-marker + span`."""
    before = next(iter(_before(node)), None)
    if before is None or before.tag not in {"i", "span"}:
        return None
    for name in (before.attributes.get("class") or "").split():
        for word in words_of(name):
            if word in _ICONS and re.fullmatch(r"[A-Za-z][\w-]*", name):
                return f"{before.tag}.{name} + {node.tag}", _ICONS[word]
    return None


def _before(node: "LexborNode") -> Iterator["LexborNode"]:
    """Give the elements before one under the same parent, the nearest first."""
    sibling = node.prev
    while sibling is not None:
        if not (sibling.tag or "-").startswith("-"):
            yield sibling
        sibling = sibling.prev
