"""Entries with `each:`: one source for each row of a list. An odd row is left out and told, and costs no other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeGuard
from urllib.parse import quote

import msgspec

from scan.config import scalars
from scan.config.document import MappingNode, Node, ScalarNode, SequenceNode, is_null, remade
from scan.config.entries import Known
from scan.config.filling import Filling, Unfit
from scan.config.findings import find, path_text, paths_of, shown
from scan.config.model import Each, ListUse, Row
from scan.config.placeholders import Placeholders
from scan.config.reader import Reader
from scan.config.scalars import meant
from scan.config.tables import INVALID, Read, Slot
from scan.config.template import (
    Cells,
    Template,
    is_dynamic,
    name_of,
    program_from_row,
    secret_for_anywhere,
    template,
    unknown_column,
    value_of,
)
from scan.declare import Address
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.lists.table import Table

Copies = Callable[[str, Origin], Copy]
"""Gives what there is of a list, by its name and where it comes from; it asks no network."""

_LEAK = (
    "the rows say which host is asked, so whoever edits the list could have this entry's secret sent anywhere; "
    "write the host here (https://{tenant}.example.org/…), or keep the secret in a column"
)

_PROGRAM = "the rows would say which program is run, so whoever edits the list could; write the program here"

_SHOWN = 3
"""Rows that are named one by one when they are left out."""


def nothing_synced(name: str, origin: Origin) -> Copy:
    """Give no list."""
    del name
    return Copy(origin=origin.fingerprint())


class Expansion:
    """Reads `sources:`, where an entry may stand for many."""

    def __init__(self, reader: Reader, placeholders: Placeholders, known: Known, copies: Copies) -> None:
        self._reader, self._placeholders, self._known, self._copies = reader, placeholders, known, copies
        self._findings = reader.findings
        self._each = reader.of(Each)

    def lists(self, slot: Slot) -> Slot:
        """Have it remembered where the lists come from."""

        def read(node: Node) -> Any:
            origins = slot.read(node)
            self._known.lists = None if origins is INVALID else dict(origins)
            if origins is not INVALID:
                for name, origin in origins.items():
                    for problem in origin.problems():
                        self._findings.error(find(node, (name, *problem.path)), problem.message)
            return origins

        return msgspec.structs.replace(slot, read=read)

    def sources(self, read: Read) -> Read:
        """Give the function that reads a list of entries, by the one that reads an entry."""
        plainly = self._reader.list_of(read)

        def expanded(node: Node) -> Any:
            if not isinstance(node, SequenceNode) or not any(map(_has_each, node.value)):
                return plainly(node)
            values: list[Any] = []
            for child in node.value:
                values += self._expanded(child, read) if _has_each(child) else [read(child)]
            return INVALID if INVALID in values else tuple(values)

        return expanded

    def _expanded(self, whole: MappingNode, read: Read) -> list[Any]:
        """Read an entry once for each row of its list."""
        node = value_of(whole, "each") or whole
        each = self._each(node)
        if each is INVALID or self._known.lists is None:
            return [INVALID]
        origin = self._known.lists.get(each.from_) or self._file(each.from_)
        copy = self._copies(each.from_, origin)
        entry = remade(whole, [pair for pair in whole.value if pair[1] is not node])
        if not self._is_there(node, each.from_, copy) or not self._is_sound(entry, read, copy.table):
            return [INVALID]
        use = self._known.uses.get(each.from_) or ListUse(origin=origin, copy=copy)
        made, rejected = self._made(entry, each.from_, use, read)
        self._known.uses[each.from_] = replace(
            use, sources=use.sources + len(made), rejected=(*use.rejected, *rejected)
        )
        if rejected:
            self._findings.warn_of_list(node, f"{shown(each.from_)}: {_told(rejected)}")
        return made

    def _file(self, name: str) -> Origin:
        """Take the name of no list for a CSV file beside the config."""
        address = scalars.address_in(self._placeholders.folder)
        return Origin(url=Address(address(f"file:{quote(name)}")))

    def _is_there(self, node: Node, name: str, copy: Copy) -> bool:
        """Tell of a list that is not there, or not as it should be."""
        lists = self._known.lists or {}
        declared, called = name in lists, shown(name)
        if copy.table is not None:
            if copy.error is not None:
                self._findings.warn_of_list(node, f"{called} is as it was {_when(copy)}: {copy.error}")
            return True
        if declared and not lists[name].is_file:
            since = f"; the last try: {copy.error}" if copy.error else ""
            self._findings.warn_of_list(
                node, f"{called} was never synced, scan run does; it makes no source so far{since}"
            )
            return True
        cure = meant(name, lists) or "put one there, or declare the list under lists:"
        what = "cannot be used" if declared else "is no list, and no file beside the config"
        self._findings.error(node, f"{called!r} {what} ({copy.error or 'never synced'}); {cure}")
        return False

    def _is_sound(self, entry: MappingNode, read: Read, table: Table | None) -> bool:
        """Find what is wrong with an entry whatever the rows are; until they are known, what is in braces is theirs."""
        columns = None if table is None else table.columns
        theirs = {key.value for key, value in entry.value if _is_text(key) and is_dynamic(value, columns)}
        before = len(self._findings.errors)
        if "kind" in theirs:
            message = "the kind is the same for all rows; write one entry for each kind"
            self._findings.error(value_of(entry, "kind") or entry, message)
        ours = [pair for pair in entry.value if pair[0].value not in theirs]
        read(remade(entry, ours))
        found = self._findings.errors[before:]
        self._findings.errors[before:] = [error for error in found if not theirs.intersection(error.more[:1])]
        self._known.open_names = True
        self._known.open_tags |= "tags" in theirs
        return len(self._findings.errors) == before

    def _made(self, entry: MappingNode, name: str, use: ListUse, read: Read) -> tuple[list[Any], list[str]]:
        """Make the sources of all rows; and tell why rows were left out."""
        table = use.copy.table
        if table is None:
            return [], []
        trusted = use.origin.is_file
        filling = Filling(table.headings, table.columns, self._placeholders.expand, trusted=trusted)
        try:
            form = template(entry, filling)
            leaks = not trusted and secret_for_anywhere(entry, filling)
        except ValueError as error:
            self._findings.error(entry, str(error))
            return [INVALID], []
        program = None if trusted else program_from_row(entry, filling)
        if leaks or program:
            self._findings.error(program or find(entry, ("url",)), _PROGRAM if program else _LEAK)
            return [INVALID], []
        if wrong := unknown_column(entry, table):
            return [], [f"all rows: {wrong}"]
        group = name_of(entry)
        self._known.groups.add(group)
        made = [
            self._source(form, Row(list=name, number=number, group=group), cells, read) for number, cells in table.rows
        ]
        return [one for one in made if not isinstance(one, str)], [one for one in made if isinstance(one, str)]

    def _source(self, form: Template, row: Row, cells: Cells, read: Read) -> Any:
        """Make the source of a row; or tell why there is none."""
        taken, errors = self._known.sources, self._findings.errors
        try:
            node, name = form.fill(cells)
        except Unfit as error:
            return f"row {row.number}: {error}"
        if name in taken:
            return f"row {row.number}: name: {name!r} is taken; a column that tells the rows apart would be right"
        before = len(errors)
        entry = read(node)
        if entry is not INVALID:
            return replace(entry, row=row)
        taken.pop(name, None)
        first = errors[before]
        del errors[before:]
        where = path_text((*paths_of(node).get(id(first.node), ()), *first.more))
        return f"row {row.number}: {where}: {first.message}"


def _has_each(node: Node) -> TypeGuard[MappingNode]:
    return isinstance(node, MappingNode) and any(
        key.value == "each" and not is_null(value) for key, value in node.value
    )


def _is_text(key: Node) -> bool:
    return isinstance(key, ScalarNode)


def _when(copy: Copy) -> str:
    return f"on {copy.synced_at:%Y-%m-%d %H:%M} UTC" if copy.synced_at else "before"


def _told(rejected: Sequence[str]) -> str:
    """Name the first few rows that are left out."""
    more = f"; and {len(rejected) - _SHOWN} more rows" if len(rejected) > _SHOWN else ""
    return f"left out: {'; '.join(rejected[:_SHOWN])}{more}"
