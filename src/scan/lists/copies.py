"""The copies of lists that are kept in the state folder, so that a list which cannot be had costs nothing."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from scan.atomic import contents, replace
from scan.errors import FetchError, ListError, NotPermitted, StoreError
from scan.fetch.files import read_file
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.lists.table import Table
from scan.page import Request

_LARGEST = 20_000_000
_LONGEST_NAME = 200


class Copies:
    """The copies of one profile's lists, each read from disk once.

    A list that lies on this machine is read where it lies, so that what its user has just written counts at once.

    Args:
        folder: where they are kept; it need not exist.
        as_synced: take even such a list as it was when it was last synced.

    """

    def __init__(self, folder: Path, *, as_synced: bool = False) -> None:
        self.as_synced = as_synced
        self._folder = folder
        self._known: dict[str, Copy] = {}
        self._on_disk: dict[str, Table | None] = {}

    def get(self, name: str, origin: Origin) -> Copy:
        """Give what there is of a list; a copy without a table if there is none.

        Raises:
            NotPermitted: the copy belongs to somebody else.

        """
        known = self._known.get(name)
        if known is None or known.origin != origin.fingerprint():
            kept = self._kept(name, origin)
            known = self._known[name] = kept if self.as_synced or not origin.is_file else _present(kept, origin)
        return known

    def put(self, name: str, copy: Copy) -> None:
        """Take a list's new copy for the one that counts from now on."""
        self._known[name] = copy

    def keep(self, copies: Mapping[str, Copy]) -> None:
        """Write copies to disk: a table only if it is another one, for every run keeps every list.

        Raises:
            StoreError: the disk is full or read-only.

        """
        try:
            self._folder.mkdir(mode=0o750, exist_ok=True)
            for name, copy in copies.items():
                if copy.table != self._on_disk.get(name):
                    table = Copy(origin=copy.origin, table=copy.table, validators=copy.validators)
                    replace(self._path(name, "table"), msgspec.json.encode(table))
                    self._on_disk[name] = copy.table
                replace(self._path(name, "sync"), msgspec.json.encode(msgspec.structs.replace(copy, table=None)))
        except OSError as error:
            raise StoreError(f"{self._folder}: {error.strerror or error}") from error

    def _kept(self, name: str, origin: Origin) -> Copy:
        """Read a copy: its table, and how it was when it was last synced."""
        kept, sync = self._read(name, "table"), self._read(name, "sync")
        if kept is None or kept.origin != origin.fingerprint():
            kept = Copy(origin=origin.fingerprint())
        self._on_disk[name] = kept.table
        if sync is None or sync.origin != kept.origin:
            return kept
        return msgspec.structs.replace(sync, table=kept.table, validators=kept.validators)

    def _read(self, name: str, part: str) -> Copy | None:
        path = self._path(name, part)
        try:
            return msgspec.json.decode(contents(path), type=Copy)
        except PermissionError as error:
            raise NotPermitted(f"{path}: not readable; join the group that owns it, or use sudo") from error
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def _path(self, name: str, part: str) -> Path:
        return self._folder / f"{quote(name, safe='')[:_LONGEST_NAME]}.{part}.json"


def _present(kept: Copy, origin: Origin) -> Copy:
    """Read a list where it lies; if that fails, the copy counts, and says why."""
    try:
        return msgspec.structs.replace(kept, table=_read(origin), error=None, failing_since=None)
    except ListError as error:
        return msgspec.structs.replace(kept, error=str(error))


def _read(origin: Origin) -> Table:
    from scan.lists.pages import of_page  # start-up: few configs have lists

    try:
        return of_page(read_file(Request(url=origin.url or ""), max_body=_LARGEST))
    except FetchError as error:
        raise ListError(error.reason) from error
