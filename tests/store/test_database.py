"""Opening a database: what is made, what is refused, and in which words."""

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scan.errors import ScanError, StoreError
from scan.store.database import Store
from scan.store.sqlite import SQLite
from tests.store.samples import NOW, an_item, begun, new, result, start
from tests.store.statements import before_each


def refused(path: Path, *, create: bool = True, read_only: bool = False) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(f"sqlite:///{path}", create=create, read_only=read_only)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def names(folder: Path) -> list[str]:
    return [place.name for place in folder.iterdir()]


def test_a_new_database_is_made_with_its_folders_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "scan.db"
    umask = os.umask(0o022)
    try:
        store = Store.open(f"sqlite:///{path}", create=True)
    finally:
        os.umask(umask)
    begun(store)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)] == [
        0o640,
        0o700,
        0o700,
    ]
    store.close()
    assert names(path.parent) == ["scan.db"]


def test_a_database_keeps_what_it_was_given(path: Path) -> None:
    for number in (1, 2):
        store = Store.open(f"sqlite:///{path}", create=True)
        begun(store, number)
        store.close()
    store = Store.open(f"sqlite:///{path}", create=False, read_only=True)
    assert len(store.runs(9)) == 2
    store.close()


def test_the_settings_that_durability_rests_on_hold_on_every_connection(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}", create=False)
    assert isinstance(store.database, SQLite)
    with store.database.outside() as one, store.database.outside() as two:
        assert one is not two
        for driver in (one, two):
            settings = {
                name: driver.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "page_size", "cache_size")
            }
            assert settings == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "page_size": 8192,
                "cache_size": -4096,
            }
    store.close()


def test_a_database_that_is_not_there_is_only_made_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert "the first run makes it" in refused(path, create=False)
    assert "the first run makes it" in refused(path, read_only=True)
    assert not path.exists()


def test_an_empty_file_is_never_a_fresh_start(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert "restore a backup" in refused(path)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("content", [b"garbage", b"\0" * 5000, b"SQLite format 3\0" + b"x" * 5000])
def test_garbage_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(content)
    assert "damaged" in refused(path)
    assert path.read_bytes() == content


def test_a_database_cut_off_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10_000])
    assert "damaged" in refused(path)


def test_damage_found_while_reading_is_the_operator_s_to_mend(store: Store, path: Path) -> None:
    store.absorb(begun(store), NOW, result(new=tuple(new(an_item(f"{n}")) for n in range(200))))
    store.close()
    content = bytearray(path.read_bytes())
    content[8192 * 2 :] = b"\xff" * (len(content) - 8192 * 2)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(f"sqlite:///{path}", create=False).items(limit=300)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE item SET first_seen_at = 'never'",
        "UPDATE item SET attributes = '{'",
        "UPDATE item SET title = CAST(x'fffe41' AS TEXT)",
    ],
)
def test_flipped_bytes_in_a_value_are_damage_not_a_bug(store: Store, path: Path, damage: str) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item()),)))
    with sqlite3.connect(path) as raw:
        raw.execute(damage)
    raw.close()
    with pytest.raises(StoreError, match="damaged"):
        store.items(limit=9)


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE bookmarks (id)")
    raw.close()
    assert "no tables of scan" in refused(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_database_is_refused_with_the_version_it_needs(path: Path, *, read_only: bool) -> None:
    store = Store.open(f"sqlite:///{path}", create=False)
    store.begin_run(start())
    store.close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0999'")
    raw.close()
    message = refused(path, read_only=read_only)
    assert "0999" in message
    assert read_only or "written by scan 1.2.3" in message


def test_links_and_pipes_are_refused_and_their_targets_untouched(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    link, dangling, pipe = (tmp_path / name for name in ("link.db", "dangling.db", "pipe.db"))
    link.symlink_to(path)
    dangling.symlink_to(tmp_path / "victim")
    os.mkfifo(pipe)
    assert "symbolic link" in refused(link)
    assert "symbolic link" in refused(dangling)
    assert "not a plain file" in refused(pipe)
    assert "not a plain file" in refused(tmp_path)
    os.link(path, tmp_path / "second.db")
    assert "2 names" in refused(path)
    assert path.read_bytes() == before
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true", "mysql://x/y", "nonsense"]
)
def test_an_address_that_is_no_lasting_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError):
        Store.open(url, create=True)


def test_a_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql+psycopg2://scan:hunter2@localhost/scan", create=True)
    assert "hunter2" not in str(caught.value)


def test_a_locked_database_is_waited_for_and_then_said_to_be_locked(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}?timeout=0.05", create=False)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        begun(store)
    assert store.runs(9) == []
    other.execute("ROLLBACK")
    other.close()
    begun(store)
    store.close()


def test_a_half_made_database_of_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "scan.db.new").write_bytes(b"half")
    Store.open(f"sqlite:///{tmp_path}/scan.db", create=True).close()
    assert names(tmp_path) == ["scan.db"]


def test_making_a_database_fails_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scan.store.migrations.create", killed)
    with pytest.raises(KeyboardInterrupt):
        Store.open(f"sqlite:///{tmp_path}/scan.db", create=True)
    assert names(tmp_path) == []


def test_a_bug_of_ours_is_not_called_the_operator_s(store: Store) -> None:
    with pytest.raises(Exception, match="nowhere"), store.reading() as connection:
        connection.sqlalchemy.exec_driver_sql("SELECT * FROM nowhere")


def test_parameters_stay_out_of_errors(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item(text="confidential")),)))
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        store.absorb(begun(store, 2), NOW, result(new=(new(an_item(text="confidential")),)))
    assert "confidential" not in str(caught.value)


@pytest.mark.usefixtures("path")
def test_what_is_given_to_the_database_can_be_watched(store: Store) -> None:
    seen: list[str] = []
    with before_each(store, lambda statement, _: seen.append(statement)):
        begun(store)
        store.runs(1)
    first = [statement.split()[0] for statement in seen]
    assert first == ["BEGIN", "UPDATE", "INSERT", "COMMIT", "BEGIN", "SELECT", "ROLLBACK"]


@pytest.fixture
def nobody_s(empty: Path) -> Iterator[Path]:
    """Make a folder that an unprivileged user can reach, with a database."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copy(empty, folder / "scan.db")
        yield folder


def as_nobody(path: Path, *, create: bool = False, read_only: bool = False) -> str:
    """Open a database as an unprivileged user, in a fork: that user may not be able to read this Python's library."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, attempt(path, create=create, read_only=read_only).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def attempt(path: Path, *, create: bool, read_only: bool) -> str:
    try:
        store = Store.open(f"sqlite:///{path}", create=create, read_only=read_only)
        return f"opened, {len(store.items(limit=9))} items"
    except ScanError as error:
        return f"{type(error).__name__} {error}"


def test_somebody_else_s_database_is_not_permitted_and_still_readable(nobody_s: Path) -> None:
    path = nobody_s / "scan.db"
    assert as_nobody(path, read_only=True).startswith(f"NotPermitted {path}: permission denied")
    path.chmod(0o644)
    assert as_nobody(path).startswith(f"NotPermitted {path}: belongs to another user")
    assert as_nobody(path, read_only=True) == "opened, 0 items"
    assert as_nobody(nobody_s / "new.db", create=True).startswith("NotPermitted")


def test_one_s_own_read_only_file_or_folder_is_said_to_be_so_and_still_readable(nobody_s: Path) -> None:
    path = nobody_s / "scan.db"
    for place in (nobody_s, path):
        os.chown(place, 65534, 65534)
    path.chmod(0o440)
    assert as_nobody(path).startswith(f"StoreError {path}: is read-only")
    path.chmod(0o640)
    nobody_s.chmod(0o550)
    assert as_nobody(path).startswith(f"StoreError {nobody_s}: is read-only")
    assert as_nobody(path, read_only=True) == "opened, 0 items"
    assert as_nobody(nobody_s / "new.db", create=True).startswith("StoreError")
