"""Nodes to values, by annotation. What is wrong goes to the findings, and `INVALID` stands for its value.

Each annotation is made into a reading function once a load, so that 10,000 alike entries cost little more than their
nodes.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from scan.cadence import Calendar
from scan.config import keys, scalars, units
from scan.config.document import MappingNode, Node, ScalarNode, SequenceNode, is_filled, is_null
from scan.config.findings import Findings, shown
from scan.config.future import Plain
from scan.config.keys import Key, keys_of
from scan.config.placeholders import Placeholders
from scan.config.scalars import Scalar
from scan.config.secrecy import hide, hide_in_address, hide_named
from scan.config.secret_texts import SELECTORS, is_secret_name
from scan.config.tables import INVALID, Read, Slot, Table, given_twice, misshapen
from scan.declare import Address, Doc, Hours, SecretText, Size, TextFile

_TEXT = Scalar(str, "a text", "quote it if it is one")
_CLOCK = Scalar(str, "local times and their zone", "write 02:00 America/Chicago")


class Reader:
    """Reads the nodes of one config."""

    def __init__(self, findings: Findings, placeholders: Placeholders) -> None:
        self.findings = findings
        self._placeholders = placeholders
        self._made: dict[Any, Read] = {str: self.text, SecretText: self._secret(self.text), Calendar: self._calendar}
        self._scalars = _scalars(placeholders.folder)

    def of(self, annotation: Any) -> Read:
        """Give the function that reads a type."""
        if annotation not in self._made:
            self._made[annotation] = self._make(annotation)
        return self._made[annotation]

    def table(
        self, noun: str, declared: tuple[Key, ...], *, future: Mapping[str, tuple[Plain, ...]] | None = None
    ) -> Table:
        """Prepare the keys of a mapping."""
        return Table(noun, {key.name: self._slot(key) for key in declared}, future or {})

    def text(self, node: Node, wanted: Scalar = _TEXT) -> Any:
        """Read a text as written, with its placeholders filled in."""
        if node.__class__ is not ScalarNode or is_null(node):
            return misshapen(node, wanted.noun, wanted.cure, self.findings)
        text = node.value
        if "${" in text and not is_filled(node):
            try:
                text = self._placeholders.expand(text)
            except ValueError as error:
                self.findings.error(node, str(error))
                return INVALID
        if "://" in text and ("@" in text or "?" in text):
            hide_in_address(node, text, self.findings)
        return text

    def list_of(self, item: Read) -> Read:
        """Give the function that reads a list; a single text stands for a list of one."""

        def read(node: Node) -> Any:
            if isinstance(node, MappingNode) or is_null(node):
                return misshapen(node, "a list", "write [a, b]", self.findings)
            values = tuple(map(item, node.value)) if isinstance(node, SequenceNode) else (item(node),)
            return INVALID if INVALID in values else values

        return read

    def _make(self, annotation: Any) -> Read:
        if (scalar := self._scalar_of(annotation)) is not None:
            return self._scalar(scalar)
        if keys.is_list(annotation):
            return self.list_of(self.of(get_args(annotation)[0]))
        if keys.is_mapping(annotation):
            return self._mapping(self.of(get_args(annotation)[1]))
        if keys.is_section(annotation):
            return self._section(annotation)
        if annotation is Any:
            return self._anything
        members = keys.members(annotation)
        if members != (annotation,):
            return self.of(members[0]) if len(members) == 1 else self._union(members)
        raise TypeError(f"the config has no way to read {annotation!r}")

    def _slot(self, key: Key) -> Slot:
        read = self.of(key.annotation)
        if key.doc.within or key.doc.check:
            read = self._checked(read, key.annotation, key.doc)
        if is_secret_name(key.name):
            read = self._secret(read)
        elif any(map(keys.is_mapping, keys.members(key.annotation))) and key.name not in SELECTORS:
            read = self._named_secrets(read)
        absent = None if keys.allows_none(key.annotation) else key.default
        return Slot(key.attribute, read, key.required and not keys.allows_none(key.annotation), absent)

    def _scalar_of(self, annotation: Any) -> Scalar | None:
        if get_origin(annotation) is Literal:
            return scalars.choice(get_args(annotation))
        if keys.is_choice(annotation):
            return scalars.choice(annotation)
        return self._scalars.get(annotation)

    def _scalar(self, scalar: Scalar) -> Read:
        def read(node: Node) -> Any:
            text = self.text(node, scalar)
            if text is INVALID:
                return INVALID
            try:
                return scalar.read(text)
            except ValueError as error:
                reason = str(error) or f"not {scalar.noun}; {scalar.cure}"
                self.findings.error(node, f"{shown(node.value)!r} is {reason}")
                return INVALID

        return read

    def _calendar(self, node: Node) -> Any:
        texts = [self.text(child, _CLOCK) for child in (node.value if isinstance(node, SequenceNode) else (node,))]
        if INVALID in texts:
            return INVALID
        try:
            return scalars.calendar(texts)
        except ValueError as error:
            self.findings.error(node, str(error))
            return INVALID

    def _mapping(self, item: Read) -> Read:
        def read(node: Node) -> Any:
            if not isinstance(node, MappingNode):
                return misshapen(node, "a mapping", "write {key: value}", self.findings)
            values: dict[str, Any] = {}
            for key, value in node.value:
                if not self._is_name(key):
                    values[""] = INVALID
                elif key.value in values:
                    values[""] = INVALID
                    given_twice(node, key, self.findings)
                else:
                    values[key.value] = item(value)
            return INVALID if INVALID in values.values() else values

        return read

    def _is_name(self, key: Node) -> bool:
        if isinstance(key, ScalarNode) and not is_null(key) and (key.style or key.value == scalars.guessed(key.value)):
            return True
        self.findings.error(key, "a key that is no text; quote it if it is one")
        return False

    def _anything(self, node: Node) -> Any:
        """Read what has no declared type, by YAML 1.2's core schema."""
        if isinstance(node, MappingNode):
            return self._mapping(self._anything)(node)
        if isinstance(node, SequenceNode):
            return self.list_of(self._anything)(node)
        if is_null(node):
            return None
        text = self.text(node)
        return text if text is not node.value or _is_quoted(node) else scalars.guessed(text)

    def _section(self, declared: Any) -> Read:
        table = self.table("this section", keys_of(declared))

        def read(node: Node) -> Any:
            values = table.read(node, self.findings)
            return INVALID if values is INVALID else declared(**values)

        return read

    def _union(self, members: tuple[Any, ...]) -> Read:
        """Choose by the node's form: a text, a list or a mapping."""
        by_form: dict[type[Node], Read] = {}
        for member in members:
            by_form.setdefault(_form(member), self.of(member))
        usual = by_form.get(ScalarNode, self.of(members[0]))

        def read(node: Node) -> Any:
            return by_form.get(node.__class__, usual)(node)

        return read

    def _checked(self, read: Read, annotation: Any, doc: Doc) -> Read:
        member = keys.members(annotation)[0]
        least, most = (text and self._scalars[member].read(text) for text in doc.within or (None, None))

        def checked(node: Node) -> Any:
            value = read(node)
            if value is INVALID:
                return INVALID
            wrong = doc.check(value) if doc.check else None
            if (least is not None and value < least) or (most is not None and value > most):
                wrong = f"{shown(node.value)!r} is out of range; {doc.range} would be right"
            if wrong:
                self.findings.error(node, wrong)
            return INVALID if wrong else value

        return checked

    def _secret(self, read: Read) -> Read:
        def hidden(node: Node) -> Any:
            hide(node, self.findings)
            return read(node)

        return hidden

    def _named_secrets(self, read: Read) -> Read:
        def hidden(node: Node) -> Any:
            hide_named(node, self.findings)
            return read(node)

        return hidden


def _is_quoted(node: Node) -> bool:
    return isinstance(node, ScalarNode) and bool(node.style)


def _form(annotation: Any) -> type[Node]:
    if keys.is_list(annotation):
        return SequenceNode
    return MappingNode if keys.is_mapping(annotation) or keys.is_section(annotation) else ScalarNode


def _scalars(folder: Path) -> Mapping[Any, Scalar]:
    return {
        bool: Scalar(scalars.boolean, "a boolean", "write true or false"),
        int: Scalar(scalars.integer, "a whole number", "write digits, such as 5"),
        float: Scalar(scalars.number, "a number", "write one such as 0.5"),
        timedelta: Scalar(units.duration, "a duration", "write 90s, 15m, 2h, 1d, 1h30m or PT15M"),
        Size: Scalar(units.size, "a size", "write 500KB or 20MB"),
        ZoneInfo: Scalar(scalars.zone, "a time zone", "write one such as Europe/Berlin"),
        Address: Scalar(scalars.address_in(folder), "an address", "write https://… or file:…"),
        Path: Scalar(scalars.path_in(folder), "a path", "write one such as logs/scan.log"),
        TextFile: Scalar(scalars.text_file_in(folder), "a path", "write one such as mail.txt.j2"),
        Hours: Scalar(scalars.hours, "a part of the day", "write 22:00-07:00"),
    }
