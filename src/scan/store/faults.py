"""What a database complains of, in words that an operator can act on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import (
    SQLITE_AUTH,
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_IOERR_SHMSIZE,
    SQLITE_LOCKED,
    SQLITE_NOTADB,
    SQLITE_PERM,
    SQLITE_PROTOCOL,
    SQLITE_READONLY,
)
from sqlite3 import Error as SQLiteError
from typing import TYPE_CHECKING

from scan.errors import NotPermitted, ScanError, StoreError, StoreUnreachable

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

_FULL = "the disk is full; free some space, nothing is lost"
_READ_ONLY = "is read-only; make the file and its folder writable"
_LOCKED = "is locked by another program; let that finish, or stop it"
_DAMAGED = "is damaged; restore a backup"
_REFUSED = "may not be used by this user"

_SQLITE_EXTENDED = {
    SQLITE_IOERR_SHMSIZE: _FULL,  # the file beside it that readers and writers share cannot be made
}
"""By extended result code, where it says more than the primary one."""

_SQLITE = {
    SQLITE_FULL: _FULL,
    SQLITE_READONLY: _READ_ONLY,
    SQLITE_BUSY: _LOCKED,
    SQLITE_LOCKED: _LOCKED,
    SQLITE_PROTOCOL: _LOCKED,
    SQLITE_CORRUPT: _DAMAGED,
    SQLITE_NOTADB: _DAMAGED,
    SQLITE_IOERR: "cannot be read or written; look after the disk and its limits",
    SQLITE_CANTOPEN: "cannot be opened; look after its folder",
}
"""By primary result code (https://sqlite.org/rescode.html). What is not here is a bug of ours."""

_POSTGRESQL = {
    "3D000": "does not exist; create it",
    "25006": "is read-only; connect to the primary server",
    "53100": _FULL,
    "55P03": _LOCKED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""By SQLSTATE (PostgreSQL's appendix A)."""


@contextmanager
def mendable(place: str) -> Iterator[None]:
    """Turn what an operator can mend into a `StoreError`; anything else passes through as it is.

    Args:
        place: the database's file, or its address without the password.

    Raises:
        StoreError: full, read-only, locked, damaged, out of reach.
        NotPermitted: it belongs to somebody else.

    """
    try:
        yield
    except SQLiteError as error:
        if found := _sqlite(error, place):
            raise found from error
        raise
    except Exception as error:
        if "sqlalchemy" in sys.modules and (found := _wrapped(error, place)):
            raise found from error
        raise


def _wrapped(error: Exception, place: str) -> ScanError | None:
    """Look into what SQLAlchemy raises; it is not imported for that."""
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return None
    return _sqlite(error.orig, place) or _postgresql(error, place)


def _sqlite(error: BaseException | None, place: str) -> ScanError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # raised by Python's module itself, for text that is no UTF-8: nobody stores such a thing
        return StoreError(f"{place}: {_DAMAGED}") if "decode to UTF-8" in str(error) else None
    primary = code & 0xFF
    if primary in {SQLITE_PERM, SQLITE_AUTH}:
        return NotPermitted(f"{place}: {_REFUSED}")
    if primary not in _SQLITE:
        return None
    return StoreError(
        f"{place}: {_SQLITE_EXTENDED.get(code, _SQLITE[primary])} ({getattr(error, 'sqlite_errorname', primary)})"
    )


def _postgresql(error: "DBAPIError", place: str) -> ScanError | None:
    from sqlalchemy.exc import OperationalError

    if hasattr(error.orig, "sqlite_errorcode"):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return StoreError(f"{place}: {_POSTGRESQL[state]}")
    if state is not None and (state == "42501" or state.startswith("28")):  # privileges, login
        return NotPermitted(f"{place}: {_REFUSED}")
    away = state is None and isinstance(error, OperationalError)
    if away or error.connection_invalidated or (state or "").startswith(("08", "57P", "53300")):
        return StoreUnreachable(f"{place}: the database server cannot be reached, or lets nobody in: {_why(error)}")
    return None


def _why(error: "DBAPIError") -> str:
    """Quote why there is no connection, which the driver gives as words only; no password is among them."""
    return (str(error.orig).strip().splitlines() or ["it does not say why"])[0]
