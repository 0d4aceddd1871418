"""What a check finds where somebody, or a bug, has broken what always holds."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scan.store.database import Store
from tests.store.conftest import opened
from tests.store.samples import LATER, NOW, told

ME = ("me", "me@example.org")


@pytest.fixture(scope="module")
def busy(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with deliveries and messages in each of their states, to copy; none is wrong."""
    path = Path(shutil.copy(empty, tmp_path_factory.mktemp("busy") / "scan.db"))
    with closing(opened(path)) as store:
        fill(store)
    return path


def fill(store: Store) -> None:
    told(store, *"abcdefgh")
    messages = {
        name: store.freeze(*ME, message_id=name, payload=b"x", delivery_ids=[name], now=NOW) for name in "bcdefg"
    }
    assert list(messages.values()) == [1, 2, 3, 4, 5, 6]
    for number in (2, 3, 4, 5):
        store.claim(number, "one", NOW, timedelta(minutes=5))
    for number in (3, 4):
        store.arm(number, "one")
    store.sent(4, "one", NOW)
    store.failed(5, "one", NOW, error="no", permanent=True)
    store.drop(["g", "h"], LATER)
    assert {row.id: row.state for row in store.deliveries(limit=9)} == {
        **dict.fromkeys("bcd", "batched"),
        "a": "pending",
        "e": "sent",
        "f": "dead",
        "g": "dropped",
        "h": "dropped",
    }
    assert store.check().broken == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE delivery SET state = 'lost' WHERE id = 'a'", "delivery a: its state is none that there is"),
        ("UPDATE delivery SET batch_id = 1 WHERE id = 'a'", "delivery a: waits in no message, yet it is in one"),
        ("UPDATE delivery SET state = 'batched' WHERE id = 'a'", "delivery a: is in a message that waits, yet that"),
        ("UPDATE batch SET state = 'sent' WHERE id = 1", "delivery b: is in a message that waits, yet that does not"),
        ("UPDATE batch SET state = 'ready', settled_at = NULL WHERE id = 4", "delivery e: is sent, yet its message"),
        ("UPDATE batch SET state = 'ready', settled_at = NULL WHERE id = 5", "delivery f: is given up, yet its"),
        ("UPDATE batch SET state = 'ready', settled_at = NULL WHERE id = 6", "delivery g: is dropped, yet its"),
        ("UPDATE delivery SET settled_at = NULL WHERE id = 'e'", "delivery e: is settled without a time"),
        ("UPDATE delivery SET recipient = 'you' WHERE id = 'b'", "delivery b: is in another recipient's message"),
        ("UPDATE batch SET state = 'lost' WHERE id = 1", "message 1: its state is none that there is"),
        ("DELETE FROM delivery WHERE id = 'b'", "message 1: waits, yet tells nothing"),
        ("UPDATE batch SET lease_until = NULL WHERE id = 2", "message 2: is being sent, yet by nobody"),
        ("UPDATE batch SET lease_owner = 'one' WHERE id = 1", "message 1: is not being sent, yet by somebody"),
        ("UPDATE batch SET settled_at = NULL WHERE id = 5", "message 5: is settled without a time"),
        ("UPDATE batch SET spared = 3 WHERE id = 2", "message 2: has more attempts spared than made"),
        ("DELETE FROM item_text WHERE item_id > 3", "item 4, 5, 6, …: has no text"),
    ],
)
def test_whatever_is_broken_is_named(busy: Path, tmp_path: Path, change: str, found: str) -> None:
    path = Path(shutil.copy(busy, tmp_path / "scan.db"))
    with closing(sqlite3.connect(path)) as raw, raw:
        assert raw.execute(change).rowcount
    with closing(opened(path)) as store:
        broken = store.check().broken
    assert [line for line in broken if line.startswith(found)], broken
