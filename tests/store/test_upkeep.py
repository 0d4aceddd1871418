import errno
import os
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from scan.errors import StoreError
from scan.model import FieldChange
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, LeftItem
from scan.store.upkeep import Findings
from tests.store.samples import LATER, NOW, RUN, a_match, an_item, begun, delivery, new, result, source_run, state, told
from tests.store.statements import before_each

DAY = timedelta(days=1)
KEEP = {"runs": 30 * DAY, "gone_items": 365 * DAY, "deliveries": 365 * DAY}
NOTHING = {"runs": 0, "deliveries": 0, "messages": 0, "alerts": 0, "changes": 0, "items": 0, "hosts": 0, "robots": 0}


def send(store: Store, *names: str, permanent: bool = False) -> None:
    batch = store.freeze("me", "me@example.org", message_id=names[0], payload=b"x", delivery_ids=names, now=NOW)
    assert batch is not None
    store.claim(batch, "one", NOW, DAY)
    store.arm(batch, "one")
    if permanent:
        store.failed(batch, "one", NOW, error="no", permanent=True)
    else:
        store.sent(batch, "one", NOW)


def test_nothing_is_deleted_before_its_time(store: Store) -> None:
    told(store, "a", "b")
    send(store, "a")
    assert store.prune(NOW + 30 * DAY, **KEEP) == NOTHING


def test_old_runs_go_with_their_sources_but_not_one_that_runs(store: Store) -> None:
    old, young = begun(store, 1), begun(store, 2, NOW + 2 * DAY)
    store.absorb(young, NOW, Absorbed(state=state(), run=source_run()))
    assert store.prune(NOW + 31 * DAY, **KEEP) == {**NOTHING, "runs": 1}
    assert store.runs_named(old) == []
    assert store.prune(NOW + 99 * DAY, **KEEP) == NOTHING
    begun(store, 3, NOW + 99 * DAY)
    assert store.prune(NOW + 99 * DAY, **KEEP) == {**NOTHING, "runs": 1}
    assert store.source_runs(young) == []
    assert store.source_states(["acme"]) == {"acme": state()}


def test_settled_deliveries_go_with_their_messages_and_the_match_stays_so_that_nobody_is_told_again(
    store: Store,
) -> None:
    told(store, "a", "b", "c", "d")
    send(store, "a", "b")
    send(store, "c", permanent=True)
    begun(store, 9, NOW + 366 * DAY)
    assert store.prune(NOW + 366 * DAY, **KEEP) == {**NOTHING, "runs": 1, "deliveries": 3, "messages": 2}
    assert [row.id for row in store.deliveries(limit=9)] == ["d"]
    assert len(store.matches(limit=9)) == 4


def test_items_gone_or_out_of_the_window_for_long_go_whole(store: Store) -> None:
    keys = ("gone", "left", "listed")
    store.absorb(begun(store), NOW, result(new=tuple(new(an_item(key), a_match()) for key in keys)))
    ids = {key: known.id for key, known in store.known("acme", []).items()}
    left = tuple(LeftItem(id=ids[key], gone=key == "gone") for key in ("gone", "left"))
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=left))
    assert store.prune(NOW + 366 * DAY, **KEEP)["items"] == 2
    assert [item.item.key for item in store.items(limit=9)] == ["listed"]
    assert len(store.matches(limit=9)) == 1
    assert store.check() == Findings()


def test_an_item_that_somebody_is_still_to_be_told_of_stays(store: Store) -> None:
    told(store, "a")
    row = store.known("acme", [])["job-a"].id
    store.absorb(begun(store, 2), LATER, result(at=LATER, left=(LeftItem(id=row, gone=True),)))
    assert store.prune(NOW + 999 * DAY, **KEEP)["items"] == 0
    send(store, "a")
    assert store.prune(NOW + 999 * DAY, **KEEP)["items"] == 1


def test_the_history_of_an_item_is_cut(store: Store) -> None:
    store.absorb(begun(store), NOW, result(new=(new(an_item()),)))
    row = store.known("acme", [])["job-1"].id
    changes = (FieldChange("title", "a", "b"), FieldChange("url", None, "c"))
    changed = ChangedItem(id=row, item=an_item(), raw_hash=b"x", changes=changes)
    store.absorb(begun(store, 2), LATER, result(at=LATER, changed=(changed,)))
    assert store.prune(LATER + 366 * DAY, **KEEP)["changes"] == 2
    assert store.changes_of(row) == []


@pytest.mark.long
def test_a_database_does_not_grow_while_as_much_goes_as_comes(store: Store) -> None:
    sizes = []
    keep = {"runs": 5 * DAY, "gone_items": 5 * DAY, "deliveries": 5 * DAY}
    rows: list[int] = []
    for day in range(20):
        now = NOW + day * DAY
        run = begun(store, day + 1, now)
        news = tuple(new(an_item(f"{day}-{n}", text="x" * 1000), a_match(delivery(f"{day}-{n}"))) for n in range(10))
        left = tuple(LeftItem(id=row, gone=True) for row in rows)
        store.absorb(run, now, result(at=now, new=news, left=left))
        store.end_run(run, status="success", finished_at=now, duration_seconds=1, error=None, result={})
        send(store, *(f"{day}-{n}" for n in range(10)))
        rows = [known.id for known in store.known("acme", []).values() if known.listed]
        store.prune(now, **{**keep, "deliveries": -DAY})
        sizes.append(store.size())
    assert sizes[-1] <= 1.05 * sizes[9]


@pytest.mark.usefixtures("path")
def test_a_backup_is_a_whole_database_for_its_owner_alone(store: Store, tmp_path: Path) -> None:
    told(store, "a")
    file = tmp_path / "backup.db"
    store.backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    copy = Store.open(f"sqlite:///{file}", create=False)
    assert [row.id for row in copy.deliveries(limit=9)] == ["a"]
    assert copy.check() == Findings()
    copy.close()


def test_backups_are_whole_while_another_writes(store: Store, path: Path, tmp_path: Path) -> None:
    told(store, "a")
    done = threading.Event()
    written: list[str] = []

    def write() -> None:
        writer = Store.open(f"sqlite:///{path}", create=False)
        for number in range(1000):
            if done.is_set():
                break
            news = tuple(
                new(an_item(f"{number}-{n}", text="x" * 2000), a_match(delivery(f"{number}-{n}"))) for n in range(9)
            )
            writer.absorb(RUN, NOW, result(f"source-{number}", new=news))
            written.append(str(number))
        writer.close()

    reading = Store.open(f"sqlite:///{path}", create=False, read_only=True)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            reading.backup(tmp_path / f"copy-{number}.db")
    finally:
        done.set()
        thread.join()
    reading.close()
    assert written
    for number in range(3):
        copy = Store.open(f"sqlite:///{tmp_path}/copy-{number}.db", create=False)
        assert copy.check() == Findings()
        assert len(copy.deliveries(limit=99_999)) % 9 == 1
        copy.close()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_a_backup_replaces_nothing(store: Store, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "backup.db"
    if kind == "file":
        file.write_text("precious")
    elif kind == "link":
        file.symlink_to(tmp_path / "nothing")
    else:
        file.mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreError, match="exists already"):
        store.backup(file)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.usefixtures("path")
def test_a_backup_that_comes_into_being_meanwhile_is_not_replaced_either(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"

    def write(statement: str, _: object) -> None:
        file.write_text(statement[:6])

    with (
        before_each(store, write),
        pytest.raises(StoreError, match="exists already"),
    ):
        store.backup(file)
    assert file.read_text() == "VACUUM"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.usefixtures("path")
def test_a_backup_that_cannot_be_made_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no such file or directory; name a file in a folder that .* may write to"):
        store.backup(tmp_path / "nowhere" / "backup.db")

    def fill_the_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with before_each(store, fill_the_disk), pytest.raises(StoreError, match="no space left"):
        store.backup(tmp_path / "backup.db")
    assert not [path for path in tmp_path.iterdir() if "backup" in path.name]


def test_a_check_finds_what_points_to_nothing(store: Store, path: Path) -> None:
    told(store, "a")
    assert store.check() == Findings()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM item")
    raw.close()
    assert any("points to nothing in item" in line for line in store.check().damage)
