"""Columns of a table, by what their names say and what their values look like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from scan.guess.dates import date_format
from scan.guess.texts import shared_start
from scan.guess.vocabulary import naming, speaks_against
from scan.normalize.dates import parse_time
from scan.sources.numbers import number_in

_LINK = re.compile(r"(?:https?://|/(?!/)|\./|\?)\S+", re.IGNORECASE)
_OF_SEVERAL = re.compile(r"\[[0-9]*\]")
_AMOUNT = re.compile(r"\D{0,4}[0-9][0-9.,' \u00a0\u202f]*\D{0,8}")
_API = re.compile(r"//api\.|[/-]api/")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mp4|woff2?)(?:[?#]|$)", re.IGNORECASE)
_OLDEST, _FURTHEST = 1990, timedelta(days=1500)
_MOSTLY = 0.8

LEAST_OF_A_TITLE, MOST_OF_A_TITLE = 3, 200
"""Characters of a title."""

Value = str | int | float | bool | tuple[str, ...] | None
"""What one row has in a column: a scalar, or a list of texts."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        path: how a config reaches it.
        words: of its name, those of what encloses it first.
        values: one a row, None where the row has none.

    """

    path: str
    words: tuple[str, ...]
    values: tuple[Value, ...]

    @cached_property
    def present(self) -> tuple[Value, ...]:
        """What is there."""
        return tuple(value for value in self.values if value not in {None, "", ()})

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts among it."""
        return tuple(value.strip() for value in self.present if isinstance(value, str))

    @property
    def filled(self) -> float:
        """The share of rows that have something here."""
        return len(self.present) / len(self.values) if self.values else 0.0

    @cached_property
    def distinct(self) -> float:
        """The share of values that are different ones."""
        return len(set(self.present)) / len(self.present) if self.present else 0.0

    @property
    def length(self) -> float:
        """How long the texts are, on average."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    @property
    def all_texts(self) -> bool:
        """Whether nothing but texts is here."""
        return bool(self.texts) and len(self.texts) == len(self.present)

    @property
    def is_amount(self) -> bool:
        """Whether all of it is numbers written as texts: prices, counts."""
        return self.all_texts and all(_AMOUNT.fullmatch(text) and number_in(text) is not None for text in self.texts)

    def date_form(self, now: datetime) -> str | None:
        """Give the form in which all values are times: empty where it is recognized, None where they are none."""
        if not self.present or any(isinstance(value, (tuple, bool)) for value in self.present):
            return None
        if _share(is_time(value, now) for value in self.present) >= _MOSTLY:
            return ""
        return date_format(self.texts, now) if self.all_texts else None


def fit(column: Column, target: str, now: datetime) -> float:
    """Tell how well a column would do as a field: 0 to 1."""
    if _OF_SEVERAL.search(column.path) and target not in {"organization", "location"}:
        return 0.0  # of something that there are several of
    named = naming(column.words, target)
    sure = named if named or speaks_against(column.words, target) else _UNNAMED.get(target, 0.0)
    deep = 0.8 if column.path.count(".") > 1 and target == "title" else 1.0
    return sure * _LOOKS[target](column, now) * min(1.0, 0.4 + 0.6 * column.filled) * deep if sure else 0.0


_UNNAMED = {"title": 0.12, "url": 0.35, "published_at": 0.3}
"""What a column of the right look is worth whose name says nothing."""


def _as_title(column: Column, now: datetime) -> float:
    if not column.all_texts or not LEAST_OF_A_TITLE <= column.length <= MOST_OF_A_TITLE or column.filled < 0.5:
        return 0.0
    if looks_like_link(column.texts[0]) or column.date_form(now) is not None:
        return 0.0
    if len(column.texts) > 1 and re.match(r"\w{3,}\W", shared_start(column.texts)):
        return 0.8 * column.distinct  # all begin with the same word, as with a label in front
    wordy = _share(
        (not _is_slug(text) and (" " in text or len(text) > 12)) or not text.isascii() for text in column.texts
    )
    coded = not any(map(_has_letters, column.texts)) or _share(map(_is_slug, column.texts)) >= _MOSTLY
    return (0.4 + 0.6 * column.distinct) * (0.6 + 0.4 * wordy) * (0.5 if coded else 1.0)


def _as_url(column: Column, now: datetime) -> float:
    del now
    good = _share(map(looks_like_link, column.texts)) if column.all_texts and column.filled >= 0.5 else 0.0
    for_people = 1.0 if not any(map(_API.search, column.texts)) else 0.6
    return good * column.distinct * for_people if good >= _MOSTLY and column.distinct >= 0.5 else 0.0


def _as_key(column: Column, now: datetime) -> float:
    """Take what tells rows apart; an id that is twice there is one thing in two rows, which happens."""
    del now
    scalar = all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in column.present)
    short = column.length <= 120 and not any("\n" in text for text in column.texts)
    whole = len(column.values) - len(column.present) <= (len(column.values) > 1)
    return column.distinct if scalar and short and whole and column.distinct >= 0.5 else 0.0


def _as_time(column: Column, now: datetime) -> float:
    numbers = not column.texts and bool(column.present)
    return 1.0 if column.date_form(now) is not None and (not numbers or column.filled > 0.5) else 0.0


def _as_name(column: Column, now: datetime) -> float:
    if not column.all_texts or column.length > MOST_OF_A_TITLE or looks_like_link(column.texts[0]):
        return 0.0
    return 0.0 if column.date_form(now) is not None else 1.0


def _as_place(column: Column, now: datetime) -> float:
    lists = bool(column.present) and all(isinstance(value, tuple) for value in column.present)
    return 1.0 if lists else _as_name(column, now)


def _as_text(column: Column, now: datetime) -> float:
    del now
    return min(1.0, column.length / 120) if column.all_texts and column.length >= 25 else 0.0


_LOOKS = {
    "title": _as_title,
    "url": _as_url,
    "key": _as_key,
    "published_at": _as_time,
    "updated_at": _as_time,
    "organization": _as_name,
    "location": _as_place,
    "text": _as_text,
}


def looks_like_link(text: str) -> bool:
    """Tell whether a text is an address of a page."""
    return bool(_LINK.fullmatch(text)) and not _FILE.search(text)


def is_time(value: object, now: datetime) -> bool:
    """Tell whether a value is a time that something could have been published at."""
    if not isinstance(value, (str, int, float)) or (isinstance(value, str) and len(value) < 4):
        return False
    at = parse_time(value, now=now).at
    return at is not None and at.year >= _OLDEST and at - now < _FURTHEST


def _is_slug(text: str) -> bool:
    """Tell whether a text is made for addresses: `senior-engineer-27`."""
    return bool(_SLUG.fullmatch(text))


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _share(tests: Iterable[bool]) -> float:
    found = list(tests)
    return sum(found) / len(found) if found else 0.0
