"""The entries of `sources:`, `searches:`, `channels:` and `reports:`: flat in YAML, nested as values."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from scan.channels.base import Channel
from scan.config.document import MappingNode, Node, ScalarNode, SequenceNode
from scan.config.findings import find, shown
from scan.config.keys import keys_of
from scan.config.kinds import Kinds
from scan.config.model import ListUse, SourceEntry
from scan.config.plugins import problems_of
from scan.config.reader import Reader
from scan.config.scalars import meant
from scan.config.tables import INVALID, Read, Slot, Table, misshapen
from scan.declare import Problem
from scan.errors import ConfigError
from scan.lists.origin import Origin
from scan.match.search import FIELDS, Search, Words
from scan.reports.base import Report
from scan.sources.base import Source

Build = Callable[[type[Any], dict[str, Any], dict[str, Any]], tuple[Any, Any]]
"""A kind's class, the values of its own keys and of the common ones -> the adapter, and the entry around it."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Known(msgspec.Struct):
    """What entries are called, and by what other entries refer to them.

    Attributes:
        groups: entries that stand for many sources, by their names as written.
        lists: where they come from; None if that could not be read.
        uses: what was made of each list.
        open_names, open_tags: there are sources, or tags, whose names a list decides.

    """

    sources: dict[str, Node] = {}
    groups: set[str] = set()
    lists: dict[str, Origin] | None = {}
    uses: dict[str, ListUse] = {}
    open_names: bool = False
    open_tags: bool = False
    searches: dict[str, Node] = {}
    channels: dict[str, Node] = {}
    tags: set[str] = set()
    sources_named: list[tuple[Node, str]] = []
    channels_named: list[tuple[Node, str]] = []


class Entries:
    """Reads entries, and learns their names."""

    def __init__(self, reader: Reader, kinds: Kinds, known: Known) -> None:
        self._reader, self._kinds, self._known = reader, kinds, known
        self._findings = reader.findings

    def source(self) -> Read:
        """Give the function that reads an entry of `sources:`."""
        common = self._reader.table("a source", keys_of(SourceEntry))
        named = self._named(common, self._known.sources)
        slots = {**named.slots, "tags": _telling(named.slots["tags"], lambda _, tags: self._known.tags.update(tags))}
        tagged = replace(named, slots=slots)
        return self._of_kind("source", tagged, self._kinds.sources, _source_entry)

    def channel(self) -> Read:
        """Give the function that reads an entry of `channels:`."""
        common = self._reader.table("a channel", keys_of(Channel))
        named = self._named(common, self._known.channels)
        return self._of_kind("channel", named, self._kinds.channels, _channel)

    def report(self) -> Read:
        """Give the function that reads an entry of `reports:`, which has no name."""
        return self._of_kind("report", Table("a report", {}, {}), self._kinds.reports, _report)

    def naming_channels(self, slot: Slot) -> Slot:
        """Have the channels that a key of the whole config names looked for, once all are known."""
        return _telling(slot, _referring(self._known.channels_named))

    def search(self) -> Read:
        """Give the function that reads an entry of `searches:`."""
        from scan.match.problems import problems

        table = self._named(self._reader.table("a search", keys_of(Search) + keys_of(Words)), self._known.searches)
        words = self._reader.of(Words)
        slots = {**table.slots, **{name: Slot(name, words) for name in FIELDS}}
        slots["sources"] = _telling(slots["sources"], _referring(self._known.sources_named))
        slots["notify"] = _telling(slots["notify"], _referring(self._known.channels_named))
        table = replace(table, slots=slots)

        def read(node: Node) -> Any:
            values, valid = table.read_valid(node, self._findings)
            search = _search({"name": "", **values})
            sound = self._sound(search, problems(search), node)
            return sound if valid else INVALID

        return read

    def _named(self, table: Table, given: dict[str, Node]) -> Table:
        """Have a table's names checked and remembered."""

        def read(node: Node) -> Any:
            name = self._reader.text(node)
            if name is INVALID:
                return INVALID
            if not _NAME.fullmatch(name):
                self._findings.error(node, f"{shown(name)!r} is no name; write letters, digits, - _ .")
                return INVALID
            if name in given:
                line = given[name].start_mark.line + 1
                self._findings.error(node, f"the name {name!r} is given twice, first in line {line}; write another")
                return INVALID
            given[name] = node
            return name

        return replace(table, slots={**table.slots, "name": Slot("name", read, required=True)})

    def _of_kind(self, noun: str, common: Table, kinds: Mapping[str, type[Any]], build: Build) -> Read:
        """Read entries whose further keys depend on their `kind`."""
        named = {name: common.slots[name] for name in ("name",) if name in common.slots}
        first = {**named, "kind": Slot("kind", self._kind(kinds), required=True)}
        unknown = replace(common, slots={**first, **common.slots}, loose=True)
        known: dict[str | None, tuple[type[Any], Table, frozenset[str]]] = {}

        def known_kind(kind: str) -> tuple[type[Any], Table, frozenset[str]]:
            own = self._reader.table("", keys_of(kinds[kind])).slots
            slots = {**first, **own, **common.slots, **{name: own[name] for name in own if name not in first}}
            table = replace(common, noun=f"a {noun} of kind {kind}", slots=slots)
            return kinds[kind], table, frozenset(slot.attribute for slot in own.values())

        def read(node: Node) -> Any:
            kind = _text_at(node, "kind")
            if kind not in known:
                if kind is None or _wrong_kind(kind, kinds):
                    unknown.read(node, self._findings)
                    return INVALID
                known[kind] = known_kind(kind)
            adapter, table, own = known[kind]
            values = table.read(node, self._findings)
            if values is INVALID:
                return INVALID
            del values["kind"]
            inner, entry = build(adapter, {name: values.pop(name) for name in own & values.keys()}, values)
            return self._sound(entry, problems_of(inner), node)

        return read

    def _kind(self, kinds: Mapping[str, type[Any]]) -> Read:
        sound: set[str] = set()

        def read(node: Node) -> Any:
            if not isinstance(node, ScalarNode):
                return misshapen(node, "a kind", f"write one of {_listed(kinds)}", self._findings)
            if node.value not in sound:
                wrong = _wrong_kind(node.value, kinds)
                if wrong is not None:
                    self._findings.error(node, wrong)
                    return INVALID
                sound.add(node.value)
            return node.value

        return read

    def _sound(self, entry: Any, problems: Iterable[Problem], node: Node) -> Any:
        """Give an entry back if its owner finds nothing wrong with it."""
        before = len(self._findings.errors)
        for problem in problems:
            self._findings.error(find(node, problem.path), problem.message)
        return entry if len(self._findings.errors) == before else INVALID


def _wrong_kind(kind: str, kinds: Mapping[str, type[Any]]) -> str | None:
    """Say why there is no such kind; None if there is."""
    try:
        kinds[kind]
    except KeyError:
        return f"{shown(kind)!r} is no kind; {meant(kind, kinds) or f'{_listed(kinds)} would be right'}"
    except ConfigError as error:  # a plug-in's
        return str(error)
    return None


def _listed(kinds: Mapping[str, type[Any]]) -> str:
    return ", ".join(sorted(kinds))


def _source_entry(adapter: type[Source], own: dict[str, Any], common: dict[str, Any]) -> tuple[Source, SourceEntry]:
    source = adapter(**own)
    return source, SourceEntry(source=source, **common)


def _channel(adapter: type[Channel], own: dict[str, Any], common: dict[str, Any]) -> tuple[Channel, Channel]:
    channel = adapter(**own, **common)
    return channel, channel


def _report(adapter: type[Report], own: dict[str, Any], _: dict[str, Any]) -> tuple[Report, Report]:
    report = adapter(**own)
    return report, report


def _search(values: dict[str, Any]) -> Search:
    words = Words(**{key.name: values.pop(key.name) for key in keys_of(Words) if key.name in values})
    fields: dict[Any, Words] = {name: found for name in FIELDS if (found := values.pop(name, None)) is not None}
    return Search(words=words, fields=fields, **values)


def _telling(slot: Slot, tell: Callable[[Node, Any], None]) -> Slot:
    """Have what a key holds told to somebody else, too."""

    def read(node: Node) -> Any:
        value = slot.read(node)
        if value is not INVALID:
            tell(node, value)
        return value

    return msgspec.structs.replace(slot, read=read)


def _referring(to: list[tuple[Node, str]]) -> Callable[[Node, Any], None]:
    def tell(node: Node, names: tuple[str, ...]) -> None:
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        to.extend(zip(nodes, names, strict=True))

    return tell


def _text_at(node: Node, name: str) -> str | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == name and isinstance(value, ScalarNode):
                return str(value.value)
    return None
