"""`scan db`: upgrade, prune, backup and check, beside a run and on a bad day."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from scan.store.migrations import REVISION
from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import PATIENCE, Ran, Scan
from tests.store.old import make_old
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


@pytest.fixture
def ready(scan: Scan, web: Web) -> Scan:
    """A profile that has run once."""
    scan.configure(config(web.serve("/jobs", answer(job(1, "Cook"), job(2, "Engineer"))), SEARCH))
    scan.run()
    return scan


@contextmanager
def running(scan: Scan, web: Web) -> Iterator[None]:
    """Have a run in progress, which waits for its source."""
    reached = threading.Event()
    go_on = threading.Event()

    def wait(_: object) -> Answer:
        reached.set()
        assert go_on.wait(PATIENCE)
        return answer(job(1, "Cook"), job(3, "Engineer"))

    web.serve("/jobs", wait)
    scan.configure(scan.config.read_text().replace("timeout: 5s", "timeout: 60s"))
    process = scan.start("run", "--all")
    try:
        assert reached.wait(PATIENCE)
        yield
    finally:
        go_on.set()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def refused(ran: Ran, status: int, *said: str) -> None:
    assert (ran.status, ran.out) == (status, "")
    assert len(ran.err.splitlines()) == 1
    for words in said:
        assert words in ran.err


def tamper(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute(statement)


def test_before_the_first_run_there_is_nothing_to_look_after(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    for arguments in (["upgrade"], ["prune"], ["check"], ["backup", "copy.db"]):
        refused(scan("db", *arguments), 74, "there is no database yet; the first run makes it")
    assert not (scan.folder / "copy.db").exists()
    assert not scan.database.exists()


# --- upgrade


def test_an_old_database_is_upgraded_once(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.state.mkdir(parents=True)
    make_old(scan.database, "0001")
    refused(scan("items"), 74, "schema 0001")
    first, second = scan("db", "upgrade"), scan("db", "upgrade")
    assert (first.status, first.out) == (0, f"upgraded from schema 0001 to {REVISION}\n")
    assert (second.status, second.out) == (0, f"schema {REVISION}: up to date\n")
    assert scan.run()["items"]["new"] == 1


def test_a_newer_database_is_left_alone(ready: Scan) -> None:
    tamper(ready.database, "UPDATE alembic_version SET version_num = '9999'")
    refused(ready("db", "upgrade"), 74, "schema 9999", "install that version")


# --- prune


def test_what_is_over_is_deleted_and_then_nothing_is_left_to_delete(ready: Scan) -> None:
    tamper(ready.database, "UPDATE run SET started_at = '2020-01-01T00:00:00.000000Z'")
    first, second = ready("db", "prune"), ready("db", "prune")
    assert (first.status, first.out) == (0, "deleted 1 run\n")
    assert (second.status, second.out) == (0, "nothing is over for long enough to be deleted\n")
    assert ready("runs", "--json").json["runs"] == []


def test_nothing_is_changed_while_a_run_is_in_progress(ready: Scan, web: Web) -> None:
    with running(ready, web):
        for command in ("prune", "upgrade"):
            refused(ready("db", command), 75, "another run is in progress (PID ", "nothing was changed")
        assert ready("db", "check").status == 0
        assert ready("db", "backup", "copy.db").status == 0
    assert ready("db", "prune").status == 0
    assert ready("items", "--json", "--text", "Engineer").json["items"][0]["key"] == "3"


# --- backup


def test_a_backup_is_a_database_that_works_in_its_place(ready: Scan) -> None:
    copy = ready.folder / "copy.db"
    ran = ready("db", "backup", "copy.db")
    assert (ran.status, ran.out, ran.err) == (0, "copy.db: written\n", "")
    assert copy.stat().st_mode & 0o777 == 0o600
    items = ready("items", "--json").json
    for name in ("profile.db", "profile.db-wal", "profile.db-shm"):
        (ready.state / name).unlink(missing_ok=True)
    shutil.copy(copy, ready.database)
    assert ready("db", "check").status == 0
    assert ready("items", "--json").json == items
    assert ready.run()["items"]["new"] == 0


def test_a_backup_refuses_what_is_there_and_where_nothing_can_be(ready: Scan) -> None:
    (ready.folder / "copy.db").write_text("precious")
    refused(ready("db", "backup", "copy.db"), 74, "copy.db: exists already; name a new file")
    assert (ready.folder / "copy.db").read_text() == "precious"
    refused(ready("db", "backup", "/proc/copy.db"), 74, "/proc/copy.db: ")
    refused(ready("db", "backup", "nowhere/copy.db"), 74, "no such file or directory")
    assert ready("db", "backup").status == 2
    assert sorted(path.name for path in ready.folder.iterdir()) == ["copy.db", "profile.yaml", "state"]


# --- check


def test_a_sound_database_is_ok(ready: Scan) -> None:
    for _ in range(2):
        ran = ready("db", "check")
        assert (ran.status, ran.out, ran.err) == (0, f"{ready.database}: ok\n", "")


def test_what_is_wrong_is_named_with_what_to_do(ready: Scan) -> None:
    tamper(ready.database, "DELETE FROM item_text")
    ran = ready("db", "check")
    assert (ran.status, ran.out) == (74, "item 1, 2: has no text\n")
    assert "contradicts itself; scan deliveries" in ran.err
    tamper(ready.database, "DELETE FROM item")
    ran = ready("db", "check")
    assert ran.status == 74
    assert "points to nothing in item" in ran.out
    assert (
        f"is damaged; put a backup in its place, or save what can be read: sqlite3 {ready.database} .recover" in ran.err
    )


def test_a_damaged_file_is_found(ready: Scan) -> None:
    ready("db", "check")
    with ready.database.open("r+b") as file:
        file.seek(8192 * 3)
        file.write(b"\xff" * 8192 * 4)
    ran = ready("db", "check")
    assert ran.status == 74
    assert "damaged" in ran.err
    assert "Traceback" not in ran.err
