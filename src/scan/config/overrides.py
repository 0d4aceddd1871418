"""Values from the command line and the environment, put in the place of the file's."""

from collections.abc import Mapping

from yaml.error import Mark

from scan.config.document import MappingNode, Node, ScalarNode


def with_overrides(root: Node | None, overrides: Mapping[str, object]) -> Node:
    """Put values at dotted paths (`logging.level`) in a document; None is a value not given.

    They have no place in the file, so that what is wrong with one is told as the command line's.
    """
    start = Mark("", 0, 0, 0, None, 0)
    document = root or MappingNode("", [], start, start)
    for path, value in overrides.items():
        if value is not None:
            *sections, name = path.split(".")
            _put(_section(document, sections), name, ScalarNode("", str(value), style="'"))
    return document


def _section(node: Node, path: list[str]) -> Node:
    for name in path:
        found = next((value for key, value in _pairs(node) if key.value == name), None)
        if found is None:
            found = MappingNode("", [])
            _put(node, name, found)
        node = found
    return node


def _put(section: Node, name: str, value: Node) -> None:
    pairs = _pairs(section)
    kept = [(key, old) for key, old in pairs if key.value != name]
    pairs[:] = [*kept, (ScalarNode("", name, style="'"), value)]


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """Give a mapping's pairs, to change; of anything else nothing, as it is refused when it is read."""
    return node.value if isinstance(node, MappingNode) else []
