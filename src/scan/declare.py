"""How the config, sources, channels and reports declare their keys: annotations that the config loader, the JSON Schema
and the docs read.

    class Greenhouse(Source, kind="greenhouse", item_kind="job", complete=True):
        board: Annotated[str, Doc("the last part of boards.greenhouse.io/acme", example="acme")]

A key's YAML type follows from its annotation: `str`, `int`, `float`, `bool`, `timedelta` (a duration), `Size` (bytes),
`TextFile` (a path), `Hours` (`22:00-07:00`), `Literal[...]`, `tuple[T, ...]` (a list), `Mapping[str, T]`, a dataclass
(a mapping with its keys), and unions of a text and a dataclass (short and long form).
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import NewType, TypeVar

import msgspec

T = TypeVar("T")

Size = NewType("Size", int)
"""Bytes; `500KB` or `20MB` in YAML."""

Address = NewType("Address", str)
"""An `http:`, `https:` or `file:` address; a relative `file:` address is resolved against the config's folder."""

SecretText = NewType("SecretText", str)
"""A password or the like: masked wherever it could be seen."""


class TextFile(msgspec.Struct, frozen=True):
    """A file of the user's, read with the config; in YAML its path, a relative one lying in the config's folder."""

    path: Path
    text: str


class Hours(msgspec.Struct, frozen=True):
    """A part of every day by the wall clock, `22:00-07:00` in YAML: from its start until just before its end."""

    start: time
    end: time


class Doc(msgspec.Struct, frozen=True):
    """What a key means, for people.

    Attributes:
        text: one sentence without a full stop.
        example: a value as one would write it in YAML.
        within: the least and the most it may be, as one would write them in YAML; None for no bound.
        check: returns what is wrong with a value (and what would be right), or None.

    """

    text: str
    example: str | None = None
    check: Callable[[object], str | None] | None = None
    within: tuple[str | None, str | None] | None = None

    @property
    def range(self) -> str:
        """The bounds in words: `1m to 31d`, `at least 1`; empty without any."""
        least, most = self.within or (None, None)
        if least and most:
            return f"{least} to {most}"
        return f"at least {least}" if least else f"at most {most}" if most else ""


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a declared value that only its owner can see (a selector that does not compile).

    Attributes:
        path: the keys that lead to it from the owner, such as `("fields", "title")`.
        message: what is wrong; what would be right.

    """

    path: tuple[str | int, ...]
    message: str


class Catalogue(Mapping[str, T]):
    """Kinds by name, each imported when it is asked for: few configs use more than a handful of them.

    Args:
        places: where each kind's class stands, `module:Class`.

    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def __getitem__(self, kind: str) -> T:
        """Import a kind.

        Raises:
            KeyError: there is none of that name.

        """
        module, _, name = self._places[kind].partition(":")
        found: T = getattr(importlib.import_module(module), name)
        return found

    def __contains__(self, kind: object) -> bool:
        """Tell whether there is a kind of that name, without importing it."""
        return kind in self._places

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """Count the kinds."""
        return len(self._places)
