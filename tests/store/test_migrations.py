import sqlite3
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from scan.store import migrations
from scan.store.database import Store
from scan.store.schema import REVISION, metadata

OPEN = """
import sys
from scan.store.database import Store
Store.open("sqlite:///" + sys.argv[1], create=False).close()
print(any(name.startswith("alembic") for name in sys.modules), any(name == "sqlalchemy.orm" for name in sys.modules))
"""


def tables(path: Path) -> set[str]:
    """Read the statements that made a database, spaces and the order of constraints aside."""
    raw = sqlite3.connect(path)
    rows = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'").fetchall()
    raw.close()
    return {" ".join(sorted(line.strip(" ,\t") for line in sql.splitlines())) for (sql,) in rows}


def test_the_migrations_make_exactly_the_tables_of_a_new_database(empty: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/migrated.db")
    with engine.begin() as connection:
        migrations.upgrade(connection, "migrated.db")
    engine.dispose()
    assert tables(empty) == tables(tmp_path / "migrated.db")


def test_alembic_finds_nothing_to_migrate(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_the_program_s_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_alembic_is_not_imported_where_the_tables_are_up_to_date(path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False False\n"


def test_the_records_are_known_without_sqlalchemy() -> None:
    code = "import sys, scan.store.records; print('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = make_url("postgresql://").get_dialect()()
    made = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    made += [str(CreateIndex(i).compile(dialect=dialect)) for table in metadata.sorted_tables for i in table.indexes]
    text = "\n".join(made)
    assert "JSONB" in text
    assert "TIMESTAMP WITH TIME ZONE" in text
    assert "WHERE last_seen_at IS NULL" in text
