"""Texts with `{column}` in them, to be filled from a list's rows. Pure.

A row comes from elsewhere and is data: a `${…}` in it stays as it is, and in an address it is escaped, so that it can
neither bring in a secret nor lead where the config's own text did not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote

import msgspec

from scan.config.findings import shown
from scan.lists.table import plain

Pieces = tuple[str | int, ...]
"""A text in parts: as it stands, or the place of the cell that belongs there."""

_TOKEN = re.compile(r"\$\$\{|\$\{[^}]*\}?|\{([^{}]+)\}")
_ADDRESS = re.compile(r"(https?)://[^/?#]*|(file):", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@\\%:\[\]]+(?::[0-9]{1,5})?")
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_ENDS_IN_CELL = re.compile(r"(?i)\0|https?://[^/?#]*\0(?::\d*)?(?:[/?#]|$)")


class Unfit(ValueError):
    """A row cannot fill a text; the message says why."""


class Filling(msgspec.Struct, frozen=True):
    """How one list's rows fill texts.

    Attributes:
        headings: of the columns, as written.
        columns: the place of each, by its plain heading.
        expand: puts in the value of a `${…}`; raises ValueError where there is none.
        trusted: the list is as much the user's own as the config, and may name files.
        arguments: the texts are a program's arguments; no cell may make an option of one, unless the list is trusted.

    """

    headings: Sequence[str]
    columns: Mapping[str, int]
    expand: Callable[[str], str]
    trusted: bool
    arguments: bool = False

    def pieces(self, text: str) -> Pieces | None:
        """Take a text apart; None if no column is in it.

        Raises:
            ValueError: a `${…}` in it has no value.

        """
        if not any(plain(name) in self.columns for name in tokens(text)):
            return None
        pieces: list[str | int] = []
        done = 0
        for token in _TOKEN.finditer(text):
            place = self.columns.get(plain(token[1])) if token[1] else None
            pieces.append(text[done : token.start()])
            pieces.append(place if place is not None else self.expand(token[0]) if token[0][0] == "$" else token[0])
            done = token.end()
        pieces.append(text[done:])
        return tuple(piece for piece in pieces if piece != "")

    def fill(self, pieces: Pieces, row: Sequence[str]) -> str:
        """Put a row's cells in; a text that is one empty cell is empty, and else no cell may be.

        Raises:
            Unfit: a cell doesn't belong there.

        """
        text = ""
        for piece in pieces:
            text += piece if isinstance(piece, str) else self._cell(piece, row, text, alone=len(pieces) == 1)
        if not self.trusted and not isinstance(pieces[0], str) and text[:5].lower() == "file:":
            raise Unfit("names a file of this machine, which a list from elsewhere may not")
        if self.arguments and not self.trusted and not isinstance(pieces[0], str) and text.startswith("-"):
            raise Unfit(f"{shown(text)!r} would be an option, which a list from elsewhere may not give")
        return text

    def name(self, pieces: Pieces, row: Sequence[str]) -> str:
        """Fill a source's name: what no name may have in it becomes a hyphen.

        Raises:
            Unfit: nothing of a cell is left.

        """
        return "".join(piece if isinstance(piece, str) else self._slug(piece, row) for piece in pieces)

    def _cell(self, place: int, row: Sequence[str], before: str, *, alone: bool) -> str:
        cell = row[place]
        if not cell and not alone:
            raise Unfit(f"the column {self.headings[place]} is empty")
        if not cell.isprintable():
            raise Unfit(f"the column {self.headings[place]} has a line break or the like in it")
        address = _ADDRESS.match(before)
        if address is None:
            return cell
        if address[2] and ("/" in cell or cell in {".", ".."}):
            raise Unfit(f"{shown(cell)!r} is no file's name")
        if address[1] and address.end() == len(before) and not _HOST.fullmatch(cell):
            raise Unfit(f"{shown(cell)!r} is no host")
        return cell if address[1] and address.end() == len(before) else quote(cell, safe="")

    def _slug(self, place: int, row: Sequence[str]) -> str:
        letters = unicodedata.normalize("NFKD", row[place])
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
        slug = _NO_NAME.sub("-", bare).strip("-.")
        if not row[place]:
            raise Unfit(f"the column {self.headings[place]} is empty")
        if not slug:
            raise Unfit(f"{shown(row[place])!r} makes no name; letters, digits, - _ . would be right")
        return slug


def tokens(text: str) -> Iterator[str]:
    """Name what stands in braces in a text, `${…}` left out."""
    if "{" in text:
        yield from (token[1] for token in _TOKEN.finditer(text) if token[1])


def host_is_from_row(pieces: Pieces) -> bool:
    """Tell whether a row decides which host an address leads to: all of it, or its end."""
    text = "".join(piece if isinstance(piece, str) else "\0" for piece in pieces)
    return _ENDS_IN_CELL.match(text) is not None
