"""YAML text to nodes, through libyaml.

Nodes keep what was written: no type is guessed here (YAML 1.1 reads `NO` as false and `15:30` as 930), the declared
type of each key reads its text later. What makes a document dangerous or ambiguous is refused: tags, deep nesting,
aliases that repeat much.
"""

from collections.abc import Iterator
from typing import Any

from yaml import MarkedYAMLError, YAMLError
from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

__all__ = [
    "MappingNode",
    "Node",
    "Refused",
    "ScalarNode",
    "SequenceNode",
    "compose",
    "filled",
    "is_filled",
    "is_null",
    "remade",
]

MAX_DEPTH = 64
MAX_REPEATED = 1_000
"""How many values aliases may repeat in all: enough for a shared `headers:`, far too few for a bomb."""

_TOO_DEEP = f"nested more than {MAX_DEPTH} deep; a config needs a handful of levels"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

_FILLED = "filled"
"""The tag of what stands in a scalar's place; none that is written gets past `compose`."""

_CURES = {
    "mapping values are not allowed in this context": "indent alike, and quote a text that holds ': '",
    "found character that cannot start any token": "indent with spaces, and quote a text that starts with @, ` or %",
    "could not find expected ':'": "a key is followed by a colon and a space",
    "did not find expected key": "the keys of one mapping are indented alike",
    "did not find expected '-' indicator": "the entries of one list are indented alike",
    "found undefined alias": "quote a text that starts with *",
    "found unexpected end of stream": "close the quote",
    "but found another document": "one file holds one document",
}


class Refused(Exception):
    """The text is not YAML, or not YAML of the kind that a config may be.

    Attributes:
        line, column: where, from 1.
        message: what is wrong; what would be right. It never quotes the text, which may hold a secret.

    """

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


class _Composer(CParser):
    """libyaml's composer, without the guessing of types, and with a bound on its recursion."""

    depth = 0

    def resolve(self, kind: object, value: object, implicit: object) -> None:
        """Leave every node untagged, so that a tag is one that was written."""

    def descend_resolver(self, parent: Node | None, index: object) -> None:  # noqa: ARG002 - CParser's signature
        """Be called before each node is composed."""
        self.depth += 1
        if self.depth > MAX_DEPTH and parent is not None:
            raise _refused(parent, _TOO_DEEP)

    def ascend_resolver(self) -> None:
        """Be called after each node is composed."""
        self.depth -= 1


def compose(text: str) -> Node | None:
    """Read one YAML document; None for an empty one.

    Raises:
        Refused: it is not valid YAML, or holds tags, deep nesting or too many aliases.

    """
    try:
        root: Node | None = _Composer(text).get_single_node()
    except MarkedYAMLError as error:
        raise _syntax(error) from None
    except ReaderError as error:
        line, column = position(text, error.position)
        raise Refused(
            line, column, f"not valid YAML: {error.reason}; only printable characters would be right"
        ) from None
    except YAMLError:
        raise Refused(1, 1, "not valid YAML") from None
    if root is None or is_null(root):
        return None
    if "!" in text or "*" in text:
        _inspect(root)
    return root


def is_null(node: Node) -> bool:
    """Tell whether a key was left without a value, or given YAML's null."""
    return node.__class__ is ScalarNode and not node.style and node.value in _NULLS


def filled(node: Node, text: str) -> Node:
    """Put a text that is not the file's, and so has no placeholders, in a scalar's place; an empty one is no value."""
    return ScalarNode(_FILLED, text, node.start_mark, node.end_mark, style='"' if text else None)


def is_filled(node: Node) -> bool:
    """Tell whether a node's text came from elsewhere than the file."""
    return bool(node.tag == _FILLED)


def remade(node: Node, value: list[Any]) -> Any:
    """Give a mapping or list with other content, in the same place."""
    return type(node)("", value, node.start_mark, node.end_mark)


def position(text: str, offset: int) -> tuple[int, int]:
    """Turn an offset in a text into line and column, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly beneath a node, keys and values alike."""
    if isinstance(node, MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, SequenceNode):
        yield from node.value


def _inspect(root: Node) -> None:
    """Refuse tags, and aliases that repeat more than a little: each repetition is walked, so a bomb shows at once."""
    seen: set[int] = set()
    repeated = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag:
            raise _refused(node, "a tag; write the value without one")
        if id(node) in seen:
            repeated += 1
            if repeated > MAX_REPEATED:
                raise _refused(node, f"aliases repeat more than {MAX_REPEATED} values; write them out")
        seen.add(id(node))
        waiting.extend(children(node))


def _refused(node: Node, message: str) -> Refused:
    return Refused(node.start_mark.line + 1, node.start_mark.column + 1, message)


def _syntax(error: MarkedYAMLError) -> Refused:
    problem = error.problem or "cannot be read"
    unclosed = "unexpected end" in problem
    mark = (error.context_mark if unclosed else None) or error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "nesting depth" in problem:  # newer builds of libyaml read ahead, and meet a bound of their own first
        return Refused(line, column, _TOO_DEEP)
    context = f" {error.context}," if error.context else ""
    cure = _CURES.get(problem, "see that line and the one before it")
    return Refused(line, column, f"not valid YAML:{context} {problem}; {cure}")
