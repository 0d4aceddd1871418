"""A guess: an entry that may read what is behind an address. Whether it does, only trying tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Guess:
    """One entry that may be right.

    Attributes:
        kind: of the source.
        keys: its own keys as one would write them, without name and kind.
        because: what it was guessed from, to be read after "known by".
        belief: how likely it is what is wanted, 0 to 1, if it gives items at all.
        otherwise: entries that are tried instead should this one not work, the best first.

    """

    kind: str
    keys: Mapping[str, Any]
    because: str
    belief: float
    otherwise: tuple["Guess", ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Another address worth a look, for what it holds says more.

    Attributes:
        url: absolute.
        because: as a guess's.

    """

    url: str
    because: str
