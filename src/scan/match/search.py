"""The `searches:` section of the config."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal

import msgspec

from scan.declare import Doc
from scan.model import Event

FIELDS = ("title", "text", "organization", "location", "url")
"""The fields a search may look in by name; without one, it looks in all but `url`."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words to find as whole words, case and accents aside; a phrase in order; `re:` before an RE2 pattern."""

    any: Annotated[tuple[str, ...], Doc("at least one of these", example="[python, go]")] = ()
    all: Annotated[tuple[str, ...], Doc("each of these", example="[remote]")] = ()
    none: Annotated[tuple[str, ...], Doc("not one of these", example="[senior]")] = ()


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to look for, where, and whom to tell. All conditions must hold.

    Attributes:
        words: the `any`, `all` and `none` that look in every field.
        fields: the same for one field, by its name.

    """

    name: Annotated[str, Doc("unique; letters, digits, - _ .", example="backend")]
    sources: Annotated[tuple[str, ...], Doc("names and tag:NAME; default: all", example="[acme, 'tag:jobs']")] = ()
    words: Words = Words()
    fields: Mapping[Literal["title", "text", "organization", "location", "url"], Words] = field(default_factory=dict)
    where: Annotated[str | None, Doc("a condition in CEL", example="attributes.salary_max >= 90000")] = None
    on: Annotated[tuple[Event, ...], Doc("what has to happen to an item")] = (Event.NEW,)
    notify: Annotated[tuple[str, ...], Doc("the channels to tell; default: all")] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Identify what the search looks for and where: when it differs, stored items are looked at again."""
        looked_for = (self.sources, self.words, sorted(self.fields.items()), self.where, self.on)
        return hashlib.sha256(msgspec.json.encode(looked_for)).hexdigest()


def selects(search: Search, names: tuple[str, ...], tags: Collection[str]) -> bool:
    """Tell whether a search looks at a source: by one of its names, by a tag, or because it looks at all."""
    return not search.sources or any(
        entry in names or (entry.startswith("tag:") and entry.removeprefix("tag:") in tags) for entry in search.sources
    )
