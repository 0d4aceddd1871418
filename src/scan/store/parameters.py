"""What goes into a statement as SQLite's driver takes it, and what comes out."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["plain", "time", "json", "bool"]
"""How a value is converted on its way to SQLite's driver and back."""


class Parameter(NamedTuple):
    """A question mark of a statement.

    Attributes:
        name: None for what always stands there.
        value: that.
        is_list: of an `IN`; then the text has a mark in its place, as the question marks are as many as the values.

    """

    name: str | None
    kind: Kind = "plain"
    value: str | int | float | bytes | None = None
    is_list: bool = False


class Prepared(NamedTuple):
    """A statement as SQLite's driver takes it.

    Attributes:
        parameters: in their order.
        columns: what comes back: names and kinds.

    """

    sql: str
    parameters: Sequence[Parameter]
    columns: Sequence[tuple[str, Kind]]
