"""What the command line names: it is in the config, or the nearest name is offered."""

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # start-up: only read here
    from scan.config.model import Config, SourceEntry


def chosen(config: "Config", names: Sequence[str]) -> "tuple[SourceEntry, ...]":
    """Pick the enabled sources that were named, be it by the entry that stands for many; all of them if none was.

    Raises:
        click.UsageError: a name is none of the config's, or is switched off.

    """
    known = {name for entry in config.sources for name in entry.names}
    enabled = tuple(entry for entry in config.sources if entry.enabled)
    for name in names:
        if name not in known:
            raise unknown("source", name, known, config)
        if not any(name in entry.names for entry in enabled):
            raise click.UsageError(f"The source {name} is switched off (enabled: false in {config.path}).")
    return tuple(entry for entry in enabled if not names or set(names).intersection(entry.names))


def names_of(config: "Config", names: Sequence[str]) -> tuple[str, ...]:
    """Give the sources' own names of what was named; nothing if nothing was.

    Raises:
        click.UsageError: as `chosen`.

    """
    return tuple(entry.name for entry in chosen(config, names)) if names else ()


def unknown(noun: str, name: str, known: Iterable[str], config: "Config") -> click.UsageError:
    """Say that the config has no such name, and which one may be meant."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(names[:20]) or 'none'}."
    return click.UsageError(f"No {noun} is named {name} in {config.path}.{hint}")
