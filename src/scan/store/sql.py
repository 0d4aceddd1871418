"""SQLAlchemy, and the tables, imported at the first use: most runs need neither, as their statements are prepared.

from scan.store.sql import sa, t

sa.select(t.items.c.key)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

    from scan.store import schema as t
else:

    class _Module:
        """A module that is imported once something of it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            found = getattr(import_module(self._name), name)
            setattr(self, name, found)
            return found

    sa, t = _Module("sqlalchemy"), _Module("scan.store.schema")

__all__ = ["sa", "t"]
