"""Prepares statements for SQLite."""

import re
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Boolean, Dialect, Executable, make_url
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from scan.store.parameters import Kind, Parameter, Prepared
from scan.store.types import Json, Utc

_LIST = re.compile(r"\(__\[POSTCOMPILE_(\w+)\]\)")


def prepare(statement: Executable, written: Sequence[str] | None = None) -> Prepared:
    """Compile a statement.

    Args:
        statement: to compile.
        written: of an INSERT or UPDATE whose values are not written out, the columns.

    """
    compiled = statement.compile(dialect=_dialect(), column_keys=written)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    sql, parameters = " ".join(str(compiled).split()), list[Parameter]()
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        kind = _kind(bind.type)
        if bind.required:
            parameters.append(Parameter(bind.key, kind, is_list=bind.expanding))
        elif bind.expanding:
            values = [Parameter(None, kind, value) for value in bind.effective_value or ()]
            sql = sql.replace(f"(__[POSTCOMPILE_{name}])", f"({', '.join('?' * len(values))})")
            parameters += values
        else:
            parameters.append(Parameter(None, kind, bind.effective_value))
    selected = getattr(statement, "selected_columns", ())
    columns = [(column.name, _kind(column.type)) for column in selected]
    return Prepared(_LIST.sub(r"(__[\1])", sql), parameters, columns)


def _kind(kind: TypeEngine[object]) -> Kind:
    if isinstance(kind, Utc):
        return "time"
    if isinstance(kind, Json):
        return "json"
    return "bool" if isinstance(kind, Boolean) else "plain"


@cache
def _dialect() -> Dialect:
    return make_url("sqlite://").get_dialect()()
