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

    """

    __slots__ = ("_bounds", "_places", "folded", "texts")

    def __init__(self, item: Item) -> None:
        texts: tuple[str, ...]
        texts = (item.title, item.text, item.organization or "", item.location or "", item.url or "")
        joined = "\0" + "\0".join(texts) + "\0"
        if not joined.isascii() or joined.count("\0") > len(texts) + 1:  # else each is plain as it is
            texts = tuple([plain(text) for text in texts])
            joined = "\0" + "\0".join(texts) + "\0"
        self.texts = texts
        self.folded = fold(joined)
        self._places: dict[int, Sequence[int]] = {}
        self._bounds: list[int] = []

    @property
    def bounds(self) -> list[int]:
        """Where in `folded` each field begins; found when the first word is."""
        if not self._bounds:
            place = 1
            for _ in FIELDS:
                self._bounds.append(place)
                place = self.folded.index("\0", place) + 1
        return self._bounds

    def origin(self, field: int, span: Span) -> Span:
        """Lead a span of `folded` back to the field's own text."""
        if field not in self._places:
            self._places[field] = places(self.texts[field])
        start, last = span[0] - self.bounds[field], span[1] - self.bounds[field] - 1
        return self._places[field][start], self._places[field][last] + 1
