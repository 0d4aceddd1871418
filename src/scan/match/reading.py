"""An item as the searches read it: its fields, folded into one text."""

from collections.abc import Sequence

from scan.match.fold import fold, places, plain
from scan.match.search import FIELDS
from scan.model import Item

Span = tuple[int, int]

DEFAULT_FIELDS = sum(1 << place for place, field in enumerate(FIELDS) if field != "url")
"""The fields that a word without a field is looked for in, as bits, the first of `FIELDS` the lowest."""


class Reading:
    """One item's fields.

    Attributes:
        texts: in the order of `FIELDS`, plain, empty where the item has none.
        folded: all of them folded, each between two NULs, which no word can cross.
        bounds: where in `folded` each field begins.

    """

    __slots__ = ("_places", "bounds", "folded", "texts")

    def __init__(self, item: Item) -> None:
        texts = (item.title, item.text, item.organization, item.location, item.url)
        self.texts = tuple([plain(text) if text else "" for text in texts])
        self.folded = folded = fold("\0" + "\0".join(self.texts) + "\0")
        self._places: dict[int, Sequence[int]] = {}
        self.bounds = [1]
        for _ in FIELDS[1:]:
            self.bounds.append(folded.index("\0", self.bounds[-1]) + 1)

    def origin(self, field: int, span: Span) -> Span:
        """Lead a span of `folded` back to the field's own text."""
        if field not in self._places:
            self._places[field] = places(self.texts[field])
        start, last = span[0] - self.bounds[field], span[1] - self.bounds[field] - 1
        return self._places[field][start], self._places[field][last] + 1
