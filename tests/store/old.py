"""Databases of earlier programs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from scan.store import migrations


def make_old(path: Path, revision: str) -> None:
    """Make the empty database of an earlier program."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
