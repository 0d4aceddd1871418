"""An entry with `each:` as a template: nodes in, for each row the nodes of an entry out. Pure."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from scan.config.document import MappingNode, Node, ScalarNode, filled, remade
from scan.config.filling import Filling, Pieces, Unfit, host_is_from_row, tokens
from scan.config.findings import shown
from scan.config.scalars import meant
from scan.config.secret_texts import is_secret_name
from scan.lists.table import Table, plain

Cells = Sequence[str]
Make = Callable[[Cells], Node]

_OTHERS_BRACES = frozenset({"page", "cursor"})
"""What else stands in braces in an address (see `scan.sources.json`)."""

_FREE_TEXTS = frozenset({"body", "items"})
"""Keys whose texts have braces of their own."""


class Template(msgspec.Struct, frozen=True):
    """An entry to be filled.

    Attributes:
        entry: as written, without its `each`.
        dynamic: how to make the values of the keys that rows decide.
        name: how to make its name.

    """

    entry: MappingNode
    dynamic: Mapping[str, Make]
    name: Pieces
    filling: Filling

    def fill(self, row: Cells) -> tuple[MappingNode, str]:
        """Make the entry of one row, and its name.

        Raises:
            Unfit: the row doesn't make one; the message begins with the key.

        """
        pairs: list[tuple[Node, Node]] = []
        name = ""
        for key, value in self.entry.value:
            try:
                if key.value == "name":
                    name = self.filling.name(self.name, row)
                    pairs.append((key, filled(value, name)))
                else:
                    make = self.dynamic.get(key.value)
                    pairs.append((key, make(row) if make else value))
            except Unfit as error:
                raise Unfit(f"{key.value}: {error}") from None
        return remade(self.entry, pairs), name


def template(entry: MappingNode, filling: Filling) -> Template:
    """Prepare an entry.

    Raises:
        ValueError: a `${…}` that is to be put in has no value.

    """
    words = msgspec.structs.replace(filling, arguments=True)
    makers = ((key.value, _maker(value, words if key.value == "run" else filling)) for key, value in entry.value)
    dynamic = {key: make for key, make in makers if make is not None}
    name = name_of(entry)
    return Template(entry, dynamic, filling.pieces(name) or (f"{name}.", _label(filling.columns)), filling)


def _label(columns: Mapping[str, int]) -> int:
    """Choose the column that names the rows of an entry whose own name holds none: `name`, else the first."""
    return columns.get("name", min(columns.values(), default=0))


def _maker(node: Node, filling: Filling) -> Make | None:
    """Give the function that makes a node from a row; None if it is the same for all."""
    if isinstance(node, ScalarNode):
        pieces = filling.pieces(node.value)
        return None if pieces is None else lambda row: filled(node, filling.fill(pieces, row))
    if isinstance(node, MappingNode):
        values = [(key, value, _maker(value, filling)) for key, value in node.value]
        if not any(make for _, _, make in values):
            return None
        return lambda row: remade(node, [(key, make(row) if make else value) for key, value, make in values])
    children = [(child, _maker(child, filling)) for child in node.value]
    if not any(make for _, make in children):
        return None
    return lambda row: remade(node, [make(row) if make else child for child, make in children])


def value_of(entry: MappingNode, key: str) -> Node | None:
    """Find the node of a key's value."""
    return next((value for name, value in entry.value if name.value == key), None)


def is_dynamic(node: Node, columns: Mapping[str, int] | None) -> bool:
    """Tell whether rows decide anything in a node; without knowing the columns, whether they may."""
    if isinstance(node, ScalarNode):
        return any(columns is None or plain(token) in columns for token in tokens(node.value))
    children = [value for _, value in node.value] if isinstance(node, MappingNode) else node.value
    return any(is_dynamic(child, columns) for child in children)


def name_of(entry: MappingNode) -> str:
    """Give an entry's name as written."""
    name = value_of(entry, "name")
    return name.value if isinstance(name, ScalarNode) else ""


def unknown_column(entry: MappingNode, table: Table) -> str | None:
    """Find what stands in braces where nothing but a column can be meant, and is none."""
    columns = table.columns
    for key, value in entry.value:
        if not isinstance(value, ScalarNode) or key.value in _FREE_TEXTS:
            continue
        for token in tokens(value.value):
            if plain(token) not in columns and not (key.value == "url" and token in _OTHERS_BRACES):
                listed = ", ".join(filter(None, table.headings))
                twice = plain(token) in map(plain, table.headings)
                cure = "two columns are" if twice else meant(token, columns) or f"the headings are {shown(listed)}"
                return f"{key.value}: no one column is called {shown(token)!r}; {cure}"
    return None


def program_from_row(entry: MappingNode, filling: Filling) -> Node | None:
    """Find the node of a program's name that rows would decide."""
    run = value_of(entry, "run")
    program = run if run is None or isinstance(run, ScalarNode) else next(iter(run.value), None)
    return program if program is not None and is_dynamic(program, filling.columns) else None


def secret_for_anywhere(entry: MappingNode, filling: Filling) -> bool:
    """Tell whether the rows decide which host is asked while the entry has a secret to send along.

    Raises:
        ValueError: a `${…}` has no value.

    """
    url = value_of(entry, "url")
    pieces = filling.pieces(url.value) if isinstance(url, ScalarNode) else None
    return pieces is not None and host_is_from_row(pieces) and _holds_secret(entry, filling.columns)


def _holds_secret(node: Node, columns: Mapping[str, int], *, named: bool = False) -> bool:
    """Find a `${…}`, or what a secretly named key holds, if it is not the row's own."""
    if isinstance(node, ScalarNode):
        return "${" in node.value.replace("$${", "") or (named and not is_dynamic(node, columns))
    if isinstance(node, MappingNode):
        return any(
            _holds_secret(value, columns, named=named or (key.value != "key" and is_secret_name(key.value)))
            for key, value in node.value
        )
    return any(_holds_secret(child, columns, named=named) for child in node.value)
