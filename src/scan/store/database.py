"""The `Store`: opening the database, and everything that is asked of it."""

from typing import TYPE_CHECKING, Self

from scan.errors import StoreError
from scan.store import migrations, sqlite
from scan.store.absorb import Absorbing
from scan.store.alerts import Alerts
from scan.store.details import ItemDetails
from scan.store.faults import mendable
from scan.store.history import History
from scan.store.hosts import Hosts
from scan.store.intervention import Intervention
from scan.store.items import Items
from scan.store.matches import Matches
from scan.store.migrations import REVISION, stored_revision, upgrade
from scan.store.outbox import Outbox
from scan.store.runs import Runs
from scan.store.sources import Sources
from scan.store.transactions import Database, Transactions
from scan.store.upkeep import Upkeep
from scan.store.views import Views
from scan.store.waiting import Waiting

if TYPE_CHECKING:
    from sqlalchemy import URL


class Store(
    Runs,
    Sources,
    Hosts,
    Items,
    ItemDetails,
    Absorbing,
    Matches,
    Alerts,
    History,
    Waiting,
    Outbox,
    Intervention,
    Upkeep,
    Views,
):
    """All that `scan` remembers. Every method may raise `StoreError` or `NotPermitted`, and nothing else on purpose."""

    @classmethod
    def open(cls, url: str, *, create: bool, read_only: bool = False) -> Self:
        """Open a database, its tables brought up to date.

        Args:
            url: an SQLAlchemy URL, such as `sqlite:////var/lib/scan/scan.db`.
            create: make it where there is none. An empty or foreign file is refused all the same.
            read_only: change nothing, not even old tables.

        Raises:
            StoreError: there is none, or it cannot be used (damaged, newer, locked, read-only, full disk).
            StoreUnreachable: the database server does not answer.
            NotPermitted: it belongs to somebody else.

        """
        place = _place(url)
        with mendable(place):
            store = cls(_database(url, create=create, read_only=read_only), place)
            try:
                _bring_up_to_date(store, create=create, read_only=read_only)
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def upgrade(cls, url: str) -> tuple[str, str]:
        """Bring a database's tables up to date; returns of which schema they were, and of which they are.

        Raises:
            StoreError: there is none, or it cannot be used.

        """
        before = cls._revision(url)
        cls.open(url, create=False).close()
        return before, REVISION

    @classmethod
    def _revision(cls, url: str) -> str:
        place = _place(url)
        with mendable(place):
            store = cls(_database(url, create=False, read_only=True), place)
            try:
                with store.reading() as connection:
                    return stored_revision(connection) or "none"
            finally:
                store.close()


def _place(url: str) -> str:
    if address := sqlite.Address.parse(url):
        return address.file
    return _parse(url).render_as_string(hide_password=True)


def _parse(url: str) -> "URL":
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except ArgumentError:  # its message repeats the address, password and all
        raise StoreError(
            "the database's address cannot be read; it looks like sqlite:////var/lib/scan/scan.db"
        ) from None
    if address.get_backend_name() != "postgresql":
        place = address.render_as_string(hide_password=True)
        raise StoreError(f"{place}: not a database scan works with; use sqlite or postgresql")
    return address


def _database(url: str, *, create: bool, read_only: bool) -> Database:
    if address := sqlite.Address.parse(url):
        return sqlite.open_database(address, create=create, read_only=read_only, fill=migrations.create)
    from scan.store import postgresql  # what only its users need

    return postgresql.open_database(_parse(url))


def _bring_up_to_date(store: Transactions, *, create: bool, read_only: bool) -> None:
    place = store.place
    with store.reading() as connection:
        stored = stored_revision(connection)
    if stored == REVISION:
        return
    if stored is None and (store.database.dialect == "sqlite" or not create):
        raise StoreError(f"{place}: holds no tables of scan; name another database, or restore a backup")
    if read_only:
        raise StoreError(f"{place}: its tables are of schema {stored}, this program reads {REVISION}; run scan once")
    with store.writing() as connection:
        upgrade(connection, place)
