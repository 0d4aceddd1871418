"""Mappings with declared keys: which there are, which are missing, unknown, given twice or not yet supported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from scan.config.document import MappingNode, Node, ScalarNode, SequenceNode, is_null
from scan.config.findings import Findings, shown
from scan.config.future import Plain
from scan.config.scalars import meant

INVALID: Final[Any] = object()
"""Stands for the value of a node that could not be read; what is wrong is in the findings."""

Read = Callable[[Node], Any]


class Slot(msgspec.Struct, frozen=True):
    """One key, ready to read.

    Attributes:
        attribute: its name in the result.
        required: null is as good as absent, so it needs a value.
        absent: what null stands for otherwise.

    """

    attribute: str
    read: Read
    required: bool = False
    absent: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of a mapping.

    Attributes:
        noun: what the mapping is, with its article.
        future: keys that are not yet supported, and the values that may stand there all the same.
        loose: unknown keys are passed over, as it cannot be known which there are.

    """

    noun: str
    slots: Mapping[str, Slot]
    future: Mapping[str, tuple[Plain, ...]] = field(default_factory=dict)
    loose: bool = False
    required: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        required = frozenset(slot.attribute for slot in self.slots.values() if slot.required)
        object.__setattr__(self, "required", required)

    def read(self, node: Node, findings: Findings) -> Any:
        """Read a mapping's values by attribute, those of absent keys left out; `INVALID` if anything is wrong."""
        values, valid = self.read_valid(node, findings)
        return values if valid else INVALID

    def read_valid(self, node: Node, findings: Findings) -> tuple[dict[str, Any], bool]:
        """Read the values that are right, and tell whether all are."""
        values: dict[str, Any] = {}
        if node.__class__ is not MappingNode:
            misshapen(node, self.noun, "write {key: value}", findings)
            return values, False
        valid, empty = True, set[str]()
        for key, value in node.value:
            slot = self.slots.get(key.value) if key.__class__ is ScalarNode else None
            if slot is None:
                valid &= self._passes(key, value, findings)
            elif slot.attribute in values or slot.attribute in empty:
                valid = given_twice(node, key, findings)
            elif not is_null(value):
                values[slot.attribute] = result = slot.read(value)
                valid &= result is not INVALID
            elif slot.required:
                empty.add(slot.attribute)
            else:
                values[slot.attribute] = slot.absent
        if not self.required <= values.keys():
            valid = self._misses(node, values, findings)
        return values if valid else {name: value for name, value in values.items() if value is not INVALID}, valid

    def _misses(self, node: Node, values: Mapping[str, Any], findings: Findings) -> bool:
        for name, slot in self.slots.items():
            if slot.required and slot.attribute not in values:
                findings.error(node, f"missing; {self.noun} needs it", name)
        return False

    def _passes(self, key: Node, value: Node, findings: Findings) -> bool:
        """Refuse a key that is not declared, unless it asks for nothing."""
        if key.__class__ is not ScalarNode:
            findings.error(key, "a key that is no text; write KEY: value")
        elif key.value in self.future:
            if not _asks_for_nothing(value, self.future[key.value]):
                findings.error(key, "not yet supported; leave it out")
                return False
            return True
        elif not self.loose:
            hint = meant(key.value, self.slots) or f"the keys here are {', '.join(self.slots)}"
            findings.error(key, f"unknown key {shown(key.value)!r}; {hint}")
        return self.loose


def given_twice(mapping: Node, key: Node, findings: Findings) -> bool:
    """Refuse the second of two equal keys."""
    first = next(other for other, _ in mapping.value if other.value == key.value)
    findings.error(key, f"given twice, first in line {first.start_mark.line + 1}; keep one")
    return False


def misshapen(node: Node, noun: str, cure: str, findings: Findings) -> Any:
    """Refuse a node of the wrong form, without quoting what may be a secret."""
    forms: dict[type[Node], str] = {MappingNode: "a mapping", SequenceNode: "a list"}
    form = forms.get(node.__class__, "nothing" if is_null(node) else "a text")
    findings.error(node, f"{form} where {noun} is wanted; {cure}")
    return INVALID


def plain(node: Node) -> Plain:
    """Read a node without knowing its type: all scalars are texts."""
    if isinstance(node, MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain(child) for child in node.value]
    return str(node.value)


def _asks_for_nothing(node: Node, accepted: tuple[Plain, ...]) -> bool:
    if is_null(node) or (not isinstance(node, ScalarNode) and not node.value):
        return True
    return bool(accepted) and plain(node) in accepted
