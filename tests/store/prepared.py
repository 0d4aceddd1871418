"""Writes `scan.store.prepared`: `make prepared`."""

from pathlib import Path
from pprint import pformat

import scan.store.database  # noqa: F401  # with all that has statements
from scan.store import prepared
from scan.store.parameters import Parameter
from scan.store.preparing import prepare
from scan.store.statement import Statement

HERE = Path(prepared.__file__)

_HEAD = '''"""The store's statements as SQLite's driver takes them, by name: made by `make prepared`."""

from typing import Any

PREPARED: dict[str, tuple[str, list[Any], list[Any]]] = '''


def module() -> str:
    """Write what all statements of the store come to, as a module."""
    entries = {name: _entry(Statement.all[name]) for name in sorted(Statement.all)}
    return f"{_HEAD}{pformat(entries, width=10_000)}\n"


def _entry(statement: Statement) -> tuple[str, list[tuple[object, ...]], list[tuple[str, str]]]:
    sql, parameters, columns = prepare(statement.built("sqlite"), statement.written)
    return sql, [_short(parameter) for parameter in parameters], list(columns)


def _short(parameter: Parameter) -> tuple[object, ...]:
    """Leave out what is as by default."""
    values: list[object] = list(parameter)
    defaults = [None, "plain", None, False]
    while values[1:] and values[-1] == defaults[len(values) - 1]:
        values.pop()
    return tuple(values)


if __name__ == "__main__":
    HERE.write_text(module(), "utf-8")
