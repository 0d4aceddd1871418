"""What a surface is, and the table of all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[bytes], None]


@dataclass(frozen=True)
class Surface:
    """One way for foreign bytes into `scan`.

    Attributes:
        check: reads them; raises AssertionError, or what nobody expects, where something is wrong.
        seeds: made by hand, to start from.
        recorded: folders of recorded answers to start from too, each with what the surface wants before a body.
        fixtures: folders of `tests/sources` likewise.

    """

    name: str
    check: Check
    seeds: tuple[bytes, ...] = ()
    recorded: Mapping[str, bytes] = field(default_factory=dict)
    fixtures: Mapping[str, bytes] = field(default_factory=dict)


SURFACES: dict[str, Surface] = {}
"""By name; filled by the modules that `fuzz.surfaces` names."""


def surface(
    *seeds: str | bytes, recorded: Mapping[str, bytes] | None = None, fixtures: Mapping[str, bytes] | None = None
) -> Callable[[Check], Check]:
    """Enter a function into the table under its own name."""

    def enter(check: Check) -> Check:
        name = check.__name__
        made = tuple(seed if isinstance(seed, bytes) else seed.encode("utf-8", "surrogatepass") for seed in seeds)
        assert name not in SURFACES
        SURFACES[name] = Surface(name, check, made, recorded or {}, fixtures or {})
        return check

    return enter


def text_of(data: bytes) -> str:
    """Give any text: what is no UTF-8 becomes lone surrogates, which JSON can bring in."""
    return data.decode("utf-8", "surrogateescape")


def word_of(data: bytes) -> str:
    """Give a text as a config may hold it: YAML knows no half characters."""
    return data.decode("utf-8", "replace")


def first_line(data: bytes) -> tuple[bytes, bytes]:
    """Divide an input for surfaces that want two."""
    line, _, rest = data.partition(b"\n")
    return line, rest
