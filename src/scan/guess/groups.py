"""The repeated parts of a page: elements of one form, and those of one parent."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scan.guess.elements import Element

FEWEST, MOST = 2, 20_000
_TAGS = frozenset(
    ("li", "tr", "article", "div", "section", "a", "p", "dt", "h2", "h3", "h4", "span", "figure", "details")
)


@dataclass(frozen=True, eq=False)
class Group:
    """Elements that may be items, in the page's order."""

    elements: tuple[Element, ...]

    @property
    def around(self) -> bool:
        """Whether most of them are no part of the page's content."""
        return 2 * sum(element.around for element in self.elements) > len(self.elements)

    @cached_property
    def ids(self) -> frozenset[int]:
        """What tells the elements from others of the page."""
        return frozenset(element.node.mem_id for element in self.elements)


def groups(elements: Sequence[Element]) -> list[Group]:
    """Find every group, each once."""
    shown = [element for element in elements if element.tag != "tr" or element.node.css_first("td") is not None]
    found = [*_of_one_form(shown), *_of_one_parent(shown)]
    distinct = {group.ids: group for group in found if _fewest(group) <= len(group.elements) <= MOST}
    return list(distinct.values())


def _fewest(group: Group) -> int:
    """Tell how many make a list: an article by itself may be the only one of the day."""
    return 1 if group.elements[0].tag == "article" else FEWEST


def _of_one_form(elements: Sequence[Element]) -> Iterator[Group]:
    """Group elements with the same tag and lasting classes whose parents are alike, wherever they stand."""
    alike: dict[object, list[Element]] = defaultdict(list)
    for element in elements:
        if element.tag in _TAGS and element.parent is not None:
            alike[element.form, element.parent.form].append(element)
    yield from (Group(tuple(group)) for group in alike.values())
    named: dict[object, list[Element]] = defaultdict(list)
    for element in elements:
        if element.tag in _TAGS and element.lasting:
            named[element.form].append(element)
    yield from (Group(tuple(group)) for group in named.values())


def _of_one_parent(elements: Sequence[Element]) -> Iterator[Group]:
    """Group the children of one element that have the same tag, whatever their classes."""
    children: dict[tuple[int, str], list[Element]] = defaultdict(list)
    for element in elements:
        if element.tag in _TAGS and element.parent is not None:
            children[element.parent.node.mem_id, element.tag].append(element)
    yield from (Group(tuple(group)) for group in children.values())
