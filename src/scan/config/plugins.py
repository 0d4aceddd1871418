"""Kinds that other packages add, through the entry-point groups `scan.sources`, `scan.channels` and `scan.reports`.

An entry point's name is the kind, its value the class. Looking through the installed packages takes a tenth of a
second, so it is done only where a kind is asked for that does not ship with scan. One package's trouble is no other's:
a kind that cannot be used is told by name where a config asks for it, and by `scan config check`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from scan.config.findings import Findings
from scan.config.keys import keys_of
from scan.config.placeholders import Placeholders
from scan.config.reader import Reader
from scan.declare import Problem
from scan.errors import ConfigError

if TYPE_CHECKING:  # start-up: most configs need no plug-in
    from importlib.metadata import EntryPoint

T = TypeVar("T")

_READER = Reader(Findings(), Placeholders({}, Path(), lambda _: None))
"""Reads nothing, and tells whether it could."""


class Plugged(Mapping[str, type[T]], Generic[T]):
    """The kinds that ship with scan, and those that other packages add.

    Asking for a kind that its package cannot provide raises a `ConfigError`; going through all leaves such ones out.

    Args:
        own: those that ship.
        group: the entry-point group of the others.
        base: the class that they have to be a kind of.

    """

    def __init__(self, own: Mapping[str, type[T]], group: str, base: type[T]) -> None:
        self._own, self._group, self._base = own, group, base

    def __getitem__(self, kind: str) -> type[T]:
        """Import a kind.

        Raises:
            KeyError: there is none of that name.
            ConfigError: its package cannot provide it.

        """
        return self._own[kind] if kind in self._own else self._load(kind, self._others[kind])

    def __contains__(self, kind: object) -> bool:
        """Tell whether there is a kind of that name, usable or not."""
        return kind in self._own or kind in self._others

    def __iter__(self) -> Iterator[str]:
        """Give the names of all that can be used."""
        yield from self._own
        for kind in self._others:
            if kind not in self._own and self._wrong_with(kind) is None:
                yield kind

    def __len__(self) -> int:
        """Count those that can be used."""
        return sum(1 for _ in self)

    def problems(self) -> Iterator[str]:
        """Say of every kind that cannot be used why that is."""
        for kind, points in self._others.items():
            if kind in self._own:
                yield f"plug-in {_packages(points)}: the kind {kind!r} ships with scan; it has to be called otherwise"
            elif wrong := self._wrong_with(kind):
                yield wrong

    @cached_property
    def _others(self) -> "Mapping[str, list[EntryPoint]]":
        from importlib.metadata import entry_points

        found: dict[str, list[EntryPoint]] = {}
        for point in sorted(entry_points(group=self._group), key=lambda point: (point.name, point.value)):
            found.setdefault(point.name, []).append(point)
        return found

    def _wrong_with(self, kind: str) -> str | None:
        try:
            self._load(kind, self._others[kind])
        except ConfigError as error:
            return str(error)
        return None

    def _load(self, kind: str, points: "list[EntryPoint]") -> type[T]:
        packages = _packages(points)
        if len(points) > 1:
            raise ConfigError(f"plug-ins {packages}: all have a kind {kind!r}; uninstall all but one")
        try:
            loaded = points[0].load()
        except (Exception, SystemExit) as error:
            why = f"{type(error).__name__}: {error}"
            raise ConfigError(f"plug-in {packages}: its kind {kind!r} cannot be imported: {why}") from error
        if not (isinstance(loaded, type) and issubclass(loaded, self._base)):
            raise ConfigError(f"plug-in {packages}: its kind {kind!r} is no {self._base.__name__}: {points[0].value}")
        if getattr(loaded, "kind", None) != kind:
            raise ConfigError(f"plug-in {packages}: its kind {kind!r} calls itself {getattr(loaded, 'kind', '')!r}")
        try:
            _READER.table("", keys_of(loaded))
        except (TypeError, NameError) as error:
            wrong = f"plug-in {packages}: its kind {kind!r} declares what the config cannot read: {error}"
            raise ConfigError(wrong) from error
        return loaded


def problems_of(entry: Any) -> Iterator[Problem]:
    """Let what was read from an entry say what is wrong with it. If a plug-in fails at that, it is one problem more.

    The error's own words stay out: they may hold what is secret in the entry.
    """
    try:
        yield from entry.problems()
    except Exception as error:
        module = type(entry).__module__
        if module.partition(".")[0] == __package__.partition(".")[0]:
            raise
        place = extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in line {place.lineno} of {place.filename}"
        yield Problem((), f"the plug-in {module} cannot tell whether this is right: {where}; mend or uninstall it")


def _packages(points: "list[EntryPoint]") -> str:
    return " and ".join(f"{point.dist.name} {point.dist.version}" if point.dist else "?" for point in points)
