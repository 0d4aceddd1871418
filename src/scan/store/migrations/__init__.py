"""Bring a database up to date. Alembic, slow to import, is imported only where the stored revision differs."""

from pathlib import Path

from scan.errors import StoreError
from scan.store.connection import Connection
from scan.store.sql import sa, t
from scan.store.statement import statement

REVISION = "0007"
"""The newest migration: what the tables of `scan.store.schema` are."""


@statement
def _named() -> "sa.Executable":
    name: sa.ColumnClause[str] = sa.column("name")
    return sa.select(name).select_from(sa.table("sqlite_master")).where(name == "alembic_version")


@statement
def _stored() -> "sa.Executable":
    return sa.select(sa.column("version_num")).select_from(sa.table("alembic_version"))


def stored_revision(connection: Connection) -> str | None:
    """Read the revision of a database's tables; None where there are none of ours."""
    if not _has_revision(connection):
        return None
    found: str | None = connection.execute(_stored).scalar_one_or_none()
    return found


def _has_revision(connection: Connection) -> bool:
    if connection.dialect == "sqlite":
        return connection.execute(_named).one_or_none() is not None
    server = connection.sqlalchemy
    return server.dialect.has_table(server, "alembic_version")


def create(connection: Connection) -> None:
    """Make the tables of a new database, the same that the migrations make, without what importing Alembic costs."""
    new = connection.sqlalchemy
    t.metadata.create_all(new)
    key = sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc")
    column = sa.Column("version_num", sa.String(32), nullable=False)
    version = sa.Table("alembic_version", sa.MetaData(), column, key)
    version.create(new)
    new.execute(sa.insert(version), {"version_num": REVISION})


def upgrade(connection: Connection, place: str) -> None:
    """Make, or change, the tables to what this program works with, in the caller's transaction.

    Raises:
        StoreError: they are newer than this program.

    """
    from alembic import command  # half a second, for what a run hardly ever needs
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection.sqlalchemy
    stored = stored_revision(connection)
    try:
        ScriptDirectory.from_config(config).get_revision(stored or REVISION)
    except CommandError as error:
        raise StoreError(_too_new(connection, place, str(stored))) from error
    command.upgrade(config, REVISION)


def _too_new(connection: Connection, place: str, stored: str) -> str:
    newest = sa.select(t.runs.c.version).order_by(sa.desc(t.runs.c.number)).limit(1)
    try:
        version = connection.sqlalchemy.execute(newest).scalar()
    except sa.exc.DBAPIError:  # a later program may have renamed what we look at
        version = None
    writer = f"scan {version}" if version else "a newer scan"
    return f"{place}: was written by {writer} (schema {stored}, this program knows {REVISION}); install that version"
