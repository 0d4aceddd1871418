"""Statements that are written in SQLAlchemy, and prepared for SQLite: as text, with what goes in and what comes out.

Importing SQLAlchemy and compiling its statements takes longer than all that SQLite does in an ordinary run. So what a
run needs is compiled beforehand, by `make prepared`, into `scan.store.prepared`; a test holds that against what is
written here. PostgreSQL, whose network costs more, gets everything the usual way.
"""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from scan.store.parameters import Parameter, Prepared
from scan.store.prepared import PREPARED
from scan.store.sql import sa, t

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


class Statement:
    """A statement that is made at need, and once.

    Attributes:
        name: under which it is prepared.
        written: of an INSERT or UPDATE whose values are not written out, the columns.

    """

    all: ClassVar[dict[str, "Statement"]] = {}
    """Every one of the modules that were imported."""

    def __init__(self, name: str, make: Callable[[str], "sa.Executable"], written: Sequence[str] | None = None) -> None:
        self.name, self.written = name, written
        self._make = make
        if name in Statement.all:
            raise ValueError(f"two statements are called {name}")
        Statement.all[name] = self

    @cached_property
    def prepared(self) -> Prepared:
        """What SQLite gets."""
        if self.name in PREPARED:
            sql, parameters, columns = PREPARED[self.name]
            return Prepared(sql, [Parameter(*parameter) for parameter in parameters], columns)
        from scan.store.preparing import prepare

        return prepare(self.built("sqlite"), self.written)

    @cache  # noqa: B019  # there are as many as are written
    def built(self, dialect: str) -> "sa.Executable":
        """Give what SQLAlchemy executes."""
        return self._make(dialect)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its parameters, in their order."""
        return tuple(parameter.name for parameter in self.prepared.parameters if parameter.name is not None)


def statement(make: Callable[[], "sa.Executable"]) -> Statement:
    """Make a statement of a function that builds it."""
    return Statement(f"{make.__module__.rpartition('.')[2]}.{make.__name__.strip('_')}", lambda _: make())


@cache
def inserting(table: str) -> Statement:
    """Give the INSERT of a row with a value for every column of a table, in its order."""
    return Statement(f"insert {table}", lambda _: sa.insert(getattr(t, table)))


@cache
def inserting_once(table: str, *written: str) -> Statement:
    """Give an INSERT that leaves a row that is there already as it is; its `rowcount` tells whether it did."""

    def make(dialect: str) -> "sa.Executable":
        once = _insert(dialect, getattr(t, table)).on_conflict_do_nothing()
        return once.execution_options(preserve_rowcount=True)

    return Statement(f"insert {table} once: {' '.join(written)}", make, written)


@cache
def upserting(table: str, *, leaving: str | None = None) -> Statement:
    """Give an INSERT that updates the row that is there already, by the column `name` or `channel` that names it.

    Args:
        table: to insert into.
        leaving: a column that keeps its value; it is not among the parameters, nor is `id`.

    """

    def make(dialect: str) -> "sa.Executable":
        into = getattr(t, table)
        insert = _insert(dialect, into)
        name = next(column for column in ("name", "channel") if column in into.c)
        written = [column.name for column in into.c if column.name not in {"id", leaving}]
        replaced = {column: insert.excluded[column] for column in written if column != name}
        values: dict[str, object] = {column: sa.bindparam(column) for column in written}
        return insert.values(values).on_conflict_do_update(index_elements=[name], set_=replaced)

    return Statement(f"upsert {table}", make)


@cache
def updating_items(*columns: str) -> Statement:
    """Give the UPDATE of columns of an item, which the parameter `row` names."""
    update = lambda _: sa.update(t.items).where(t.items.c.id == sa.bindparam("row"))  # noqa: E731
    return Statement(f"update items: {' '.join(columns)}", update, (*columns, "row"))


@cache
def highest(table: str) -> Statement:
    """Give the SELECT of a table's highest `id`; null where it has no row."""
    return Statement(f"highest {table}", lambda _: sa.select(sa.func.max(getattr(t, table).c.id)))


def any_of(name: str) -> "sa.BindParameter[Any]":
    """Make the parameter of a statement's `IN`: a list that is not empty."""
    return sa.bindparam(name, expanding=True)


def _insert(dialect: str, table: "sa.Table") -> "Insert":
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # 30 ms that only its users pay

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
