import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from scan.errors import StoreError
from scan.store import migrations
from scan.store.database import Store
from scan.store.migrations import REVISION
from scan.store.schema import metadata
from scan.store.sqlite import SQLite
from tests.store.old import make_old

pytestmark = pytest.mark.long

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
    parts = (re.split(r",\s|\n", sql) for (sql,) in rows)  # a column that was added is on the line of the one before
    return {" ".join(sorted(filter(None, map(str.strip, of_one)))) for of_one in parts}


def test_the_migrations_make_exactly_the_tables_of_a_new_database(empty: Path, tmp_path: Path) -> None:
    database = SQLite(tmp_path / "migrated.db", "mode=rwc", 1, ())
    with database.writing() as connection:
        migrations.upgrade(connection, "migrated.db")
    database.close()
    assert tables(empty) == tables(tmp_path / "migrated.db")


def test_a_database_of_the_first_revision_is_brought_up_to_date_and_its_matches_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_old(path, "0001")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO source (id, name, consecutive_failures) VALUES (1, 'acme', 0), (2, 'quiet', 0)")
        raw.execute(
            "INSERT INTO item (id, source_id, key, raw_hash, content_hash, revision, episode, first_seen_at, kind, "
            "title, attributes) VALUES (1, 1, 'a', x'', x'', 0, 0, '2026-11-23T08:00:00.000000Z', 'job', 'A', '{}')"
        )
        raw.execute(
            "INSERT INTO match (id, item_id, source_id, search, event, revision, episode, run_id, at, duplicate, "
            "backlog, first_run, reasons) VALUES (1, 1, 1, 's', 'new', 0, 0, 'r', '2026-11-23T08:00:00.000000Z', 0, 0, "
            "0, '[]')"
        )
    with pytest.raises(StoreError, match="schema 0001"):
        Store.open(f"sqlite:///{path}", create=False, read_only=True)
    for _ in range(2):
        store = Store.open(f"sqlite:///{path}", create=False)
        assert store.match_counts(["acme", "quiet"]) == {"acme": 1, "quiet": 0}
        store.close()


def test_alembic_finds_nothing_to_migrate(store: Store) -> None:
    with store.reading() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection.sqlalchemy, opts={"compare_type": True}), metadata)
            == []
        )


def test_the_program_s_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_alembic_is_not_imported_where_the_tables_are_up_to_date(path: Path) -> None:
    opening = [sys.executable, "-c", OPEN, str(path)]
    assert subprocess.run(opening, capture_output=True, text=True, check=True).stdout == "False False\n"


def test_the_records_are_known_without_sqlalchemy() -> None:
    code = "import sys, scan.store.records; print('sqlalchemy' in sys.modules)"
    knowing = [sys.executable, "-c", code]
    assert subprocess.run(knowing, capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = make_url("postgresql://").get_dialect()()
    made = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    made += [str(CreateIndex(i).compile(dialect=dialect)) for table in metadata.sorted_tables for i in table.indexes]
    text = "\n".join(made)
    assert "JSONB" in text
    assert "TIMESTAMP WITH TIME ZONE" in text
    assert "WHERE last_seen_at IS NULL" in text
