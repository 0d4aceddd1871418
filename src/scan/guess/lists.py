"""Entries that may read a web page that lists things: the repeated part that looks most like items, and its fields."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scan.guess.answers import written
from scan.guess.columns import Column
from scan.guess.elements import Element, elements
from scan.guess.fields import Chosen, choose, worth
from scan.guess.groups import Group, groups
from scan.guess.guesses import Guess
from scan.guess.onward import next_of
from scan.guess.selectors import selector_of
from scan.guess.slots import columns_of
from scan.page import Page
from scan.sources.document import base_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_LOOKED_AT, _MOST = 30, 3
_AROUND = 0.2
_FULL, _TITLES_ONLY = 1.0, 0.29
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class _Found:
    group: Group
    chosen: Chosen
    points: float


def guess_lists(page: Page, tree: "LexborHTMLParser", url: str, now: datetime) -> list[Guess]:
    """Guess entries of kind html, the best first."""
    base = base_of(tree, page.url) or page.url
    promising = sorted(groups(elements(tree)), key=_promise, reverse=True)[:_LOOKED_AT]
    found = sorted((_judged(group, base, now) for group in promising), key=lambda one: -one.points)
    onward = next_of(tree, page.url)
    guesses: list[Guess] = []
    taken: list[Group] = []
    for one in found:
        if one.points <= 0 or len(guesses) >= _MOST:
            break
        if any(_overlap(one.group, other) for other in taken):
            continue
        if selector := selector_of(one.group, tree):
            taken.append(one.group)
            guesses.append(_guess(one, selector, url, onward, now))
    return guesses


def _promise(group: Group) -> float:
    """Weigh a group at a glance: how many there are, how much they say."""
    count = len(group.elements)
    sample = group.elements[:10]
    texts = [" ".join((element.node.text(deep=True) or "").split()) for element in sample]
    length = sum(min(len(text), 300) for text in texts) / len(texts)
    distinct = len(set(texts)) / len(texts)
    links = sum(element.tag == "a" or element.node.css_first("a[href]") is not None for element in sample) / len(sample)
    return math.log2(1 + count) * min(length, 120) * distinct * (0.5 + links) * (_AROUND if group.around else 1.0)


def _judged(group: Group, base: str, now: datetime) -> _Found:
    columns = columns_of(group.elements, _headings(group.elements[0]), base)
    chosen = _with_its_own_link(choose(columns, now), columns)
    if not chosen:
        return _Found(group, {}, 0.0)
    points = worth(chosen, now) * (0.7 + math.log2(len(group.elements)) / 10)
    points *= _kinship(group.elements) * (_AROUND if group.around else 1.0)
    return _Found(group, chosen, points)


def _with_its_own_link(chosen: dict[str, Column], columns: Sequence[Column]) -> Chosen:
    """Take the link that the title is, or holds, before any other."""
    if "title" not in chosen or "url" not in chosen:
        return chosen
    title = chosen["title"].path
    own = [
        column for column in columns if column.path in {f"{title}@href", f"{title} a@href"} and column.distinct > 0.5
    ]
    return {**chosen, "url": own[0]} if own else chosen


def _kinship(items: Sequence[Element]) -> float:
    """Weigh the items' links: those of a list lead into one part of a site, those of a menu to many; few to each other.

    An element with many links is a list of its own.
    """
    links = [[_directory(link) for link in _links(element)] for element in items[:30]]
    several = sum(len(set(ones)) for ones in links) / len(links)
    families = Counter(family for ones in links for family, _ in dict.fromkeys(ones[:1]))
    if not families:
        return 1.0 if items[0].tag == "tr" else 0.6
    family, count = families.most_common(1)[0]
    deep = 1.0 if family else 0.6
    return (0.5 + 0.5 * count / len(links)) * deep * (1.0 if several <= 4 else 0.5)


def _links(element: Element) -> list[str]:
    own = [element.attribute("href")] if element.tag == "a" else []
    return own + [
        href for node in element.node.css("a[href]")[:20] if (href := (node.attributes.get("href") or "").strip())
    ]


def _directory(link: str) -> tuple[str, str]:
    """Give the part of a site that a link leads into, and the link."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "", link
    folder, _, name = _NUMBER.sub("0", parts.path.rstrip("/")).rpartition("/")
    return (f"{parts.netloc}{folder}/" if folder.strip("/") else f"{name}?" if parts.query else ""), link


def _headings(element: Element) -> list[str]:
    """Give the headings over a table's row."""
    if element.tag != "tr":
        return []
    table = element.parent
    while table is not None and table.tag != "table":
        table = table.parent
    row = next((row for row in table.node.css("tr") if row.css_first("th") is not None), None) if table else None
    return [" ".join(cell.text(separator=" ").split()) for cell in row.css("th, td")] if row else []


def _overlap(one: Group, other: Group) -> bool:
    """Tell whether two groups are the same items, or the one's within the other's."""
    if one.ids & other.ids:
        return True
    inner, outer = (one, other) if one.elements[0].depth > other.elements[0].depth else (other, one)
    parent = inner.elements[0].parent
    while parent is not None:
        if parent.node.mem_id in outer.ids:
            return True
        parent = parent.parent
    return False


def _says_enough(chosen: Chosen) -> bool:
    """Tell whether there is more than titles: headings of any text look like those."""
    return "url" in chosen or "published_at" in chosen or sum(target.startswith("attributes.") for target in chosen) > 1


def _guess(found: _Found, selector: str, url: str, onward: str | None, now: datetime) -> Guess:
    fields = {target: written(column, target, now, "select") for target, column in found.chosen.items()}
    keys = {"url": url, "items": selector, "fields": fields}
    single = Guess(
        kind="html",
        keys=keys,
        because=f"{len(found.group.elements)} parts of the page that are alike",
        belief=min(0.85 if _says_enough(found.chosen) else _TITLES_ONLY, 0.25 + 0.6 * found.points / _FULL),
    )
    if onward is None:
        return single
    paged = {**keys, "pages": {"next": onward}}
    because = f"{single.because}, and a link to the next page"
    return Guess(kind="html", keys=paged, because=because, belief=single.belief + 0.02, otherwise=(single,))
