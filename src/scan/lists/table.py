"""Tables as people keep them: headings, and rows beneath. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scan.errors import ListError

MOST_ROWS = 100_000


class Table(msgspec.Struct, frozen=True):
    """A list's rows.

    Attributes:
        headings: as written, spaces folded; empty where a column has none.
        rows: their number, counted as a spreadsheet does (the headings usually are row 1), and their cells, without the
            spaces around them; one for each heading.

    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def columns(self) -> Mapping[str, int]:
        """Where each column is, by its plain heading; of a heading that is there twice, nowhere."""
        names = [plain(heading) for heading in self.headings]
        counts = Counter(names)
        return {name: place for place, name in enumerate(names) if name and counts[name] == 1}


def plain(heading: str) -> str:
    """Give a heading as it is compared: case and spaces don't matter."""
    return " ".join(heading.split()).casefold()


def of_cells(rows: Iterable[Sequence[str]]) -> Table:
    """Make a table of rows of cells: the first row that has any are the headings, empty ones are passed over.

    Raises:
        ListError: there is nothing beneath the headings, or more than anybody means.

    """
    headings: tuple[str, ...] = ()
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, row in enumerate(rows, start=1):
        cells = tuple(map(str.strip, row))
        if not any(cells):
            continue
        if not headings:
            headings = tuple(" ".join(cell.split()) for cell in cells)
            continue
        kept.append((number, (*cells, *("",) * (len(headings) - len(cells)))[: len(headings)]))
        if len(kept) > MOST_ROWS:
            raise ListError(f"more than {MOST_ROWS} rows; a smaller list would be right")
    if not kept:
        raise ListError("no rows; a row of headings and one for each source would be right")
    return Table(headings=headings, rows=tuple(kept))
