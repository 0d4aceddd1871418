"""What is wrong, or unwise, in a config: collected while it is read, told with its place at the end.

Reading a correct config costs nothing here: a node's path is looked for only when there is something to tell.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from scan.config.document import MappingNode, Node, ScalarNode, SequenceNode
from scan.config.secret_texts import SHORTEST, forms
from scan.redaction import MASK

Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """One thing to tell.

    Attributes:
        node: where.
        message: what is wrong; what would be right.
        more: keys to add to the node's own path, for what is missing there.

    """

    node: Node
    message: str
    more: Path = ()


class Findings(msgspec.Struct):
    """All that was found in one config."""

    errors: list[Finding] = []
    warnings: list[Finding] = []
    of_lists: list[Finding] = []
    secrets: set[str] = set()
    literals: list[Node] = []

    def error(self, node: Node, message: str, *more: str | int) -> None:
        """Note what makes the config unusable."""
        self.errors.append(Finding(node, message, more))

    def warn(self, node: Node, message: str) -> None:
        """Note what is allowed but unwise."""
        self.warnings.append(Finding(node, message))

    def warn_of_list(self, node: Node, message: str) -> None:
        """Note what is not well with a list of sources; a run says so in its own way."""
        self.of_lists.append(Finding(node, message))

    def hide(self, secret: str) -> None:
        """Note a secret, in the forms it may be seen in, unless it is trivially short."""
        self.secrets.update(form for form in forms(secret) if len(form) >= SHORTEST)

    def lines(self, findings: Sequence[Finding], root: Node, file: str) -> tuple[str, ...]:
        """Write findings as `FILE:LINE:COLUMN: PATH: MESSAGE`, in the order of the file, each once."""
        paths = paths_of(root) if findings else {}
        written: dict[str, tuple[int, int]] = {}
        for node, message, more in findings:
            path = path_text((*paths.get(id(node), ()), *more))
            mark = node.start_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            place = f"{file}:{line}:{column}: " if mark else "command line: "
            written.setdefault(place + (f"{path}: " if path else "") + message, (line, column))
        return tuple(self.masked(line) for line in sorted(written, key=lambda line: written[line]))

    def masked(self, line: str) -> str:
        """Take every secret that was found so far out of a line."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            line = line.replace(secret, MASK)
        return line


def path_text(path: Path) -> str:
    """Write a path as `sources[0].fields.title`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in path)
    return text.removeprefix(".")


def shown(text: str) -> str:
    """Shorten a key or value for a message, on one line."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return short if short.isprintable() else ascii(short)[1:-1]


def find(node: Node, path: Path) -> Node:
    """Find the node at a path, or where it ends, the key of the nearest one that encloses it."""
    nearest = node
    for step in path:
        if isinstance(node, MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                return nearest
            nearest, node = pair
        elif isinstance(node, SequenceNode):
            if not isinstance(step, int) or step >= len(node.value):
                return nearest
            nearest = node = node.value[step]
    return node


def paths_of(root: Node) -> Mapping[int, Path]:
    """Tell every node's path, a key having its value's; of one that aliases repeat, the first."""
    paths: dict[int, Path] = {}
    waiting: list[tuple[Node, Path]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        if id(node) in paths:
            continue
        paths[id(node)] = path
        if isinstance(node, MappingNode):
            for key, value in node.value:
                beneath = (*path, key.value if isinstance(key, ScalarNode) else "?")
                paths.setdefault(id(key), beneath)
                waiting.append((value, beneath))
        elif isinstance(node, SequenceNode):
            waiting.extend((child, (*path, index)) for index, child in enumerate(node.value))
    return paths
