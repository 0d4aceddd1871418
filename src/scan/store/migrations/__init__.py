"""Bring a database up to date. Alembic, slow to import, is imported only where the stored revision differs."""

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    column,
    desc,
    insert,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError

from scan.errors import StoreError
from scan.store.schema import REVISION, metadata, runs


def stored_revision(connection: Connection) -> str | None:
    """Read the revision of a database's tables; None where there are none of ours."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar()


def create(connection: Connection) -> None:
    """Make the tables of a new database, the same that the migrations make, without what importing Alembic costs."""
    metadata.create_all(connection)
    key = PrimaryKeyConstraint("version_num", name="alembic_version_pkc")
    version = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False), key)
    version.create(connection)
    connection.execute(insert(version), {"version_num": REVISION})


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
    config.attributes["connection"] = connection
    stored = stored_revision(connection)
    try:
        ScriptDirectory.from_config(config).get_revision(stored or REVISION)
    except CommandError as error:
        raise StoreError(_too_new(connection, place, str(stored))) from error
    command.upgrade(config, REVISION)


def _too_new(connection: Connection, place: str, stored: str) -> str:
    try:
        version = connection.execute(select(runs.c.version).order_by(desc(runs.c.number)).limit(1)).scalar()
    except DBAPIError:  # a later program may have renamed what we look at
        version = None
    writer = f"scan {version}" if version else "a newer scan"
    return f"{place}: was written by {writer} (schema {stored}, this program knows {REVISION}); install that version"
