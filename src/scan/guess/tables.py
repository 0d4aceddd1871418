"""Entries that may read a CSV file: what divides its cells, where its headings are, which column is which field."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from scan.guess.columns import Column
from scan.guess.fields import choose, worth
from scan.guess.guesses import Guess
from scan.guess.vocabulary import words_of
from scan.page import Page
from scan.sources.charset import decode

_DELIMITERS = ",;\t|"
_MOST_ROWS, _MOST_LINES_ABOVE = 60, 20
_MOSTLY = 0.8


def guess_table(page: Page, url: str, now: datetime) -> list[Guess]:
    """Guess an entry of kind csv; none if the text is no table, or has nothing like a title."""
    best = max(_readings(decode(page), now), key=lambda reading: reading[0], default=None)
    if best is None or not best[0]:
        return []
    points, chosen = best
    forms = {column.date_form(now) for target, column in chosen.items() if target in {"published_at", "updated_at"}}
    date = {"date": form} if len(forms) == 1 and (form := forms.pop()) else {}
    fields = {target: column.path for target, column in chosen.items()}
    keys = {"url": url, "fields": fields, **date}
    return [Guess(kind="csv", keys=keys, because="a table with headings", belief=min(0.9, 0.35 + 0.6 * points))]


def _readings(text: str, now: datetime) -> Iterator[tuple[float, dict[str, Column]]]:
    """Read the text as divided by each of the marks."""
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _MOST_ROWS))
        except csv.Error:
            continue
        table = _table([[cell.strip() for cell in row] for row in rows])
        chosen = choose(_columns(table[0], table[1:]), now) if table else None
        if chosen:
            yield worth(chosen, now), chosen


def _table(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Give the headings and the rows under them, nearly all of which have as many cells; nothing without any."""
    for number, row in enumerate(rows[:_MOST_LINES_ABOVE]):
        below = [other for other in rows[number + 1 :] if any(other)]
        if len(set(row)) == len(row) > 1 and all(row) and below:
            alike = sum(len(other) == len(row) for other in below)
            return [row, *below] if alike >= _MOSTLY * len(below) else []
    return []


def _columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    return [
        Column(name, words_of(name), tuple(row[at] or None if at < len(row) else None for row in rows))
        for at, name in enumerate(heading)
    ]
