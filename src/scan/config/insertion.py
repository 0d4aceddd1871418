"""An entry into a config's text: nothing else of it changes, not a space.

A round trip through a YAML library keeps comments, but not where they belong: one that follows the last entry comes to
stand within the new one, and spaces and indentation become the library's (docs/decisions/probe.md). So the place is
found in libyaml's nodes, and the lines are put there.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scan.config.document import MappingNode, Node, Refused, ScalarNode, SequenceNode, compose, is_null
from scan.config.drafts import Values, as_entry

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Where libyaml counts a new line."""

_BY_HAND = "the entry cannot be put there; add it by hand"


def inserted(text: str, values: Values) -> str:
    """Put an entry at the end of `sources:`, in the style of its neighbours.

    Raises:
        Refused: the text is written in a way in which that cannot be done.

    """
    root = compose(text)
    lines = _Lines(text)
    if root is None:
        return lines.with_more(len(lines), ["sources:", *_block(values, "  ")])
    if not isinstance(root, MappingNode) or root.flow_style or root.start_mark.column:
        raise Refused(1, 1, f"not a mapping in block style, from the margin on; {_BY_HAND}")
    pair = next(((key, value) for key, value in root.value if key.value == "sources"), None)
    if pair is None:
        return lines.with_more(_end(root).line + 1, ["sources:", *_block(values, "  ")])
    key, value = pair
    if (value.start_mark.line, value.start_mark.column) < (key.end_mark.line, key.end_mark.column):
        raise Refused(key.start_mark.line + 1, key.start_mark.column + 1, f"an alias; {_BY_HAND}")
    if not isinstance(value, SequenceNode) or not value.value:
        return _first(lines, key, value, values)
    if value.flow_style:
        return lines.with_text(value.value[-1], f", {as_entry(values, flow=True)}")
    return _last(lines, value, values)


def _first(lines: "_Lines", key: Node, value: Node, values: Values) -> str:
    """Put the entry under a `sources:` that has none."""
    if not is_null(value) and not isinstance(value, SequenceNode):
        raise Refused(value.start_mark.line + 1, value.start_mark.column + 1, f"not a list; {_BY_HAND}")
    if value.end_mark.line != key.start_mark.line and not is_null(value):
        raise Refused(value.start_mark.line + 1, value.start_mark.column + 1, f"an empty list; {_BY_HAND}")
    erased = lines.erase(value) if not is_null(value) or value.value else ""
    if erased.startswith("&"):
        line, column = value.start_mark.line + 1, value.start_mark.column + 1
        raise Refused(line, column, f"an anchor, which would be lost; {_BY_HAND}")
    return lines.with_more(key.start_mark.line + 1, _block(values, " " * (key.start_mark.column + 2)))


def _last(lines: "_Lines", entries: SequenceNode, values: Values) -> str:
    """Put the entry after the last one, and the comments that belong to that."""
    last = entries.value[-1]
    indent = lines.dash(last)
    following = _end(last).line + 1
    while following < len(lines) and re.match(rf"{indent}\s+#", lines[following]):
        following += 1
    apart = [""] if len(entries.value) > 1 and not lines[lines.dash_line(last) - 1].strip() else []
    return lines.with_more(following, [*apart, *_block(values, indent)])


def _block(values: Values, indent: str) -> list[str]:
    return [f"{indent}{line}" for line in as_entry(values).splitlines()]


class _Place(NamedTuple):
    """A line and a column, from 0."""

    line: int
    column: int


def _end(node: Node) -> _Place:
    """Find where the last text of a node ends: libyaml has a block end where the next thing begins."""
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
        child = node.value[-1]
        if isinstance(node, MappingNode):
            key, value = child
            return _end(key) if is_null(value) and not value.value else _end(value)
        return _end(child)
    mark = node.end_mark
    if isinstance(node, ScalarNode) and node.style in {"|", ">"} and mark.column == 0:
        return _Place(mark.line - 1, 0)
    return _Place(mark.line, mark.column)


class _Lines(Sequence[str]):
    """A text's lines as libyaml counts them, without what ends them."""

    def __init__(self, text: str) -> None:
        self._breaks = _BREAK.findall(text)
        self._lines = _BREAK.split(text)

    def __len__(self) -> int:
        """Count the lines; what follows the last break is none if it is empty."""
        return len(self._lines) - (not self._lines[-1])

    def __getitem__(self, number: int) -> str:  # type: ignore[override] # no slices are asked for
        return self._lines[number]

    def dash_line(self, entry: Node) -> int:
        """Find the line that begins a list's entry: its dash may stand alone."""
        line = entry.start_mark.line
        while line > 0 and not self._lines[line].lstrip().startswith("-"):
            line -= 1
        return line

    def dash(self, entry: Node) -> str:
        """Give the spaces before an entry's dash."""
        line = self._lines[self.dash_line(entry)]
        return line[: len(line) - len(line.lstrip())]

    def erase(self, node: Node) -> str:
        """Take a text of one line out, and the space before it; returns it."""
        start, end = node.start_mark, node.end_mark
        line = self._lines[start.line]
        self._lines[start.line] = line[: start.column].rstrip() + line[end.column :]
        return line[start.column : end.column]

    def with_text(self, after: Node, text: str) -> str:
        """Put a text after a node."""
        place = _end(after)
        line = self._lines[place.line]
        self._lines[place.line] = line[: place.column] + text + line[place.column :]
        return self._joined()

    def with_more(self, at: int, lines: Sequence[str]) -> str:
        """Put lines before the line of a number, ended as the others are."""
        usual = self._breaks[0] if self._breaks else "\n"
        if at > len(self._breaks):
            self._breaks += [usual] * (at - len(self._breaks))
            self._lines += [""] * (at + 1 - len(self._lines))
        self._lines[at:at] = lines
        self._breaks[at:at] = [usual] * len(lines)
        return self._joined()

    def _joined(self) -> str:
        ends = [*self._breaks, *[""] * (len(self._lines) - len(self._breaks))]
        return "".join(line + end for line, end in zip(self._lines, ends, strict=True))
